package import ArgumentParser
internal import Auditing
internal import Manifests

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// `plumb audit`: check the log and print it for people.
package struct AuditCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Check the audit log's chain, or print the log for people.",
        subcommands: [AuditVerifyCommand.self, AuditShowCommand.self])

    package init() {}
}

/// `plumb audit verify`: 0 when every log is intact, 1 when one is not.
package struct AuditVerifyCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check that no record of an audit log was changed, moved, added or taken away.",
        discussion: """
            Files rotated away (FILE.1, FILE.2 …) are checked with the log they belong to. The chain alone cannot show \
            that the newest records were cut off: give --head for that.
            """)

    @Argument(help: "The log, such as plumb-audit.jsonl.", completion: .file())
    var files: [String]

    @Option(help: "A record that must be in the log, as <sequence>:<hash>, such as the inventory keeps of the last run.")
    var head: String?

    @Flag(help: "Accept a log whose oldest files were moved to an archive.")
    var allowMissingStart = false

    @Flag(help: "Print the outcome as JSON, one line a log.")
    var json = false

    @Flag(help: "Print nothing when the log is intact.")
    var quiet = false

    package init() {}

    package func validate() throws {
        if head != nil, expectedHead == nil { throw ValidationError("--head must be <sequence>:<64 hexadecimal digits>") }
    }

    package func run() async throws {
        var logs: [String] = []
        for log in files.map({ AuditSource.logPath(of: $0) }) where !logs.contains(log) { logs.append(log) }
        var isIntact = true
        for log in logs {
            let verification = try commandResult {
                () throws(AuditError) in
                try AuditVerifier.verify(
                    AuditSource.files(ofLog: log), expectedHead: expectedHead, allowsMissingStart: allowMissingStart)
            }
            report(verification, of: log)
            if !verification.isIntact { isIntact = false }
        }
        if !isIntact { throw ExitCode(1) }
    }

    private var expectedHead: AuditHead? {
        let parts = (head ?? "").split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let sequence = Int(parts[0]), sequence >= 0, parts[1].utf8.count == 64,
            parts[1].allSatisfy(\.isHexDigit)
        else { return nil }
        return AuditHead(sequence: sequence, hash: parts[1].lowercased())
    }

    private func report(_ verification: AuditVerification, of log: String) {
        if json {
            var value = verification.value
            value["file"] = .string(log)
            print(String(decoding: JSONWriter.canonical(value), as: UTF8.self))
        }
        if let fault = verification.fault {
            writeError("error: \(fault.diagnostic)")
        } else if !json, !quiet {
            let head = verification.head
            let records = verification.records == 1 ? "1 record" : "\(verification.records) records"
            let runs = verification.runs == 1 ? "1 run" : "\(verification.runs) runs"
            print("\(log): intact, \(records) of \(runs), head \(head.sequence):\(head.hash)")
        }
    }
}

/// `plumb audit show`.
package struct AuditShowCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print an audit log for people: when, who, which object, and how it ended.")

    @Argument(help: "The log; the files rotated away from it are read too.", completion: .file())
    var file: String

    @Option(help: "Only records of this environment.")
    var environment: String?

    @Option(help: "Only records of this object: an id such as apps/Deployment/shop/web, or its end.")
    var object: String?

    @Option(help: "Only records of this run: its id or the beginning of it.")
    var run: String?

    @Option(help: "Only records from this moment on: 2026-01-31T09:05:00Z, 2026-01-31, or how long ago (2h, 7d).")
    var since: String?

    @Option(help: "Only records before this moment, in the same forms.")
    var until: String?

    @Option(help: "Only changes with this result (succeeded, failed, skipped, unchanged), or runs (also refused, interrupted).")
    var result: String?

    @Option(help: "Only records of this type, such as change-finished. May be given more than once.")
    var type: [String] = []

    @Flag(help: "Print the records as they stand in the log, one JSON object a line.")
    var json = false

    @Flag(help: "Print without colours.")
    var noColor = false

    package init() {}

    package func validate() throws {
        _ = try filter()
    }

    package func run() async throws {
        let filter = try filter()
        var text = AuditText(filter: filter, isColored: isColored)
        let notes = try commandResult {
            () throws(AuditError) in
            try AuditReader.read(AuditSource.files(ofLog: file)) { record, bytes in
                if json {
                    if filter.matches(record) { print(String(decoding: bytes, as: UTF8.self)) }
                } else if let line = text.line(record) {
                    print(line)
                }
            }
        }
        if !json { text.unfinished().forEach { print($0) } }
        for note in notes { writeError("warning: \(note)") }
    }

    private func filter() throws -> AuditFilter {
        var filter = AuditFilter()
        filter.environment = environment
        filter.object = object
        filter.run = run
        filter.result = try word(result, "--result", of: ["succeeded", "failed", "skipped", "unchanged", "refused", "interrupted"])
        filter.since = try moment(since, "--since")
        filter.until = try moment(until, "--until")
        for name in type {
            _ = try word(name, "--type", of: AuditRecordType.allCases.map(\.rawValue))
            if let type = AuditRecordType(rawValue: name) { filter.types.insert(type) }
        }
        return filter
    }

    private func moment(_ text: String?, _ option: String) throws -> Timestamp? {
        guard let text else { return nil }
        if let moment = AuditMoment.parse(text, now: .now()) { return moment }
        throw ValidationError("\(option) must be a time (2026-01-31T09:05:00Z), a date (2026-01-31) or how long ago (2h, 7d)")
    }

    private func word(_ text: String?, _ option: String, of words: [String]) throws -> String? {
        guard let text, !words.contains(text) else { return text }
        throw ValidationError("\(option) must be one of \(words.joined(separator: ", "))")
    }

    private var isColored: Bool {
        let noColorVariable = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        return !noColor && !noColorVariable && isatty(STDOUT_FILENO) == 1
    }
}

/// Turns the log's error into the form that all commands report.
private func commandResult<Result>(_ body: () throws(AuditError) -> Result) throws -> Result {
    do throws(AuditError) { return try body() } catch { throw error.diagnostic }
}

private func writeError(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    bytes.withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
