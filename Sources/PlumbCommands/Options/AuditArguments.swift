internal import Applying
internal import ArgumentParser
internal import Auditing
internal import Manifests

/// Where a run records what it does.
package struct AuditArguments: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The audit log, which is appended to.", valueName: "file"))
    var auditLog = "plumb-audit.jsonl"

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Begin a new file when the audit log would grow beyond this.",
            discussion: "The old one becomes <file>.1, <file>.2 …; the chain goes on. '0' never does.", valueName: "size"))
    var auditRotate = "256MiB"

    @Flag(name: .long, help: "Print the audit log's records on standard output, too, as they are written.")
    var auditStdout = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Send the audit log's records to this endpoint as CloudEvents.",
            discussion: """
                In the background: an endpoint that is slow or away never holds a run up; what it did not take is sent by the \
                next run.
                """, valueName: "URL"))
    var eventsUrl: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Sign what is sent with the key in this file (HMAC-SHA256, Standard Webhooks).",
            discussion: "The variable PLUMB_EVENTS_KEY holds it otherwise.", valueName: "file"))
    var eventsKeyFile: String?

    package init() {}

    func check() throws {
        if eventsKeyFile != nil, eventsUrl == nil { throw ValidationError("--events-key-file goes with --events-url") }
        if rotation == nil { throw ValidationError("--audit-rotate takes a size such as 100MB or 1GiB, or 0") }
    }

    /// `nil` when the option is no size.
    var rotation: AuditRotation? {
        guard let bytes = ByteSize.bytes(auditRotate) else { return nil }
        return bytes == 0 ? AuditRotation.none : .bytes(bytes)
    }

    /// How long a run waits at its end for a receiver that answers.
    private static let patience: Duration = .seconds(5)

    /// Opens the log for some work, and sends on what is written to it.
    func withLog<Result>(_ context: ProcessContext, _ body: (AuditLog) async throws -> Result) async throws -> Result {
        let (log, notes) = try AuditLog.open(path: context.path(auditLog), clock: { .now() }, rotation: rotation ?? .none)
        defer { log.close() }
        for note in notes { context.console.warning(note.description) }
        let forwarders = try sinks(context).map { EventForwarder(log: log, sink: $0, host: context.actor.host) }
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
        if auditStdout { sinks.append(OutputSink(console: context.console)) }
        guard let eventsUrl else { return sinks }
        var key = context.variables["PLUMB_EVENTS_KEY"].flatMap { $0.isEmpty ? nil : $0 }
        if let eventsKeyFile {
            let text = String(decoding: try Platform.read(context.path(eventsKeyFile)), as: UTF8.self)
            key = String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        }
        sinks.append(try WebhookSink(url: eventsUrl, key: key, variables: context.variables))
        return sinks
    }
}

/// Sizes as people write them: `500`, `64kB`, `100MB`, `1GiB`.
enum ByteSize {
    private static let units: [(String, Int)] = [
        ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("kb", 1000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("b", 1), ("", 1),
    ]

    static func bytes(_ text: String) -> Int? {
        let lower = text.lowercased()
        for (suffix, factor) in units where lower.hasSuffix(suffix) {
            guard let number = Int(lower.dropLast(suffix.utf8.count)), number >= 0 else { continue }
            let (bytes, overflows) = number.multipliedReportingOverflow(by: factor)
            return overflows ? nil : bytes
        }
        return nil
    }
}
