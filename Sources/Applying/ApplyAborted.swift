package import Manifests

/// A run that began to write and could not go on to its end. What it did stays; the inventory remembers all that it may
/// have made, so the same plan applied again carries on.
package struct ApplyAborted: Error, Sendable {
    package var faults: [Diagnostic]
    /// What came of the changes, as far as it is known.
    package var counts: [ChangeResult.Outcome: Int]
    /// What ended it, when that was an error of its own.
    package var cause: (any Error)?

    package init(_ faults: [Diagnostic], counts: [ChangeResult.Outcome: Int] = [:], cause: (any Error)? = nil) {
        self.faults = faults
        self.counts = counts
        self.cause = cause
    }
}
