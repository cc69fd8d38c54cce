internal import Applying
package import ArgumentParser
internal import Manifests
internal import Planning
internal import Settings

/// `plumb unlock`: shows who holds an environment's lock, and frees it when a person says so.
package struct UnlockCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "unlock", _superCommandName: PlumbCommand.name, abstract: "Show who holds an environment's lock, and free it.",
        discussion: """
            A run that died leaves its lock behind until it expires, half a minute after it was renewed last. A lock that is \
            being renewed belongs to a run that lives: freeing it (--force) makes that run stop before its next write.
            """)

    @Argument(help: ArgumentHelp("The environment.", valueName: "environment"))
    var environment: String

    @Flag(name: [.long, .customShort("y")], help: "Free it without asking.")
    var yes = false

    @Flag(name: .long, help: "Free it although its run may live.")
    var force = false

    @OptionGroup var audit: AuditArguments

    @OptionGroup var options: GlobalOptions

    package init() {}

    package func validate() throws { try audit.check() }

    package func run() async throws {
        let context = ProcessContext(options)
        try await Failure.reported(context.console) {
            let session = try await EnvironmentSession.open(environment, options: options, context: context)
            guard let lock = try await session.lock.inspect() else {
                context.console.info("\(environment) is not locked")
                return
            }
            show(lock, of: session, on: context.console)
            guard lock.isExpired || force else {
                throw Diagnostic(
                    "the lock is held by a run that may live", object: session.lock.place,
                    advice: "wait for it; if it is dead, wait until the lock expires, or free it with --force")
            }
            guard Confirmation.ask("Free the lock?", isGiven: yes, console: context.console) else { throw ExitCode(ExitStatus.error) }
            try await free(lock, of: session, context: context)
            context.console.info("\(environment) is free")
        }
    }

    private func free(_ lock: LockInspection, of session: EnvironmentSession, context: ProcessContext) async throws {
        let name = session.environment.name
        let command = RecordedCommand(
            audit: try audit.destination(session.environment.audit), context: context, environment: name,
            server: session.target.target.server)
        try await command.run("unlock \(name), held by run \(lock.holder?.runID ?? "unknown")") { _ in try await session.lock.free(lock) }
    }

    private func show(_ lock: LockInspection, of session: EnvironmentSession, on console: Console) {
        if options.json {
            var object: Object = ["environment": .string(session.environment.name), "lock": .string(session.lock.place)]
            if let holder = lock.holder {
                object["holder"] = [
                    "runID": .string(holder.runID), "actor": .string(holder.actor), "host": .string(holder.host),
                    "since": .string(holder.since),
                ]
            }
            if let renewed = lock.renewed { object["renewed"] = .string(renewed) }
            object["isExpired"] = .bool(lock.isExpired)
            console.output(JSONWriter.pretty(.object(object)))
            return
        }
        var text = "\(session.environment.name) is locked"
        if let holder = lock.holder { text += " by run \(holder.runID) of \(holder.actor) on \(holder.host), since \(holder.since)" }
        if let renewed = lock.renewed { text += ", renewed \(renewed)" }
        if let expiresIn = lock.expiresIn {
            text += lock.isExpired ? "; it has expired" : "; it expires in \(DurationText.text(expiresIn)) if it is not renewed"
        }
        console.output("\(text)\n")
    }
}
