internal import Synchronization

/// An answer that somebody may wait for, but not for long.
final class EarlyAnswer<Value: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Value?, Never>)
        case given(Value)
        /// The wait is over.
        case late
    }

    private let state = Mutex(State.open)

    /// What was given first.
    var value: Value? {
        state.withLock { state in
            if case .given(let value) = state { return value }
            return nil
        }
    }

    func give(_ value: Value) {
        let waiting = state.withLock { state -> CheckedContinuation<Value?, Never>? in
            switch state {
            case .given: return nil
            case .awaited(let waiting):
                state = .given(value)
                return waiting
            case .open, .late:
                state = .given(value)
                return nil
            }
        }
        waiting?.resume(returning: value)
    }

    /// The answer, if it is given soon. To be asked for once.
    func value(within moment: Duration) async -> Value? {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state -> Value? in
                if case .given(let value) = state { return value }
                state = .awaited(continuation)
                return nil
            }
            if let known { return continuation.resume(returning: known) }
            Task {
                try? await Task.sleep(for: moment)
                giveUp()
            }
        }
    }

    private func giveUp() {
        let waiting = state.withLock { state -> CheckedContinuation<Value?, Never>? in
            guard case .awaited(let waiting) = state else { return nil }
            state = .late
            return waiting
        }
        waiting?.resume(returning: nil)
    }
}
