internal import Manifests

/// What stands at the end of a log's file: where the good lines end, and the last of them.
struct LogTail {
    /// The offset behind the last good line's newline; what follows is torn.
    let end: Int64
    /// The last good line without its newline; `nil` when there is none in the part that was looked at.
    let lastLine: [UInt8]?

    /// Lines longer than this are none that the log wrote.
    static let lineBytesMax: Int64 = 64 << 20
    /// More than one group of records has: a power cut can only have torn what was written last.
    private static let windowBytes: Int64 = 1 << 20

    /// Looks at a file's end, no further back than `start`, which is the beginning of a line.
    static func read(_ file: FileDescriptor, from start: Int64, size: Int64) throws(AuditError) -> LogTail {
        var window = windowBytes
        while true {
            let base = max(start, size - window)
            let bytes = try file.read(from: base, count: Int(size - base))
            if let tail = find(in: bytes, base: base, start: start) { return tail }
            guard window < lineBytesMax else {
                throw AuditError(
                    kind: .notALog, path: file.path, message: "this is no audit log: its last line is longer than 64 MiB",
                    advice: "name another file; this one was left as it is")
            }
            window *= 4
        }
    }

    /// `nil` when the window is too small to hold the last line.
    private static func find(in bytes: [UInt8], base: Int64, start: Int64) -> LogTail? {
        // A power cut can leave zeros where a block of a group never reached the disk, even before lines that did.
        // A NUL is in no JSON text: what stands from its line on was never acknowledged.
        let whole = bytes.firstIndex(of: 0) ?? bytes.count
        guard let newline = bytes[..<whole].lastIndex(of: 0x0A) else {
            return base == start ? LogTail(end: start, lastLine: nil) : nil
        }
        let end = base + Int64(newline) + 1
        if let before = bytes[..<newline].lastIndex(of: 0x0A) {
            return LogTail(end: end, lastLine: Array(bytes[(before + 1)..<newline]))
        }
        return base == start ? LogTail(end: end, lastLine: Array(bytes[..<newline])) : nil
    }

    /// The place in the chain of the last good line.
    static func head(of line: [UInt8], in path: String) throws(AuditError) -> AuditHead {
        guard let value = try? JSONParser.parse(line), let record = AuditRecord(value) else {
            throw AuditError(
                kind: .notALog, path: path, message: "this is no audit log: its last line is no record",
                advice: "name another file; this one was left as it is")
        }
        return AuditHead(sequence: record.sequence, hash: LineHash.text(of: line))
    }
}
