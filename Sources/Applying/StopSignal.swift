internal import Synchronization

/// Tells a run that it is to stop: nothing new starts, what is under way is finished and recorded.
///
/// Raised by a signal's handler, which may do no more than change atomic numbers, or by a lock that was lost.
package final class StopSignal: Sendable {
    private let number = Atomic<Int32>(0)
    private let count = Atomic<Int>(0)
    private let lost = Atomic<Bool>(false)

    package init() {}

    /// Asks for the stop; the first signal counts, a second one makes it urgent.
    package func raise(signal: Int32) {
        _ = number.compareExchange(expected: 0, desired: signal, ordering: .relaxed)
        count.wrappingAdd(1, ordering: .relaxed)
    }

    /// Stops a run whose lock another has now.
    package func loseLock() { lost.store(true, ordering: .relaxed) }

    /// The number of the signal, or `nil` while nobody has asked.
    package var signal: Int32? {
        let raised = number.load(ordering: .relaxed)
        return raised == 0 ? nil : raised
    }

    /// Whether a second signal came: what is under way is given up, too.
    package var isUrgent: Bool { count.load(ordering: .relaxed) > 1 }
    package var hasLostLock: Bool { lost.load(ordering: .relaxed) }
    /// Whether nothing new may start.
    package var isRaised: Bool { signal != nil || hasLostLock }

    /// Why what was not started was not.
    package var reason: String {
        hasLostLock ? "the lock was lost before it" : "the run was stopped before it"
    }
}

extension StopSignal {
    /// How often a waiting run looks for the second signal.
    private static let pause: Duration = .milliseconds(50)

    /// Does work that a second signal cancels; returns when the work has ended, one way or the other.
    package func interruptible<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                while !self.isUrgent, !Task.isCancelled { try? await Task.sleep(for: Self.pause) }
                return nil
            }
            while let ended = try await group.next() {
                group.cancelAll()
                if let ended { return ended }
            }
            throw CancellationError()
        }
    }
}
