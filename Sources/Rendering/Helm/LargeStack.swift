#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Runs deep recursions on a thread of their own: main's stack has 8 MB, which templates that include one another use up.
/// The memory is only taken as far as it is touched.
enum LargeStack {
    private final class Work {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    /// Runs the body and waits for it; on the caller's own stack when no thread is to be had.
    static func run<Result>(bytes: Int, _ body: @escaping () throws -> Result) throws -> Result {
        var result: Swift.Result<Result, any Error>?
        let work = Work { result = Swift.Result { try body() } }
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        defer { attributes.deallocate() }
        guard pthread_attr_init(attributes) == 0 else { return try body() }
        defer { pthread_attr_destroy(attributes) }
        guard pthread_attr_setstacksize(attributes, bytes) == 0 else { return try body() }
        let context = Unmanaged.passRetained(work)
        #if canImport(Glibc)
            var thread: pthread_t = 0
            let status = pthread_create(
                &thread, attributes,
                { context in
                    if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
                    return nil
                }, context.toOpaque())
            guard status == 0 else {
                context.release()
                return try body()
            }
            pthread_join(thread, nil)
        #else
            var thread: pthread_t?
            let status = pthread_create(
                &thread, attributes,
                { context in
                    Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                    return nil
                }, context.toOpaque())
            guard status == 0, let thread else {
                context.release()
                return try body()
            }
            pthread_join(thread, nil)
        #endif
        guard let result else { throw GoError("the rendering ended without a result") }
        return try result.get()
    }
}
