internal import Threads

/// Runs deep recursions on a thread of their own: main's stack has 8 MB, which templates that include one another use up.
enum LargeStack {
    /// Runs the body and waits for it; on the caller's own stack when no thread is to be had.
    static func run<Result>(bytes: Int, _ body: @escaping () throws -> Result) throws -> Result {
        var result: Swift.Result<Result, any Error>?
        // Unsafe by its type alone: the caller does nothing until the thread has ended, so that never two are at what the body
        // captures.
        nonisolated(unsafe) let work = { result = Swift.Result { try body() } }
        guard let thread = try? SystemThread(stackBytes: bytes, { work() }) else { return try body() }
        thread.join()
        guard let result else { throw GoError("the rendering ended without a result") }
        return try result.get()
    }
}
