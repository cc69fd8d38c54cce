package import ArgumentParser
internal import Auditing
internal import Git
internal import Manifests
internal import Planning
internal import Settings

package struct RollbackCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "rollback", _superCommandName: PlumbCommand.name, abstract: "Plan the commit that was applied and healthy before.",
        discussion: """
            Makes a plan, never more: review it, have it approved and apply it like any other, with --allow-rollback. Which \
            commit that is, the inventory in the target tells, and the audit log where the inventory does not go back far \
            enough. Over an apply that failed half way the first step is to what was healthy before it.
            """)

    @Argument(help: ArgumentHelp("The environment.", valueName: "environment"))
    var environment: String

    @Option(name: .long, help: ArgumentHelp("Go back to this branch, tag or commit.", valueName: "revision"))
    var to: String?

    @Option(name: .long, help: ArgumentHelp("Go back this many commits that were applied and healthy.", valueName: "n"))
    var steps: Int?

    @Option(name: .long, help: ArgumentHelp("Write the plan to this file.", valueName: "file"), completion: .file())
    var out: String?

    @Option(
        name: .long, help: ArgumentHelp("The audit log, for applies that the inventory does not remember.", valueName: "file"),
        completion: .file())
    var auditLog: String?

    @OptionGroup var options: GlobalOptions

    package init() {}

    package func validate() throws {
        if to != nil, steps != nil { throw ValidationError("give --to or --steps") }
        if let steps, !(1...10_000).contains(steps) { throw ValidationError("--steps takes a number from 1") }
        if options.ref != nil { throw ValidationError("--ref names what to plan; rollback takes --to") }
    }

    package func run() async throws {
        let context = ProcessContext(options)
        try await Failure.reported(context.console) {
            let (session, environment) = try await PlanSession.open(options, context: context, environment: environment)
            let applies = try await applies(session, environment, context)
            let choice = RollbackChoice(applies)
            let commit = try to ?? choice.commit(steps: steps ?? 1, environment: environment.name)
            let source = try await session.source.at(commit)
            if !choice.healthy.contains(source.commit.id) {
                context.console.warning(
                    "as far as is known, the commit \(source.commit.shortID) was never applied to \(environment.name) and healthy")
            }
            context.console.info(
                "Going back to \(source.commit.shortID) of \(source.commit.committedAtText): \(source.commit.summary)")
            let back = PlanSession(
                source: source, targets: session.targets, policy: session.policy, options: options, context: context)
            let (plan, statistics) = try await back.plan(environment, scope: .init())
            try PlanOutput(console: context.console, isJSON: options.json).show(plan, out: out, context: context)
            context.console.detail(PlanOutput.text(statistics))
        }
    }

    /// What the target remembers, and before it what the audit log does.
    private func applies(_ session: PlanSession, _ environment: EnvironmentConfiguration, _ context: ProcessContext) async throws
        -> [ApplyRecord]
    {
        let known = try await session.inventory(of: session.restricted(environment)).inventory.applies
        let path = context.path(auditLog ?? environment.audit.file ?? AuditDestination.standardFile)
        guard Platform.isFile(path) else { return known }
        let history: AuditHistory
        do { history = try AuditHistory.read(AuditSource.files(ofLog: path), environment: environment.name) } catch {
            context.console.warning("the audit log was not read: \(Failure.diagnostics(error).first?.message ?? "")")
            return known
        }
        let runs = Set(known.map(\.runID))
        let oldest = known.first?.time
        let earlier = history.runs.filter { run in
            !runs.contains(run.runID) && oldest.map { run.startedAt.rfc3339 < $0 } ?? true
        }
        return earlier.compactMap { run in
            // What was refused changed nothing.
            guard let commit = run.commit, run.result != .refused else { return nil }
            return ApplyRecord(
                time: run.startedAt.rfc3339, runID: run.runID, commit: commit, actor: run.actor ?? "",
                result: run.result == .succeeded ? "succeeded" : "failed")
        } + known
    }
}
