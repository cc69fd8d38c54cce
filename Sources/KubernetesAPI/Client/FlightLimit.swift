internal import Synchronization

/// Bounds how many requests are under way; those that wait go in the order in which they came.
final class FlightLimit: Sendable {
    private struct State {
        var free: Int
        var nextTicket: UInt64 = 0
        /// The waiting tickets in order; served and cancelled ones leave `waiting` and are skipped here.
        var order: [UInt64] = []
        var head = 0
        var waiting: [UInt64: UnsafeContinuation<Bool, Never>] = [:]
        var cancelledEarly: Set<UInt64> = []
    }

    private let state: Mutex<State>

    init(_ maximum: Int) {
        state = Mutex(State(free: max(1, maximum)))
    }

    /// Waits for a place; `false` when the task was cancelled meanwhile, and then no place is taken.
    func enter() async -> Bool {
        let ticket: UInt64? = state.withLock { state in
            if state.free > 0 {
                state.free -= 1
                return nil
            }
            state.nextTicket += 1
            return state.nextTicket
        }
        guard let ticket else { return true }
        return await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.cancelledEarly.remove(ticket) != nil { return false }
                    if state.free > 0 {
                        state.free -= 1
                        return true
                    }
                    state.waiting[ticket] = continuation
                    state.order.append(ticket)
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter: UnsafeContinuation<Bool, Never>? = state.withLock { state in
                if let waiter = state.waiting.removeValue(forKey: ticket) { return waiter }
                // Either not queued yet, or served already: a mark for a served ticket is never looked at.
                state.cancelledEarly.insert(ticket)
                return nil
            }
            waiter?.resume(returning: false)
        }
    }

    /// Gives the place to whoever waits longest.
    func leave() {
        let waiter: UnsafeContinuation<Bool, Never>? = state.withLock { state in
            while state.head < state.order.count {
                let ticket = state.order[state.head]
                state.head += 1
                if state.head > 1024, state.head * 2 > state.order.count {
                    state.order.removeFirst(state.head)
                    state.head = 0
                }
                if let waiter = state.waiting.removeValue(forKey: ticket) { return waiter }
            }
            state.order.removeAll(keepingCapacity: true)
            state.head = 0
            state.free += 1
            return nil
        }
        waiter?.resume(returning: true)
    }
}
