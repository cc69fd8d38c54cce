internal import Synchronization

/// Counts the requests of one piece of work, whichever clients it makes them through: several share a client.
package final class RequestCounter: Sendable {
    /// The counter of the work that the current task is part of.
    @TaskLocal package static var current: RequestCounter?

    private let counts = Mutex(RequestStatistics())

    package init() {}

    /// What was asked so far.
    package var statistics: RequestStatistics { counts.withLock { $0 } }

    func change(_ body: (inout RequestStatistics) -> Void) { counts.withLock { body(&$0) } }
}
