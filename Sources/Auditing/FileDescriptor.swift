#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// One open file, closed exactly once. Every error names the path and says what was attempted.
final class FileDescriptor {
    let raw: Int32
    let path: String

    init(opening path: String, flags: Int32, mode: mode_t = 0o600) throws(AuditError) {
        var raw: Int32 = -1
        repeat { raw = open(path, flags | O_CLOEXEC, mode) } while raw < 0 && errno == EINTR
        guard raw >= 0 else { throw AuditError.system("open the audit log", path) }
        self.raw = raw
        self.path = path
    }

    deinit { close(raw) }

    func status() throws(AuditError) -> stat {
        var status = stat()
        guard fstat(raw, &status) == 0 else { throw AuditError.system("read the audit log's size", path) }
        return status
    }

    /// Reads a range of the file whole; fewer bytes only where the file ends before.
    func read(from offset: Int64, count: Int) throws(AuditError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = 0
            while filled < count {
                let got = pread(raw, buffer.baseAddress! + filled, count - filled, off_t(offset) + off_t(filled))
                if got < 0 && errno == EINTR { continue }
                if got < 0 { failure = errno }
                if got <= 0 { break }
                filled += got
            }
        }
        if failure != 0 { throw AuditError.system("read the audit log", path, errno: failure) }
        return bytes
    }

    /// Writes all the bytes at the file's end; what was written before a failure stays.
    func write(_ bytes: [UInt8], calls: SystemCalls) throws(AuditError) {
        var failure: Int32 = 0
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let written = calls.write(raw, UnsafeRawBufferPointer(rebasing: buffer[done...]))
                if written < 0 && errno == EINTR { continue }
                if written <= 0 {
                    failure = written < 0 ? errno : EIO
                    return
                }
                done += written
            }
        }
        if failure != 0 { throw AuditError.system("write to the audit log", path, errno: failure) }
    }

    func synchronize(calls: SystemCalls) throws(AuditError) {
        while calls.synchronize(raw) != 0 {
            if errno != EINTR { throw AuditError.system("flush the audit log to disk", path) }
        }
    }

    func truncate(to size: Int64) throws(AuditError) {
        while ftruncate(raw, off_t(size)) != 0 {
            if errno != EINTR { throw AuditError.system("cut a torn line off the audit log", path) }
        }
    }

    /// Takes the lock that all processes appending to the file share, waiting for it within bounds: a stopped process
    /// that holds it must not make this one hang.
    func lock(exclusive: Bool = true, secondsMax: Double = 30) throws(AuditError) {
        var waited: UInt32 = 0
        while flock(raw, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw AuditError.system("lock the audit log", path) }
            guard Double(waited) / 1_000_000 < secondsMax else {
                throw AuditError(
                    kind: .locked, path: path,
                    message: "another process has held the audit log's lock for \(Int(secondsMax)) s",
                    advice: "end the process that has the file open (fuser \(path)), or write to another file")
            }
            // Short at first: a commit holds the lock for about as long as one flush takes.
            let pause: UInt32 = waited < 20_000 ? 200 : 2_000
            usleep(pause)
            waited += pause
        }
    }

    func unlock() { _ = flock(raw, LOCK_UN) }
}

extension AuditError {
    /// The error of the system call that just failed, in the system's words.
    static func system(_ attempt: String, _ path: String, errno number: Int32 = errno) -> AuditError {
        AuditError(
            kind: .system(errno: number), path: path, message: "cannot \(attempt): \(words(number))", advice: advice(number))
    }

    private static func words(_ number: Int32) -> String {
        String(cString: strerror(number)).lowercased()
    }

    private static func advice(_ number: Int32) -> String? {
        switch number {
        case ENOSPC, EDQUOT, EFBIG: "make room for the log, or move it to another disk, and run again"
        case ENOENT, ENOTDIR: "correct the path, or create the folder first"
        case EACCES, EPERM, EROFS: "name a file that this user may write"
        case EISDIR: "name a file, not a folder"
        default: nil
        }
    }
}
