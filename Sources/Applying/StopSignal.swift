internal import Synchronization

/// Tells a run that it was asked to stop: nothing new starts, what is under way is finished and recorded.
package final class StopSignal: Sendable {
    private let number = Atomic<Int32>(0)

    package init() {}

    /// Asks for the stop; the first signal counts.
    package func raise(signal: Int32) {
        _ = number.compareExchange(expected: 0, desired: signal, ordering: .relaxed)
    }

    /// The number of the signal, or `nil` while nobody has asked.
    package var signal: Int32? {
        let raised = number.load(ordering: .relaxed)
        return raised == 0 ? nil : raised
    }
}
