internal import Applying
internal import Manifests
internal import Planning

/// What became of one environment.
struct FleetResult: Sendable {
    enum Kind: String, Sendable {
        /// Nothing to change.
        case inSync = "in sync"
        /// There are changes, and changing things was not asked for.
        case planned
        case applied
        /// Everything or something that would be changed was left to people.
        case withheld
        /// Some changes failed, or were skipped because of it.
        case incomplete
        /// A policy, a guard or a missing approval forbids it.
        case refused
        case stale
        case locked
        case failed
        /// Not begun: what it depends on is not in place, or the run was asked to stop.
        case skipped
    }

    let environment: String
    var kind: Kind
    var exitCode: Int32
    var commit = ""
    /// The plan as it was made, with what is withheld.
    var plan: Plan?
    /// The plan as people are shown it, where that was made already.
    var planText: String?
    /// Where the plan was written to.
    var planFile: String?
    var withheld: [SyncDecision.Withheld] = []
    /// Why the whole of it was withheld, refused or skipped.
    var reason: Diagnostic?
    var counts: [ChangeResult.Outcome: Int] = [:]
    var faults: [Diagnostic] = []
    /// More than one when failures were tried again.
    var attempts = 1
    var milliseconds: Int64 = 0

    init(_ environment: String, _ kind: Kind, exitCode: Int32 = ExitStatus.done) {
        self.environment = environment
        self.kind = kind
        self.exitCode = exitCode
    }

    /// What an error means for an environment.
    init(_ environment: String, error: any Error) {
        let code = Failure.code(error)
        let kind: Kind
        switch code {
        case ExitStatus.stale: kind = .stale
        case ExitStatus.forbidden: kind = .refused
        case ExitStatus.locked: kind = .locked
        default: kind = .failed
        }
        self.init(environment, kind, exitCode: code)
        faults = Failure.diagnostics(error)
    }

    /// Whether environments that depend on this one may go on.
    var isInPlace: Bool {
        switch kind {
        case .inSync, .planned, .applied: true
        // Drift that nobody may revert does not hold others up; what Git changed and nobody may apply does.
        case .withheld: reason == nil && !withheld.contains { $0.change.causes != [.drift] && $0.change.action != .delete }
        case .incomplete, .refused, .stale, .locked, .failed, .skipped: false
        }
    }
}

/// The results of all environments.
struct FleetSummary: Sendable {
    let results: [FleetResult]
    /// Environments that were left out because nothing changed for them.
    let unchanged: [String]
    let runID: String

    /// The gravest of all: what was interrupted, then what was changed by half, then errors, refusals, stale plans, locks,
    /// then what was withheld.
    var exitCode: Int32 {
        let order: [Int32] = [
            143, 130, ExitStatus.incomplete, ExitStatus.error, ExitStatus.forbidden, ExitStatus.stale, ExitStatus.locked,
            ExitStatus.changes,
        ]
        return order.first { code in results.contains { $0.exitCode == code } } ?? ExitStatus.done
    }

    private static let columns = ["environment", "result", "create", "update", "replace", "delete", "note"]

    private func row(_ result: FleetResult) -> [String] {
        let counts = [ChangeAction.create, .update, .replace, .delete].map { action in
            result.plan.map { String($0.count(action)) } ?? "-"
        }
        return [result.environment, result.kind.rawValue] + counts + [note(result)]
    }

    private func note(_ result: FleetResult) -> String {
        var notes: [String] = []
        if let reason = result.reason ?? result.faults.first { notes.append(reason.message) }
        if result.reason == nil, !result.withheld.isEmpty { notes.append("\(result.withheld.count) withheld") }
        if result.attempts > 1 { notes.append("\(result.attempts) attempts") }
        return notes.joined(separator: "; ")
    }

    /// A table for people.
    func text() -> String {
        let rows = [Self.columns] + results.map(row)
        let widths = Self.columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var text = ""
        for row in rows {
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                if column < row.count - 1 { line += String(repeating: " ", count: widths[column] - cell.count + 2) }
            }
            while line.hasSuffix(" ") { line.removeLast() }
            text += line + "\n"
        }
        return text + closing
    }

    private var closing: String {
        var kinds: [(FleetResult.Kind, Int)] = []
        for result in results {
            if let index = kinds.firstIndex(where: { $0.0 == result.kind }) { kinds[index].1 += 1 } else { kinds.append((result.kind, 1)) }
        }
        var parts = kinds.map { "\($0.1) \($0.0.rawValue)" }
        if !unchanged.isEmpty { parts.append("\(unchanged.count) not changed") }
        let noun = results.count == 1 ? "environment" : "environments"
        return "\(results.count) \(noun)\(parts.isEmpty ? "" : ": \(parts.joined(separator: ", "))").\n"
    }

    /// For a job's page.
    func markdown(_ title: String) -> String {
        func escaped(_ text: String) -> String {
            text.replacing("|", with: "\\|").split(whereSeparator: \.isNewline).joined(separator: " ")
        }
        var text =
            "## \(title)\n\n| \(Self.columns.joined(separator: " | ")) |\n|\(String(repeating: " --- |", count: Self.columns.count))\n"
        for result in results { text += "| \(row(result).map(escaped).joined(separator: " | ")) |\n" }
        return text + "\n" + closing
    }

    var encoded: Value {
        [
            "formatVersion": "1.0", "runID": .string(runID), "exitCode": .int(Int64(exitCode)),
            "environments": .array(results.map(\.encoded)), "unchanged": .array(unchanged.map(Value.string)),
        ]
    }
}

extension FleetResult {
    var encoded: Value {
        var object: Object = [
            "name": .string(environment), "result": .string(kind.rawValue), "exitCode": .int(Int64(exitCode)), "commit": .string(commit),
            "attempts": .int(Int64(attempts)), "durationMilliseconds": .int(milliseconds),
        ]
        if let plan {
            object["changes"] = .object(
                Object(ChangeAction.allCases.map { Member(key: $0.rawValue, value: .int(Int64(plan.count($0)))) }))
        }
        if let planFile { object["planFile"] = .string(planFile) }
        if let reason { object["reason"] = .string(reason.message) }
        if !counts.isEmpty {
            object["counts"] = .object(
                Object(counts.map { Member(key: $0.key.rawValue, value: .int(Int64($0.value))) }.sorted { $0.key < $1.key }))
        }
        if !faults.isEmpty { object["errors"] = .array(faults.map { .string($0.description) }) }
        if !withheld.isEmpty {
            object["withheld"] = .array(
                withheld.map { item in
                    [
                        "object": .string(item.change.id), "action": .string(item.change.action.rawValue),
                        "causes": .array(item.change.causes.map { .string($0.rawValue) }), "reason": .string(item.reason),
                    ]
                })
        }
        return .object(object)
    }
}
