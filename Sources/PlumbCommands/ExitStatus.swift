internal import ArgumentParser

/// The contract's exit codes.
enum ExitStatus {
    static let done: Int32 = 0
    /// An error; nothing was changed in the target.
    static let error: Int32 = 1
    /// `plan --detailed-exitcode`: there are changes.
    static let changes: Int32 = 2
    /// The plan is stale.
    static let stale: Int32 = 3
    /// Not approved, altered, or forbidden by a policy.
    static let forbidden: Int32 = 4
    /// Some changes failed, were not healthy in time, or were skipped because of it.
    static let incomplete: Int32 = 5
    /// Another run holds the environment's lock.
    static let locked: Int32 = 6
    /// The command line is wrong.
    static let usage: Int32 = 64
}
