/// What a record of the audit log tells of.
package enum AuditRecordType: String, CaseIterable, Sendable {
    case runStarted = "run-started"
    case changeStarted = "change-started"
    case changeFinished = "change-finished"
    case waitFinished = "wait-finished"
    case inventoryUpdated = "inventory-updated"
    case runFinished = "run-finished"
}
