internal import Manifests
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A lock on a file beside an inventory file. The system frees it when the process ends, however it ends.
package final class FileRunLock: RunLock {
    private let path: String
    private let environment: String
    private let holder: LockHolder
    private let descriptor = Mutex<Int32>(-1)

    /// - Parameter path: Of the inventory; the lock is a file of its own beside it.
    package init(path: String, environment: String, holder: LockHolder) {
        self.path = "\(path).lock"
        self.environment = environment
        self.holder = holder
    }

    package var place: String { path }

    package var isHeld: Bool { descriptor.withLock { $0 >= 0 } }

    package func acquire() async throws {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else {
            throw Diagnostic("taking the lock: \(String(cString: strerror(errno)))", at: SourcePosition(file: path))
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let other = Self.readHolder(file)
            close(file)
            throw LockedError(environment: environment, holder: other, place: path)
        }
        let text = [holder.runID, holder.actor, holder.host, holder.since, "\(getpid())"].joined(separator: "\n")
        guard ftruncate(file, 0) == 0, pwrite(file, text, text.utf8.count, 0) == text.utf8.count else {
            close(file)
            throw Diagnostic("writing the lock: \(String(cString: strerror(errno)))", at: SourcePosition(file: path))
        }
        descriptor.withLock { $0 = file }
    }

    package func release() async {
        descriptor.withLock { file in
            guard file >= 0 else { return }
            _ = ftruncate(file, 0)
            close(file)
            file = -1
        }
    }

    package func inspect() async throws -> LockInspection? {
        let file = open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw Diagnostic("reading the lock: \(String(cString: strerror(errno)))", at: SourcePosition(file: path))
        }
        defer { close(file) }
        // Taken for a moment: then nobody has it.
        if flock(file, LOCK_SH | LOCK_NB) == 0 { return nil }
        return LockInspection(holder: Self.readHolder(file))
    }

    package func free(_ lock: LockInspection) async throws {
        let process = Self.lines(path).dropFirst(4).first
        throw Diagnostic(
            "the lock is held by a process that runs, and ends with it", at: SourcePosition(file: path),
            advice: process.map { "end process \($0) on \(lock.holder?.host ?? "its host"), or wait for it" })
    }

    private static func readHolder(_ file: Int32) -> LockHolder? {
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = pread(file, &buffer, buffer.count, 0)
        guard count > 0 else { return nil }
        let parts = String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
        guard parts.count >= 4 else { return nil }
        return LockHolder(runID: parts[0], actor: parts[1], host: parts[2], since: parts[3])
    }

    private static func lines(_ path: String) -> [String] {
        guard let file = fopen(path, "re") else { return [] }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
