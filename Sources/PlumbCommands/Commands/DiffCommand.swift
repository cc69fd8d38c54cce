package import ArgumentParser
internal import Git
internal import Manifests
internal import Planning
internal import Rendering
internal import Settings

package struct DiffCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "diff", _superCommandName: PlumbCommand.name,
        abstract: "Print what two commits' renderings differ in; needs no target.",
        discussion: """
            Renders the environments of both commits and compares them object by object. All environments are compared \
            when none is named. Values of Secrets are withheld: that they differ is shown, not what they are.

            Exit codes: 0 done, 1 an error, with --detailed-exitcode 2 when there are differences.
            """)

    @Argument(help: ArgumentHelp("The older branch, tag or commit.", valueName: "revision"))
    var before: String

    @Argument(help: ArgumentHelp("The newer one.", valueName: "revision"))
    var after: String

    @Argument(help: ArgumentHelp("Environments: names out of plumb.yaml, or folders.", valueName: "environment"))
    var environments: [String] = []

    @Flag(name: .long, help: "Exit with 2 when there are differences.")
    var detailedExitcode = false

    @OptionGroup var form: PresentationArguments
    @OptionGroup var rendering: RenderingArguments
    @OptionGroup var options: GlobalOptions

    package init() {}

    package func validate() throws {
        if options.ref != nil { throw ValidationError("--ref names one commit; diff takes two as arguments") }
    }

    package func run() async throws {
        let context = ProcessContext(options, rendering)
        try await Failure.reported(context.console) {
            let location = try GitLocation(parsing: options.repo ?? ".", relativeTo: context.workingDirectory)
            let old = try await SourceSession.open(location, ref: before, config: options.config, context: context)
            let new = try await SourceSession.open(location, ref: after, config: options.config, context: context)
            var comparisons: [RevisionComparison] = []
            for pair in try EnvironmentPair.pairs(environments, old: old, new: new) {
                comparisons.append(try await pair.comparison(old: old, new: new))
            }
            let names = (old.revisionName, new.revisionName)
            let presentation = Presentation(before: names.0, after: names.1, environments: comparisons)
            form.print(presentation, json: Self.json(comparisons, names), options: options, on: context.console)
            if detailedExitcode, comparisons.contains(where: { !$0.changes.isEmpty }) { throw ExitCode(ExitStatus.changes) }
        }
    }

    private static func json(_ comparisons: [RevisionComparison], _ names: (RevisionName, RevisionName)) -> [UInt8] {
        JSONWriter.pretty([
            "formatVersion": "1.0",
            "before": ["ref": .string(names.0.ref), "commit": .string(names.0.commit)],
            "after": ["ref": .string(names.1.ref), "commit": .string(names.1.commit)],
            "environments": .array(comparisons.map(\.encoded)),
        ])
    }
}

extension SourceSession {
    fileprivate var revisionName: RevisionName {
        RevisionName(ref: ref, commit: commit.id, subject: "by \(commit.authorName), \(commit.committedAtText)")
    }
}

/// An environment as two commits have it; one of them may not have it at all.
private struct EnvironmentPair {
    let name: String
    let old: EnvironmentConfiguration?
    let new: EnvironmentConfiguration?

    /// The environments that were asked for, else all that either commit has.
    static func pairs(_ names: [String], old: SourceSession, new: SourceSession) throws -> [EnvironmentPair] {
        let (before, after) = (old.lookup, new.lookup)
        if names.isEmpty {
            let (all, newer) = (try before.all(), try after.all())
            var found = newer.map { environment in
                EnvironmentPair(name: environment.name, old: all.first { $0.name == environment.name }, new: environment)
            }
            for environment in all where !newer.contains(where: { $0.name == environment.name }) {
                found.append(EnvironmentPair(name: environment.name, old: environment, new: nil))
            }
            guard !found.isEmpty else {
                throw Diagnostic("neither commit has an environment", advice: "name a folder: plumb diff A B <folder>")
            }
            return found
        }
        return try names.map { name in
            let newer = Result { try after.environment(name) }
            let older = try? before.environment(name)
            switch newer {
            case .success(let environment): return EnvironmentPair(name: environment.name, old: older, new: environment)
            case .failure(let error):
                guard let older else { throw error }
                return EnvironmentPair(name: older.name, old: older, new: nil)
            }
        }
    }

    func comparison(old: SourceSession, new: SourceSession) async throws -> RevisionComparison {
        var warnings: [String] = []
        var rendered: [[Manifest]] = []
        for (source, environment) in [(old, self.old), (new, self.new)] {
            guard let environment else {
                warnings.append("\(source.ref) has no such environment")
                rendered.append([])
                continue
            }
            do {
                rendered.append(try await source.render(environment).manifests)
            } catch let fault as Diagnostic {
                throw Self.naming(source.ref, fault)
            } catch let faults as Diagnostics {
                throw Diagnostics(faults.all.map { Self.naming(source.ref, $0) })
            }
        }
        return RevisionComparison(environment: name, before: rendered[0], after: rendered[1], warnings: warnings)
    }

    /// A file is no place as long as it is not said in which of the two commits.
    private static func naming(_ ref: String, _ fault: Diagnostic) -> Diagnostic {
        var fault = fault
        fault.message = "in \(ref): \(fault.message)"
        return fault
    }
}
