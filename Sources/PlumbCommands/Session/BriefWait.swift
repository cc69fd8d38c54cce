internal import Synchronization

extension Task where Failure == any Error {
    /// What the task ends with if it does soon; `nil` while it goes on, and when it has failed. The task is not cancelled.
    func value(within moment: Duration) async -> Success? {
        let wait = BriefWait<Success>()
        return await withCheckedContinuation { continuation in
            wait.begin(continuation)
            let pause = Task<Void, Never> {
                try? await Task<Never, Never>.sleep(for: moment)
                wait.end(nil)
            }
            Task<Void, Never> {
                wait.end(try? await value)
                pause.cancel()
            }
        }
    }
}

/// A wait that ends with the first that ends it.
private final class BriefWait<Value: Sendable>: Sendable {
    private let continuation = Mutex<CheckedContinuation<Value?, Never>?>(nil)

    func begin(_ new: CheckedContinuation<Value?, Never>) { continuation.withLock { $0 = new } }

    func end(_ value: Value?) {
        let waiting = continuation.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        waiting?.resume(returning: value)
    }
}
