package import ArgumentParser
internal import Git
internal import Manifests
internal import Settings

package struct ConfigCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "config", _superCommandName: PlumbCommand.name, abstract: "Check plumb.yaml, print its schema.",
        subcommands: [ConfigCheckCommand.self, ConfigSchemaCommand.self])

    package init() {}
}

package struct ConfigCheckCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check a configuration: every fault with file, line and the nearest valid key.",
        discussion: """
            The file given is checked as it is on disk, else that of the commit. That every environment's folder is there, \
            and that what the file names fits together, is checked as well.
            """)

    @Argument(help: ArgumentHelp("The file.", valueName: "file"))
    var file: String?

    @OptionGroup var options: GlobalOptions

    package init() {}

    package func run() async throws {
        let context = ProcessContext(options)
        try await Failure.reported(context.console) {
            let found = try await found(context)
            let faults = try missingFolders(found)
            if !faults.isEmpty { throw Diagnostics(faults) }
            // A policy is checked by being read.
            let policy = try PolicyFile.open(options, context: context)
            let names = found.configuration.environments.map(\.name)
            if options.json {
                context.console.output(
                    JSONWriter.pretty(["environments": .array(names.map(Value.string)), "file": .string(found.name), "valid": true]))
            } else {
                context.console.info(
                    "\(found.name): no faults, \(names.count == 1 ? "1 environment" : "\(names.count) environments")"
                        + (policy == nil ? "" : "; the policy has none either"))
            }
        }
    }

    private struct Found {
        let configuration: Configuration
        /// What people are told that it is.
        let name: String
        /// The files that it speaks of; `nil` when they are not to be told.
        let tree: (any FileTree)?
    }

    private func found(_ context: ProcessContext) async throws -> Found {
        if let file = file ?? options.config {
            return Found(
                configuration: try ConfigurationReader.read(Platform.read(context.path(file)), file: file), name: file, tree: nil)
        }
        let name = ConfigurationReader.defaultFile
        if options.ref == nil, options.repo == nil, let root = try root(context) {
            return Found(
                configuration: try ConfigurationReader.read(Platform.read("\(root)/\(name)"), file: name), name: name,
                tree: try WorkingFolderTree(root: root))
        }
        let source = try await SourceSession.open(options, context: context)
        return Found(configuration: source.configuration, name: "\(name) at \(source.commit.shortID)", tree: source.tree)
    }

    /// Environments whose folder is not there. Those of other repositories and branches are not looked for.
    private func missingFolders(_ found: Found) throws -> [Diagnostic] {
        guard let tree = found.tree else { return [] }
        return try found.configuration.environments.compactMap { environment in
            guard environment.repository == nil, environment.ref == nil else { return nil }
            if let path = try tree.resolve(environment.path), try tree.entry(at: path) == .folder { return nil }
            let parent = TreePath.parent(environment.path)
            let items = (try? tree.list(parent)) ?? []
            let near = NearMatch.candidates(for: TreePath.name(environment.path), among: items.map(\.name)).first
            return Diagnostic(
                "environment '\(environment.name)': there is no folder '\(environment.path)'",
                at: SourcePosition(file: ConfigurationReader.defaultFile),
                advice: near.map { "did you mean '\(TreePath.child(parent, $0))'?" })
        }
    }

    /// The work tree around us, if it has the file: what is being edited is what is to be checked.
    private func root(_ context: ProcessContext) throws -> String? {
        let (root, _) = try Platform.repositoryRoot(around: context.workingDirectory)
        return Platform.isFile("\(root)/\(ConfigurationReader.defaultFile)") ? root : nil
    }
}

package struct ConfigSchemaCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of plumb.yaml, for editors.",
        discussion: """
            With the YAML language server: plumb config schema > .plumb-schema.json, and as the file's first line \
            '# yaml-language-server: $schema=.plumb-schema.json'.
            """)

    @Flag(name: .long, help: "The schema of the files that --policy takes.")
    var ofPolicy = false

    package init() {}

    package func run() async throws {
        let console = Console(isQuiet: false, isVerbose: false, allowsColor: false)
        console.output(JSONWriter.pretty(ofPolicy ? PolicyReader.schema : ConfigurationReader.schema))
    }
}
