internal import Synchronization

/// Bounds how many requests are under way, and finds out how many the server takes; those that wait go in the order in
/// which they came.
///
/// Additive increase, multiplicative decrease: the bound doubles from round to round until the server first complains (a
/// 429, a 503 with `Retry-After`, answers that take many times as long as they did), is then halved, and grows by one a round
/// from there. One complaint counts for all that was under way when it came.
final class FlightLimit: Sendable {
    private struct State {
        var bound: Double
        var inFlight = 0
        var isGrowingFast = true
        /// When the bound was lowered last.
        var lowered: ContinuousClock.Instant?
        /// Of the answers to writes, in seconds: the smoothed latency, and the best that it has been.
        var latency = 0.0
        var bestLatency = 0.0
        var nextTicket: UInt64 = 0
        /// The waiting tickets in order; served and cancelled ones leave `waiting` and are skipped here.
        var order: [UInt64] = []
        var head = 0
        var waiting: [UInt64: UnsafeContinuation<Bool, Never>] = [:]
        var cancelledEarly: Set<UInt64> = []

        var hasRoom: Bool { inFlight < max(1, Int(bound)) }
    }

    /// Where it begins, when more is allowed: enough to be quick, and little enough not to hurt.
    private static let start = 32
    /// Answers slower than this, and than so many times the best, say that the server has more than it can do.
    private static let slowSeconds = 2.0
    private static let slowFactor = 8.0

    private let maximum: Int
    private let state: Mutex<State>

    init(_ maximum: Int) {
        self.maximum = max(1, maximum)
        state = Mutex(State(bound: Double(min(self.maximum, Self.start))))
    }

    /// How many requests may be under way now.
    var current: Int { state.withLock { max(1, Int($0.bound)) } }

    /// Waits for a place; `false` when the task was cancelled meanwhile, and then no place is taken.
    func enter() async -> Bool {
        let ticket: UInt64? = state.withLock { state in
            if state.hasRoom, state.waiting.isEmpty {
                state.inFlight += 1
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
                    if state.hasRoom, state.waiting.isEmpty {
                        state.inFlight += 1
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

    /// Gives the place up, to whoever waits longest if the bound still allows it.
    func leave() {
        let waiters = state.withLock { state in
            state.inFlight -= 1
            return Self.serve(&state)
        }
        for waiter in waiters { waiter.resume(returning: true) }
    }

    /// Learns from an answer.
    /// - Parameter isWrite: Whether its latency counts: reads are too different from each other.
    func answered(after duration: Duration, isWrite: Bool) {
        let waiters = state.withLock { state in
            if isWrite {
                let (seconds, attoseconds) = duration.components
                let latency = Double(seconds) + Double(attoseconds) / 1e18
                state.latency = state.latency == 0 ? latency : state.latency * 0.9 + latency * 0.1
                state.bestLatency = state.bestLatency == 0 ? state.latency : min(state.bestLatency, state.latency)
                if state.latency > Self.slowSeconds, state.latency > state.bestLatency * Self.slowFactor {
                    lower(&state, by: 0.7)
                    return [UnsafeContinuation<Bool, Never>]()
                }
            }
            state.bound = min(Double(maximum), state.bound + (state.isGrowingFast ? 1 : 1 / max(1, state.bound)))
            return Self.serve(&state)
        }
        for waiter in waiters { waiter.resume(returning: true) }
    }

    /// Learns that the server has turned a request away because it has too many.
    func refused() { state.withLock { lower(&$0, by: 0.5) } }

    private func lower(_ state: inout State, by factor: Double) {
        let now = ContinuousClock.now
        let round = Duration.milliseconds(Int(max(0.2, min(state.latency, 5)) * 1000))
        if let lowered = state.lowered, now - lowered < round { return }
        state.lowered = now
        state.isGrowingFast = false
        state.bound = max(1, state.bound * factor)
    }

    private static func serve(_ state: inout State) -> [UnsafeContinuation<Bool, Never>] {
        var served: [UnsafeContinuation<Bool, Never>] = []
        while state.hasRoom, state.head < state.order.count {
            let ticket = state.order[state.head]
            state.head += 1
            if state.head > 1024, state.head * 2 > state.order.count {
                state.order.removeFirst(state.head)
                state.head = 0
            }
            guard let waiter = state.waiting.removeValue(forKey: ticket) else { continue }
            state.inFlight += 1
            served.append(waiter)
        }
        if state.head == state.order.count {
            state.order.removeAll(keepingCapacity: true)
            state.head = 0
        }
        return served
    }
}
