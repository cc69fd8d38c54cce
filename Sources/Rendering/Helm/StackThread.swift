#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A thread with a stack of a given size. The memory is only taken as far as it is touched.
struct StackThread {
    private final class Work {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    private let thread: pthread_t

    /// Starts the body; `nil` when no thread is to be had. Whoever starts it joins it.
    init?(stackBytes: Int, _ body: @escaping () -> Void) {
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        defer { attributes.deallocate() }
        guard pthread_attr_init(attributes) == 0 else { return nil }
        defer { pthread_attr_destroy(attributes) }
        guard pthread_attr_setstacksize(attributes, stackBytes) == 0 else { return nil }
        let context = Unmanaged.passRetained(Work(body))
        #if canImport(Glibc)
            var thread: pthread_t = 0
            let status = pthread_create(
                &thread, attributes,
                { context in
                    if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
                    return nil
                }, context.toOpaque())
        #else
            var created: pthread_t?
            let status = pthread_create(
                &created, attributes,
                { context in
                    Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                    return nil
                }, context.toOpaque())
        #endif
        guard status == 0 else {
            context.release()
            return nil
        }
        #if !canImport(Glibc)
            guard let thread = created else { return nil }
        #endif
        self.thread = thread
    }

    func join() { pthread_join(thread, nil) }
}
