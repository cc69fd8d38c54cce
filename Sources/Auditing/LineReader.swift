#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Reads a source line by line in bounded memory. A file that is being appended to is read as far as it went when
/// reading began, so that a group half written is not taken for a torn line.
final class LineReader {
    private let source: AuditSource
    private let file: FileDescriptor?
    /// How many bytes are to be read in all, and how many were.
    private let total: Int64
    private var fetched: Int64 = 0
    private var buffer: [UInt8]
    private var start = 0
    private(set) var lineNumber = 0

    init(_ source: AuditSource) throws(AuditError) {
        self.source = source
        switch source {
        case .bytes(let bytes, _):
            file = nil
            buffer = bytes
            total = Int64(bytes.count)
            fetched = total
        case .file(let path):
            let file = try FileDescriptor(opening: path, flags: O_RDONLY | O_NONBLOCK)
            let status = try file.status()
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw AuditError(
                    kind: .notALog, path: path, message: "the audit log must be a regular file", advice: "name another file")
            }
            // Without the lock (a writer that hangs, a file system without locks) the size is good enough.
            try? file.lock(exclusive: false, secondsMax: 2)
            total = Int64(try file.status().st_size)
            file.unlock()
            self.file = file
            buffer = []
        }
    }

    /// Hands the next line to `body`, without its newline, and whether it ends in one; `nil` at the end.
    func next<Result>(_ body: (UnsafeRawBufferPointer, Bool) -> Result) throws(AuditError) -> Result? {
        var scanned = 0
        while true {
            let length = buffer.withUnsafeBytes { bytes -> Int? in
                let from = start + scanned
                guard from < bytes.count, let base = bytes.baseAddress,
                    let found = memchr(base + from, 0x0A, bytes.count - from)
                else { return nil }
                return UnsafeRawPointer(found) - base - start
            }
            if let length { return give(length, isWhole: true, body) }
            scanned = buffer.count - start
            guard fetched < total else { break }
            guard scanned < LogTail.lineBytesMax else {
                throw AuditError(
                    kind: .notALog, path: source.name, message: "line \(lineNumber + 1) is longer than 64 MiB", advice: nil)
            }
            try fetch()
        }
        return scanned == 0 ? nil : give(scanned, isWhole: false, body)
    }

    private func give<Result>(_ length: Int, isWhole: Bool, _ body: (UnsafeRawBufferPointer, Bool) -> Result) -> Result {
        lineNumber += 1
        let line = start..<(start + length)
        start = line.upperBound + (isWhole ? 1 : 0)
        return buffer.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[line]), isWhole) }
    }

    private func fetch() throws(AuditError) {
        guard let file else { return }
        buffer.removeFirst(start)
        start = 0
        let bytes = try file.read(from: fetched, count: Int(min(1 << 20, total - fetched)))
        fetched = bytes.isEmpty ? total : fetched + Int64(bytes.count)
        buffer += bytes
    }
}
