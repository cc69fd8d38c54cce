package import Manifests

/// The applies out of a log, the oldest first.
package struct AuditHistory: Sendable {
    package private(set) var runs: [AuditRun] = []
    /// Lines that could not be read.
    package private(set) var notes: [Diagnostic] = []
    private var indices: [String: Int] = [:]
    /// Results of single changes by run, for runs that did not live to count them.
    private var counted: [Int: [String: Int]] = [:]

    /// Reads the runs of an environment, or of all with `nil`. Throws when a file cannot be read.
    package static func read(_ sources: [AuditSource], environment: String? = nil) throws(AuditError) -> AuditHistory {
        var history = AuditHistory()
        history.notes = try AuditReader.read(sources) { record, _ in
            if environment == nil || record.environment == environment { history.take(record) }
        }
        for (index, counts) in history.counted where history.runs[index].counts.isEmpty {
            history.runs[index].counts = counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
        return history
    }

    private mutating func take(_ record: AuditRecord) {
        let index = index(of: record)
        switch record.type {
        case .runStarted:
            runs[index].actor = record.text(AuditField.actor)
            runs[index].host = record.text(AuditField.host)
            runs[index].job = record.text(AuditField.job)
            runs[index].commit = record.text(AuditField.commit)
            runs[index].planDigest = record.text(AuditField.planDigest)
        case .changeFinished:
            counted[index, default: [:]][record.text(AuditField.result) ?? "unknown", default: 0] += 1
        case .runFinished:
            runs[index].finishedAt = record.time
            runs[index].exitCode = record.number(AuditField.exitCode)
            guard case .object(let counts)? = record.fields[AuditField.counts] else { return }
            runs[index].counts = counts.compactMap { member in
                member.value.int.map { (member.key, Int($0)) }
            }.sorted { $0.0 < $1.0 }
        case .changeStarted, .waitFinished, .inventoryUpdated:
            break
        }
    }

    /// One run id may stand for runs of several environments.
    private mutating func index(of record: AuditRecord) -> Int {
        let key = "\(record.runID)\u{0}\(record.environment)"
        if let index = indices[key] { return index }
        indices[key] = runs.count
        runs.append(AuditRun(runID: record.runID, environment: record.environment, startedAt: record.time))
        return runs.count - 1
    }
}
