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

/// Another run holds the lock.
package struct LockedError: Error, Sendable {
    package var environment: String
    package var holder: LockHolder?
    package var place: String

    package init(environment: String, holder: LockHolder?, place: String) {
        self.environment = environment
        self.holder = holder
        self.place = place
    }

    package var diagnostic: Diagnostic {
        var message = "environment '\(environment)' is locked by another run"
        if let holder {
            message =
                "environment '\(environment)' is locked by run \(holder.runID) of \(holder.actor) on \(holder.host), since \(holder.since)"
        }
        return Diagnostic(
            message, object: place, advice: "wait for it (--lock-timeout 5m does), or if it is dead, until its lease expires")
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
}
