#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A thread of the system that runs one function.
final class LoopThread: Sendable {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    #if canImport(Glibc)
        private let id: pthread_t?
    #else
        // Written once, in the initialiser, and never looked into: a name for the thread.
        private nonisolated(unsafe) let id: pthread_t?
    #endif

    init(_ run: @escaping @Sendable () -> Void) {
        let body = Unmanaged.passRetained(Body(run)).toOpaque()
        #if canImport(Glibc)
            var thread = pthread_t()
            let code = pthread_create(
                &thread, nil,
                { context in
                    if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                    return nil
                }, body)
            id = code == 0 ? thread : nil
        #else
            var thread: pthread_t?
            let code = pthread_create(
                &thread, nil,
                { context in
                    Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                    return nil
                }, body)
            id = code == 0 ? thread : nil
        #endif
        if code != 0 { Unmanaged<Body>.fromOpaque(body).release() }
    }

    var isStarted: Bool { id != nil }

    /// Waits for the thread's end; called by the thread itself, lets it go instead. Once only.
    func join() {
        guard let id else { return }
        if pthread_equal(pthread_self(), id) != 0 { pthread_detach(id) } else { pthread_join(id, nil) }
    }
}
