/// The names of the fields that records add to what every record has, spelled once for those who write and who read.
package enum AuditField {
    // Of `run-started`.
    package static let actor = "actor"
    package static let host = "host"
    package static let job = "ciJob"
    /// What was run, when it was no apply of a plan.
    package static let command = "command"
    package static let planDigest = "planDigest"
    package static let commit = "commit"
    package static let approvals = "approvals"

    // Of `change-started`, `change-finished` and `wait-finished`.
    /// The object's id, such as `apps/Deployment/shop/web`.
    package static let object = "object"
    /// `create`, `update`, `replace`, `delete`, `no-op`.
    package static let action = "action"
    /// `succeeded`, `failed`, `skipped`, `unchanged`.
    package static let result = "result"
    package static let httpStatus = "httpStatus"
    package static let resourceVersionBefore = "resourceVersionBefore"
    package static let resourceVersionAfter = "resourceVersionAfter"
    /// A whole number of milliseconds.
    package static let durationMilliseconds = "durationMilliseconds"
    /// A sentence that holds no secret.
    package static let error = "error"
    /// What a wait ended with, in the words of the health check.
    package static let message = "message"

    // Of `run-finished`.
    /// An object of whole numbers: how many changes ended with which result.
    package static let counts = "counts"
    package static let exitCode = "exitCode"

    // Of every record.
    package static let environment = "environment"
    package static let previous = "previous"
    package static let runID = "runID"
    package static let sequence = "sequence"
    package static let time = "time"
    package static let type = "type"

    /// What the log itself writes into every record: a field of such a name given by the caller is dropped.
    static let reserved: Set<String> = [environment, previous, runID, sequence, time, type]
}
