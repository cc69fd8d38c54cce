package import ArgumentParser
internal import Auditing
internal import Manifests
internal import Planning

package struct HistoryCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "history", _superCommandName: PlumbCommand.name,
        abstract: "Print the applies of an environment so far: when, commit, by whom, result.",
        discussion: "Read from the inventory in the target, which remembers the last \(Inventory.appliesMax), or from an audit log.")

    @Argument(help: ArgumentHelp("The environment.", valueName: "environment"))
    var environment: String

    @Option(name: .long, help: ArgumentHelp("Read the applies from this audit log, however long ago they were.", valueName: "file"))
    var auditLog: String?

    @OptionGroup var options: GlobalOptions

    package init() {}

    package func run() async throws {
        let context = ProcessContext(options)
        try await Failure.reported(context.console) {
            if auditLog != nil {
                try showLog(context)
                return
            }
            let inventory = try await EnvironmentSession.open(environment, options: options, context: context).store.read().inventory
            show(inventory, on: context.console)
        }
    }

    /// The runs as the log tells them, refused and interrupted ones included. Neither repository nor target is needed.
    private func showLog(_ context: ProcessContext) throws {
        guard let auditLog else { return }
        let history = try AuditHistory.read(AuditSource.files(ofLog: context.path(auditLog)), environment: environment)
        for note in history.notes { context.console.warning(note.description) }
        if options.json {
            context.console.output(JSONWriter.pretty(["environment": .string(environment), "runs": .array(history.runs.map(\.value))]))
            return
        }
        if history.runs.isEmpty { context.console.info("\(environment) is not in \(auditLog)") }
        for run in history.runs.reversed() {
            let counts = run.counts.filter { $0.count > 0 }.map { "\($0.count) \($0.result)" }.joined(separator: ", ")
            let commit = run.commit.map { String($0.prefix(12)) } ?? "-"
            context.console.output(
                "\(run.startedAt.rfc3339)  \(commit)  \(run.result.rawValue)  \(run.actor ?? "-")  \(run.runID)"
                    + (counts.isEmpty ? "\n" : "  \(counts)\n"))
        }
    }

    private func show(_ inventory: Inventory, on console: Console) {
        if options.json {
            let applies = inventory.applies.map { apply -> Value in
                [
                    "time": .string(apply.time), "commit": .string(apply.commit), "actor": .string(apply.actor),
                    "result": .string(apply.result), "runID": .string(apply.runID),
                ]
            }
            console.output(JSONWriter.pretty(["environment": .string(inventory.environment), "applies": .array(applies)]))
            return
        }
        if inventory.applies.isEmpty { console.info("\(inventory.environment) was never applied") }
        for apply in inventory.applies.reversed() {
            console.output("\(apply.time)  \(apply.commit.prefix(12))  \(apply.result)  \(apply.actor)  \(apply.runID)\n")
        }
        if let pending = inventory.pending {
            console.warning("run \(pending.runID) of \(pending.since) has not ended: it is under way, or it was cut short")
        }
    }
}
