internal import Manifests

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The log's file and what is known of its end. Used by one thread at a time; other processes may append between
/// two commits, so each commit takes the file's lock and looks whether the file has grown.
final class AuditFile {
    let path: String
    private let rotation: AuditRotation
    private let clock: @Sendable () -> Timestamp
    private let calls: SystemCalls
    private var file: FileDescriptor
    private var identity: FileIdentity
    /// How far the file is known; the head belongs to the line that ends here.
    private var size: Int64 = 0
    private(set) var head = AuditHead.none
    /// What was found and mended, for the user to be told.
    private(set) var notes: [Diagnostic] = []

    init(
        path: String, rotation: AuditRotation, clock: @escaping @Sendable () -> Timestamp, calls: SystemCalls
    ) throws(AuditError) {
        self.path = LogPath.resolved(path)
        self.rotation = rotation
        self.clock = clock
        self.calls = calls
        (file, identity) = try Self.open(self.path)
        try lockCurrentFile()
        defer { file.unlock() }
        try catchUp()
    }

    /// Appends records as one group: one write, one flush. They are on disk when this returns; when it throws, none is.
    func commit(_ entries: [(entry: AuditEntry, time: Timestamp)]) throws(AuditError) -> [AuditReceipt] {
        try lockCurrentFile()
        defer { file.unlock() }
        try catchUp()
        var group = Group(entries, after: head)
        if case .bytes(let bytesMax) = rotation, size > 0, size + Int64(group.bytes.count) > Int64(bytesMax) {
            try rotate()
            // Another process may have begun the new file, and the chain has gone on.
            group = Group(entries, after: head)
        }
        do throws(AuditError) {
            try file.write(group.bytes, calls: calls)
            try file.synchronize(calls: calls)
        } catch {
            // Nobody was told that these records are there, and the acts they announce will not happen.
            try? file.truncate(to: size)
            try? file.synchronize(calls: SystemCalls())
            throw error
        }
        size += Int64(group.bytes.count)
        head = group.receipts.last ?? head
        return group.receipts
    }

    /// Records with their place in the chain.
    private struct Group {
        var bytes: [UInt8] = []
        var receipts: [AuditReceipt] = []

        init(_ entries: [(entry: AuditEntry, time: Timestamp)], after head: AuditHead) {
            var last = head
            for (entry, time) in entries {
                let line = entry.line(after: last, time: time)
                last = AuditHead(sequence: last.sequence + 1, hash: LineHash.text(of: line))
                receipts.append(last)
                bytes += line
                bytes.append(0x0A)
            }
        }
    }

    /// Opens the file, or makes it with its name on disk.
    private static func open(_ path: String) throws(AuditError) -> (FileDescriptor, FileIdentity) {
        let isNew = access(path, F_OK) != 0
        let file = try FileDescriptor(opening: path, flags: O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK)
        let status = try file.status()
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw AuditError(
                kind: .notALog, path: path, message: "the audit log must be a regular file", advice: "name another file")
        }
        if isNew { try LogPath.synchronizeFolder(of: path) }
        return (file, FileIdentity(status))
    }

    /// Takes the lock of the file that now has the log's name: another process may have rotated while this one waited.
    private func lockCurrentFile() throws(AuditError) {
        // Each turn but the last follows a rotation by another process; more in a row than this is no rotation.
        for _ in 0..<100 {
            try file.lock()
            if FileIdentity(at: path) == identity { return }
            file.unlock()
            let wasRotated = LogPath.rotatedNumbers(of: path).contains { FileIdentity(at: "\(path).\($0)") == identity }
            guard wasRotated else { break }
            (file, identity) = try Self.open(path)
            size = 0
        }
        throw AuditError(
            kind: .replaced, path: path, message: "the audit log was removed or replaced while it was open",
            advice: "find out what moved it; rotation is plumb's own work, by size")
    }

    /// Reads what others appended since, and sets a torn last line aside.
    private func catchUp() throws(AuditError) {
        let found = Int64(try file.status().st_size)
        guard found >= size else {
            throw AuditError(
                kind: .replaced, path: path, message: "the audit log was shortened while it was open",
                advice: "find out what wrote to it, and check it with 'plumb audit verify'")
        }
        if found > size {
            let tail = try LogTail.read(file, from: size, size: found)
            if let line = tail.lastLine { head = try LogTail.head(of: line, in: path) }
            if tail.end == 0 { try checkIsTornRecord(found) }
            if tail.end < found { try setAside(from: tail.end, to: found) }
            size = tail.end
        }
        if size == 0 { head = try rotatedHead() }
    }

    /// A file without one whole line is only taken for a log torn in its first line if it looks like one.
    private func checkIsTornRecord(_ found: Int64) throws(AuditError) {
        let first = try file.read(from: 0, count: 1).first
        let isWhole =
            found < 1 << 20 && (try? JSONParser.parse(file.read(from: 0, count: Int(found)))).map { AuditRecord($0) == nil } == true
        guard !isWhole, first == 0 || first == UInt8(ascii: "{") else {
            throw AuditError(
                kind: .notALog, path: path, message: "this is no audit log: its first line is no record",
                advice: "name another file; this one was left as it is")
        }
    }

    /// Keeps torn bytes in a file beside the log, then cuts them off it.
    private func setAside(from start: Int64, to end: Int64) throws(AuditError) {
        let base = "\(path).torn-\(clock().rfc3339Microseconds)"
        var name = base
        var count = 1
        while access(name, F_OK) == 0 {
            count += 1
            name = "\(base)-\(count)"
        }
        let torn = try FileDescriptor(opening: name, flags: O_WRONLY | O_CREAT | O_EXCL)
        do throws(AuditError) {
            var offset = start
            while offset < end {
                let bytes = try file.read(from: offset, count: Int(min(end - offset, 1 << 20)))
                if bytes.isEmpty { break }
                try torn.write(bytes, calls: calls)
                offset += Int64(bytes.count)
            }
            try torn.synchronize(calls: calls)
            try LogPath.synchronizeFolder(of: name)
        } catch {
            unlink(name)
            throw error
        }
        try file.truncate(to: start)
        try file.synchronize(calls: calls)
        notes.append(
            Diagnostic(
                "\(path): the last line was torn, as a power cut or a full disk leaves it; its \(end - start) bytes were set aside",
                advice: "they are in \(name); no record that was confirmed is among them"))
    }

    /// The chain's end when the file is empty: the last line of the file rotated away last, if there is one.
    private func rotatedHead() throws(AuditError) -> AuditHead {
        guard let number = LogPath.rotatedNumbers(of: path).last else { return .none }
        let before = try FileDescriptor(opening: "\(path).\(number)", flags: O_RDONLY)
        guard let line = try LogTail.read(before, from: 0, size: Int64(before.status().st_size)).lastLine else {
            throw AuditError(
                kind: .notALog, path: before.path, message: "the rotated audit log holds no record",
                advice: "put the file back as it was, or move it away with all the others to begin a new log")
        }
        return try LogTail.head(of: line, in: before.path)
    }

    /// Moves the file aside and begins a new one. The next number is free: who rotates holds the lock.
    private func rotate() throws(AuditError) {
        let (number, overflows) = (LogPath.rotatedNumbers(of: path).last ?? 0).addingReportingOverflow(1)
        let name = "\(path).\(number)"
        guard !overflows, access(name, F_OK) != 0, rename(path, name) == 0 else {
            throw AuditError.system("rotate the audit log to \(name)", path)
        }
        let moved = file
        defer { moved.unlock() }
        (file, identity) = try Self.open(path)
        size = 0
        try LogPath.synchronizeFolder(of: path)
        try lockCurrentFile()
        try catchUp()
    }
}
