internal import Applying
internal import Auditing
internal import Manifests
internal import Settings

/// The audit log of a run, and who is told of its records.
struct AuditDestination: Sendable {
    static let standardFile = "plumb-audit.jsonl"

    var file = standardFile
    var rotation: AuditRotation = .bytes(256 << 20)
    var isPrinted = false
    var events: AuditConfiguration.Events?

    private static let keyVariable = "PLUMB_EVENTS_KEY"
    /// How long a run waits at its end for a receiver that answers.
    private static let patience: Duration = .seconds(5)

    /// Opens the log for some work, and sends on what is written to it.
    func withLog<Result>(_ context: ProcessContext, _ body: (AuditLog) async throws -> Result) async throws -> Result {
        let sinks = try sinks(context)
        let (log, notes) = try AuditLog.open(path: context.path(file), clock: { .now() }, rotation: rotation)
        defer { log.close() }
        for note in notes { context.console.warning(note.description) }
        let forwarders = sinks.map { EventForwarder(log: log, sink: $0, host: context.actor.host) }
        for forwarder in forwarders { forwarder.begin() }
        do {
            let result = try await body(log)
            await finish(forwarders, context)
            return result
        } catch {
            await finish(forwarders, context)
            throw error
        }
    }

    private func finish(_ forwarders: [EventForwarder], _ context: ProcessContext) async {
        for forwarder in forwarders {
            let report = await forwarder.finish(within: Self.patience)
            context.console.detail("\(report.sent) events were sent")
            if report.left > 0 {
                context.console.warning(
                    Diagnostic(
                        "\(report.left) events were not taken\(report.failure.map { ": \($0)" } ?? " in time")",
                        advice: "the next run sends them"
                    ).description)
            }
        }
    }

    private func sinks(_ context: ProcessContext) throws(Diagnostic) -> [any EventSink] {
        var sinks: [any EventSink] = []
        if isPrinted { sinks.append(OutputSink(console: context.console)) }
        if let events { sinks.append(try WebhookSink(url: events.url, key: try key(events, context), variables: context.variables)) }
        return sinks
    }

    /// The key that signs what is sent; `nil` to send it unsigned, which nobody does by mistake: a key that is named must be there.
    private func key(_ events: AuditConfiguration.Events, _ context: ProcessContext) throws(Diagnostic) -> String? {
        if let file = events.keyFile {
            let text = String(decoding: try Platform.read(context.path(file)), as: UTF8.self)
            return String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        }
        let key = context.variables[events.keyVariable ?? Self.keyVariable].flatMap { $0.isEmpty ? nil : $0 }
        if key == nil, let name = events.keyVariable {
            throw Diagnostic(
                "the variable \(name), which is to hold the key for signing events, is not set",
                advice: "set it, or name a file with audit.events.keyFile or --events-key-file")
        }
        return key
    }
}
