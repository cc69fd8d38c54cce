internal import Manifests

/// Tells records to people, one line each: when, where, who did what to which object, and how it ended.
///
/// A change is told once, at its end; one that has none in the log is told by `unfinished` at the end.
package struct AuditText {
    private let isColored: Bool
    /// Who started which run.
    private var actors: [String: String] = [:]
    /// Changes that began and did not end yet, by run and object, in the order of their lines.
    private var open: [String: (order: Int, record: AuditRecord)] = [:]
    private let filter: AuditFilter

    package init(filter: AuditFilter = AuditFilter(), isColored: Bool = false) {
        self.filter = filter
        self.isColored = isColored
    }

    /// The line for a record, without a newline; `nil` when the filter drops it or it is told later.
    ///
    /// Every record of the log must be passed, dropped ones too: the actor stands in `run-started` only.
    package mutating func line(_ record: AuditRecord) -> String? {
        note(record)
        guard filter.matches(record) else { return nil }
        if record.type == .changeStarted, filter.types.isEmpty { return nil }
        return head(record) + sentence(record)
    }

    /// A line for each change that began and has no end in the log.
    package func unfinished() -> [String] {
        guard filter.types.isEmpty else { return [] }
        let changes = open.values.sorted { $0.order < $1.order }.map(\.record).filter { filter.matches($0) }
        return changes.map { head($0) + subject($0) + " " + paint("began, no end is recorded", .yellow) + by($0) }
    }

    private mutating func note(_ record: AuditRecord) {
        let object = "\(record.runID)\u{0}\(record.text(AuditField.object) ?? "")\u{0}\(record.text(AuditField.action) ?? "")"
        switch record.type {
        case .runStarted: actors[record.runID] = record.text(AuditField.actor)
        case .changeStarted: open[object] = (record.sequence, record)
        case .changeFinished: open[object] = nil
        case .waitFinished, .inventoryUpdated, .runFinished: break
        }
    }

    private func head(_ record: AuditRecord) -> String {
        paint(record.time.rfc3339, .dim) + " " + Self.printable(record.environment) + " "
    }

    private func sentence(_ record: AuditRecord) -> String {
        switch record.type {
        case .runStarted: runStarted(record)
        case .changeStarted: subject(record) + " began" + by(record)
        case .changeFinished, .waitFinished: subject(record) + " " + outcome(record) + by(record)
        case .inventoryUpdated: "inventory updated" + details(record) + by(record)
        case .runFinished: runFinished(record)
        }
    }

    private func runStarted(_ record: AuditRecord) -> String {
        var text = "run \(Self.printable(record.runID)) started"
        text += by(record)
        if let host = record.text(AuditField.host) { text += " on \(Self.printable(host))" }
        if let command = record.text(AuditField.command) { text += ": \(Self.printable(command))" }
        if let job = record.text(AuditField.job) { text += ", job \(Self.printable(job))" }
        if let commit = record.text(AuditField.commit) { text += ", commit \(Self.printable(String(commit.prefix(12))))" }
        if let digest = record.text(AuditField.planDigest) { text += ", plan \(Self.printable(String(digest.prefix(19))))" }
        if case .array(let approvals)? = record.fields[AuditField.approvals], !approvals.isEmpty {
            text += ", approved by " + approvals.map { Self.plain($0) }.joined(separator: ", ")
        }
        return text
    }

    private func runFinished(_ record: AuditRecord) -> String {
        let exitCode = record.number(AuditField.exitCode)
        let result = AuditRunResult(exitCode: exitCode).rawValue
        var text = "run \(Self.printable(record.runID)) " + paint(result, Self.color(result))
        if case .object(let counts)? = record.fields[AuditField.counts] {
            let parts = counts.filter { $0.value != .int(0) }.map { "\(Self.plain($0.value)) \(Self.printable($0.key))" }
            if !parts.isEmpty { text += ": " + parts.joined(separator: ", ") }
        }
        if let exitCode { text += ", exit code \(exitCode)" }
        if let error = record.text(AuditField.error) { text += ", " + Self.printable(error) }
        return text + by(record)
    }

    private func subject(_ record: AuditRecord) -> String {
        let object = paint(Self.printable(record.text(AuditField.object) ?? "unnamed object"), .bold)
        if record.type == .waitFinished { return object + " wait" }
        return object + " " + Self.printable(record.text(AuditField.action) ?? "change")
    }

    private func outcome(_ record: AuditRecord) -> String {
        let result = record.text(AuditField.result) ?? "finished"
        var text = paint(Self.printable(result), Self.color(result))
        if let milliseconds = record.number(AuditField.durationMilliseconds) { text += " in \(milliseconds) ms" }
        if let status = record.number(AuditField.httpStatus), status > 0 { text += ", status \(status)" }
        let versions = [AuditField.resourceVersionBefore, AuditField.resourceVersionAfter].map { record.text($0) ?? "" }
        if versions.contains(where: { !$0.isEmpty }) {
            text += ", version " + versions.map { $0.isEmpty ? "none" : Self.printable($0) }.joined(separator: " → ")
        }
        let words = record.text(AuditField.error) ?? record.text(AuditField.message) ?? ""
        if !words.isEmpty { text += ": " + Self.printable(words) }
        return text
    }

    private func details(_ record: AuditRecord) -> String {
        let parts = record.fields.map { "\(Self.printable($0.key)) \(Self.plain($0.value))" }
        return parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
    }

    private func by(_ record: AuditRecord) -> String {
        guard let actor = actors[record.runID] else { return "" }
        return " by \(Self.printable(actor))"
    }
}

extension AuditText {
    private enum Color: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
    }

    private func paint(_ text: String, _ color: Color?) -> String {
        guard isColored, let color else { return text }
        return "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m"
    }

    private static func color(_ result: String) -> Color? {
        switch result {
        case "succeeded", "healthy": .green
        case "failed": .red
        case "skipped", "refused", "interrupted": .yellow
        default: nil
        }
    }

    private static func plain(_ value: Value) -> String {
        if case .string(let text) = value { return printable(text) }
        return printable(String(decoding: JSONWriter.canonical(value), as: UTF8.self))
    }

    /// A log holds words of servers: what could steer a terminal is shown as its code, and a record stays on its line.
    static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return text.unicodeScalars.reduce(into: "") { made, scalar in
            if isControl(scalar) { made += "\\u{\(String(scalar.value, radix: 16))}" } else { made.unicodeScalars.append(scalar) }
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .format: true
        default: false
        }
    }
}
