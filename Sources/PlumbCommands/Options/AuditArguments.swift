internal import Applying
internal import ArgumentParser
internal import Auditing
internal import Manifests
internal import Settings

/// Where a run records what it does: the options, and behind them what the environment's configuration says.
package struct AuditArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("The audit log, which is appended to (\(AuditDestination.standardFile)).", valueName: "file"))
    var auditLog: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Begin a new file when the audit log would grow beyond this (256MiB).",
            discussion: "The old one becomes <file>.1, <file>.2 …; the chain goes on. '0' never does.", valueName: "size"))
    var auditRotate: String?

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
        if let auditRotate, ByteSize.bytes(auditRotate) == nil {
            throw ValidationError("--audit-rotate takes a size such as 100MB or 1GiB, or 0")
        }
    }

    /// What holds for an environment: each option wins over the key of the same meaning.
    func destination(_ configuration: AuditConfiguration) throws(Diagnostic) -> AuditDestination {
        var destination = AuditDestination()
        destination.file = auditLog ?? configuration.file ?? destination.file
        if let bytes = auditRotate.flatMap(ByteSize.bytes) ?? configuration.rotationBytes {
            destination.rotation = bytes == 0 ? AuditRotation.none : .bytes(bytes)
        }
        destination.isPrinted = auditStdout || configuration.isPrinted ?? false
        destination.events = eventsUrl.map { AuditConfiguration.Events(url: $0) } ?? configuration.events
        guard let eventsKeyFile else { return destination }
        guard destination.events != nil else {
            throw Diagnostic("--events-key-file goes with --events-url, or with audit.events in the configuration")
        }
        destination.events?.keyFile = eventsKeyFile
        destination.events?.keyVariable = nil
        return destination
    }
}
