internal import Manifests
package import Planning

/// What happens while a plan is applied, for whoever shows it.
package enum ApplyEvent: Sendable {
    case started(Change)
    /// Sent and accepted; it is waited for now.
    case written(Change, ChangeResult)
    case finished(Change, ChangeResult)
    /// A change was made and is not healthy yet; told again when the reason changes.
    case waiting(Change, reason: String)
    case note(String)
}

/// What came of a change.
package struct ChangeResult: Hashable, Sendable {
    package enum Outcome: String, Sendable {
        case succeeded
        case failed
        case skipped
        case unchanged
    }

    package var outcome: Outcome
    /// Of the request that decided; 0 when none was made.
    package var httpStatus: Int
    package var resourceVersionBefore: String
    package var resourceVersionAfter: String
    /// The object's UID after the change; empty when it is gone or was never made.
    package var uid: String
    /// The state after the change, if in it the object has every field as it was applied.
    package var seen = SeenState()
    /// Why it failed or was skipped; never a secret.
    package var error: String?
    package var durationMilliseconds: Int

    package init(
        _ outcome: Outcome, httpStatus: Int = 0, resourceVersionBefore: String = "", resourceVersionAfter: String = "",
        uid: String = "", error: String? = nil, durationMilliseconds: Int = 0
    ) {
        self.outcome = outcome
        self.httpStatus = httpStatus
        self.resourceVersionBefore = resourceVersionBefore
        self.resourceVersionAfter = resourceVersionAfter
        self.uid = uid
        self.error = error
        self.durationMilliseconds = durationMilliseconds
    }
}
