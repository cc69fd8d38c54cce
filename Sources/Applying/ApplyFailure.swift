package import Manifests

/// Why a plan is not applied; nothing was changed in the target.
package enum ApplyRefusal: Error, Sendable {
    /// The target, the inventory or an object is not what the plan assumed.
    case stale([Diagnostic])
    /// Not approved, altered, or forbidden by a policy.
    case forbidden(Diagnostic)
    case locked(LockedError)
    /// Anything else that stood in the way before the first change.
    case failed([Diagnostic])
}

/// The contract's exit codes of an apply.
package enum ApplyExit {
    package static let done = 0
    package static let error = 1
    package static let stale = 3
    package static let forbidden = 4
    package static let incomplete = 5
    package static let locked = 6
}

/// What came of an apply.
package struct ApplyOutcome: Sendable {
    package var counts: [ChangeResult.Outcome: Int]
    /// Ids of the changes that failed, with the reason, in the plan's order.
    package var failures: [(id: String, error: String)]
    /// The signal that stopped the run, if one did.
    package var signal: Int32?

    package init(counts: [ChangeResult.Outcome: Int], failures: [(id: String, error: String)], signal: Int32?) {
        self.counts = counts
        self.failures = failures
        self.signal = signal
    }

    package var isComplete: Bool { failures.isEmpty && (counts[.skipped] ?? 0) == 0 && signal == nil }
    package var exitCode: Int {
        if let signal { return 128 + Int(signal) }
        return isComplete ? ApplyExit.done : ApplyExit.incomplete
    }
}
