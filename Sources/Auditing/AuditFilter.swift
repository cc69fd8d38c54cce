package import Manifests

/// Which records are wanted; what is `nil` or empty does not narrow.
package struct AuditFilter: Sendable {
    package var environment: String?
    /// An object's id, or its end after a slash: `web` and `shop/web` find `apps/Deployment/shop/web`.
    package var object: String?
    /// A run's id or its beginning.
    package var run: String?
    /// Inclusive.
    package var since: Timestamp?
    /// Exclusive.
    package var until: Timestamp?
    /// The result of a change, or of a run at its `run-finished`.
    package var result: String?
    package var types: Set<AuditRecordType> = []

    package init() {}

    package func matches(_ record: AuditRecord) -> Bool {
        if let environment, record.environment != environment { return false }
        if let run, !record.runID.hasPrefix(run) { return false }
        if let since, record.time < since { return false }
        if let until, record.time >= until { return false }
        if !types.isEmpty, !types.contains(record.type) { return false }
        if let object {
            guard let id = record.text(AuditField.object), id == object || id.hasSuffix("/" + object) else { return false }
        }
        if let result, self.result(of: record) != result { return false }
        return true
    }

    private func result(of record: AuditRecord) -> String? {
        if let result = record.text(AuditField.result) { return result }
        guard record.type == .runFinished else { return nil }
        return AuditRunResult(exitCode: record.number(AuditField.exitCode)).rawValue
    }
}
