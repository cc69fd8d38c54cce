#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A thread of the system, for work that blocks for long or needs a stack of its own: Swift's pool has one thread a core, with
/// small stacks. Whoever starts one either joins it or lets it go, once.
package struct SystemThread: Sendable {
    /// The system gives no thread.
    package struct Failure: Error {
        /// As `errno` has it.
        package let code: Int32
    }

    private final class Work {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    #if canImport(Glibc)
        private let id: pthread_t
    #else
        // Unsafe by its type alone, a pointer on this system: it names the thread, and is set once and never followed.
        private nonisolated(unsafe) let id: pthread_t
    #endif

    /// Starts the body.
    /// - Parameter stackBytes: The size of its stack, whose memory is only taken as far as it is touched; `nil` for the
    ///   system's own.
    package init(stackBytes: Int? = nil, _ body: sending @escaping () -> Void) throws(Failure) {
        var attributes = pthread_attr_t()
        var code = pthread_attr_init(&attributes)
        guard code == 0 else { throw Failure(code: code) }
        defer { pthread_attr_destroy(&attributes) }
        if let stackBytes { code = pthread_attr_setstacksize(&attributes, stackBytes) }
        guard code == 0 else { throw Failure(code: code) }
        let work = Unmanaged.passRetained(Work(body))
        #if canImport(Glibc)
            var thread = pthread_t()
            code = pthread_create(
                &thread, &attributes,
                { work in
                    if let work { Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body() }
                    return nil
                }, work.toOpaque())
            id = thread
        #else
            var thread: pthread_t?
            code = pthread_create(
                &thread, &attributes,
                { work in
                    Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body()
                    return nil
                }, work.toOpaque())
            id = thread ?? pthread_self()
        #endif
        guard code == 0 else {
            work.release()
            throw Failure(code: code)
        }
    }

    /// Lets the calling thread rest.
    package static func pause(microseconds: UInt32) { _ = usleep(microseconds) }

    /// Waits for its end; called by the thread itself, lets it go instead.
    package func join() {
        if pthread_equal(pthread_self(), id) != 0 { pthread_detach(id) } else { pthread_join(id, nil) }
    }

    /// Lets it go: nobody waits for it.
    package func detach() { pthread_detach(id) }
}
