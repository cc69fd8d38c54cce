package import Manifests

/// Who holds an environment's lock.
package struct LockHolder: Hashable, Sendable {
    package var runID: String
    package var actor: String
    package var host: String
    /// RFC 3339.
    package var since: String

    package init(runID: String, actor: String, host: String, since: String) {
        self.runID = runID
        self.actor = actor
        self.host = host
        self.since = since
    }
}

/// A lock as somebody who does not hold it sees it.
package struct LockInspection: Sendable {
    /// `nil` when the lock does not say.
    package var holder: LockHolder?
    /// RFC 3339; `nil` for locks that are not renewed.
    package var renewed: String?
    /// How long it holds if it is not renewed; `nil` for locks that end with their process.
    package var expiresIn: Duration?
    /// What the lock is freed by: only the very lock that was looked at is.
    var uid = ""
    var resourceVersion = ""

    /// Whether its run has ended without freeing it, as far as that can be told.
    package var isExpired: Bool { expiresIn.map { $0 <= .zero } ?? false }
}

/// Another run holds the lock.
package struct LockedError: Error, Sendable {
    package var environment: String
    package var holder: LockHolder?
    package var place: String
    /// When a lock that is not renewed runs out.
    package var expiresIn: Duration?

    package init(environment: String, holder: LockHolder?, place: String, expiresIn: Duration? = nil) {
        self.environment = environment
        self.holder = holder
        self.place = place
        self.expiresIn = expiresIn
    }

    package var diagnostic: Diagnostic {
        var message = "environment '\(environment)' is locked by another run"
        if let holder {
            message =
                "environment '\(environment)' is locked by run \(holder.runID) of \(holder.actor) on \(holder.host), since \(holder.since)"
        }
        var advice = "wait for it (--lock-timeout 5m does)"
        if let expiresIn { advice += "; if it died, its lock expires in \(DurationText.text(max(expiresIn, .seconds(1))))" }
        advice += "; a person frees it with 'plumb unlock \(environment)'"
        return Diagnostic(message, object: place, advice: advice)
    }
}

/// One writer at a time for an environment.
package protocol RunLock: Sendable {
    var place: String { get }
    /// Takes the lock.
    /// - Throws: `LockedError` when another run holds it.
    func acquire() async throws
    /// Whether the lock is surely ours now: a run that cannot tell must not write.
    var isHeld: Bool { get }
    func release() async
    /// The lock as it is now; `nil` when nobody holds it.
    func inspect() async throws -> LockInspection?
    /// Frees a lock that was looked at, whoever holds it.
    /// - Throws: `Diagnostic` when it was renewed, taken or freed meanwhile, or cannot be freed.
    func free(_ lock: LockInspection) async throws
}
