package import ArgumentParser
internal import Auditing
internal import Manifests
internal import Planning

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
        let console = Console(
            isQuiet: false, isVerbose: false, allowsColor: !noColor && (Platform.environment["NO_COLOR"] ?? "").isEmpty)
        try await Failure.reported(console) {
            let filter = try filter()
            var text = AuditText(filter: filter, isColored: console.outputStyle.isColored)
            let output = BufferedOutput(console)
            let notes = try AuditReader.read(AuditSource.files(ofLog: file)) { record, bytes in
                if json {
                    if filter.matches(record) { output.line(bytes) }
                } else if let line = text.line(record) {
                    output.line(line)
                }
            }
            if !json { text.unfinished().forEach { output.line($0) } }
            output.flush()
            for note in notes { console.warning(note.description) }
        }
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
}
