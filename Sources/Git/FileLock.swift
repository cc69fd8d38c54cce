import Manifests

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An exclusive lock between processes (`flock`) on a file of its own; given back when the value goes, or the process ends.
final class FileLock: Sendable {
    private let descriptor: CInt

    private init(descriptor: CInt) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Waits until nobody else holds the lock. Asks again every 50 ms instead of blocking a thread, so that a
    /// cancelled task stops waiting.
    static func acquire(_ path: String, whileWaiting log: @Sendable (String) -> Void) async throws -> FileLock {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Diagnostic("cannot open the lock file '\(path)': \(SystemError.text(errno))") }
        let lock = FileLock(descriptor: descriptor)
        var rounds = 0
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw Diagnostic("cannot lock '\(path)': \(SystemError.text(errno))")
            }
            rounds += 1
            if rounds == 20 { log("waiting for another run that fetches the same repository") }
            try await Task.sleep(for: .milliseconds(50))
        }
        return lock
    }
}
