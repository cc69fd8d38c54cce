internal import Synchronization

/// An answer that somebody may wait for, but not for long.
final class EarlyAnswer<Value: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Value?, Never>)
        /// The first answer, or that there is none.
        case ended(Value?)
    }

    private let state = Mutex(State.open)

    /// What was given, if anything was.
    var value: Value? {
        state.withLock { state in
            if case .ended(let value) = state { return value }
            return nil
        }
    }

    /// Gives the answer, or says that there is none; the first time counts.
    func give(_ value: Value?) {
        let waiting = state.withLock { state -> CheckedContinuation<Value?, Never>? in
            var waiting: CheckedContinuation<Value?, Never>?
            switch state {
            case .ended: return nil
            case .open: break
            case .awaited(let continuation): waiting = continuation
            }
            state = .ended(value)
            return waiting
        }
        waiting?.resume(returning: value)
    }

    /// The answer, if it is given soon; `nil` when it is not, or there is none. To be asked for once.
    func value(within moment: Duration) async -> Value? {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state -> Value?? in
                if case .ended(let value) = state { return value }
                state = .awaited(continuation)
                return nil
            }
            if let known { return continuation.resume(returning: known) }
            Task {
                try? await Task.sleep(for: moment)
                stopWaiting()
            }
        }
    }

    /// What is given from now on is given all the same, and nobody waits for it.
    private func stopWaiting() {
        let waiting = state.withLock { state -> CheckedContinuation<Value?, Never>? in
            guard case .awaited(let waiting) = state else { return nil }
            state = .open
            return waiting
        }
        waiting?.resume(returning: nil)
    }
}
