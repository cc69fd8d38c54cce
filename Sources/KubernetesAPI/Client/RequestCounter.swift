internal import Synchronization

/// Counts the requests of one piece of work, whichever clients it makes them through: several share a client.
package final class RequestCounter: Sendable {
    /// The counter of the work that the current task is part of.
    @TaskLocal package static var current: RequestCounter?

    private let counts = Mutex(RequestStatistics())
    private let parent: RequestCounter?

    /// - Parameter parent: Of the work that this one is a part of: it counts the same requests too.
    package init(partOf parent: RequestCounter? = nil) { self.parent = parent }

    /// What was asked so far.
    package var statistics: RequestStatistics { counts.withLock { $0 } }

    func change(_ body: (inout RequestStatistics) -> Void) {
        counts.withLock { body(&$0) }
        parent?.change(body)
    }
}
