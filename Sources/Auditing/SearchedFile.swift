#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// One file of a log, read at any place. The file may grow meanwhile.
final class SearchedFile {
    private let file: FileDescriptor
    private var size: Int64

    /// A part of the file that is searched line by line is no larger.
    private static let windowBytes = 1 << 14

    struct Line {
        /// Without its newline.
        var bytes: [UInt8]
        var start: Int64
        /// Where the next line begins.
        var end: Int64
    }

    init(_ path: String) throws(AuditError) {
        file = try FileDescriptor(opening: path, flags: O_RDONLY | O_NONBLOCK)
        size = Int64(try file.status().st_size)
    }

    /// The record whose line begins at an offset; `nil` behind the last whole line.
    func line(at offset: Int64) throws(AuditError) -> ChainLine? {
        try wholeLine(from: offset, isLineStart: true).map { line throws(AuditError) in try chain(line) }
    }

    /// The record whose line ends at an offset, where another begins.
    func line(endingAt offset: Int64) throws(AuditError) -> ChainLine? {
        var window = Int64(Self.windowBytes)
        while offset > 0 {
            let base = max(0, offset - window)
            let bytes = try file.read(from: base, count: Int(offset - base))
            let start = bytes.dropLast().lastIndex(of: 0x0A).map { $0 + 1 } ?? (base == 0 ? 0 : nil)
            if let start, !bytes.isEmpty {
                return try chain(Line(bytes: Array(bytes[start..<(bytes.count - 1)]), start: base + Int64(start), end: offset))
            }
            guard base > 0, window < LogTail.lineBytesMax else { break }
            window *= 4
        }
        return nil
    }

    /// Where the first record begins whose number is not smaller; the end of the whole lines when there is none.
    func lowerBound(of sequence: Int) throws(AuditError) -> Int64 {
        // Records that begin before `low` are smaller, those that begin at or behind `high` are not. `low` begins a line.
        var (low, high) = (Int64(0), size)
        while high - low > Int64(Self.windowBytes) {
            let middle = low + (high - low) / 2
            guard let line = try wholeLine(from: middle, isLineStart: false), line.start < high else {
                high = middle
                continue
            }
            if try chain(line).sequence < sequence { low = line.end } else { high = line.start }
        }
        while let line = try wholeLine(from: low, isLineStart: true), try chain(line).sequence < sequence { low = line.end }
        return low
    }

    /// The line that begins at an offset, also one that was written since the file was opened.
    func newLine(at offset: Int64) throws(AuditError) -> Line? {
        if offset >= size { size = Int64(try file.status().st_size) }
        return try wholeLine(from: offset, isLineStart: true)
    }

    private func chain(_ line: Line) throws(AuditError) -> ChainLine {
        guard let chain = line.bytes.withUnsafeBytes({ ChainLine($0, source: 0, line: 0) }) else {
            throw AuditError(
                kind: .notALog, path: file.path, message: "a line of the audit log is no record",
                advice: "'plumb audit verify \(file.path)' says which")
        }
        return chain
    }

    /// The first whole line that begins at or behind an offset.
    private func wholeLine(from offset: Int64, isLineStart: Bool) throws(AuditError) -> Line? {
        var window = Int64(Self.windowBytes)
        while offset < size {
            let bytes = try file.read(from: offset, count: Int(min(window, size - offset)))
            let start = isLineStart ? 0 : bytes.firstIndex(of: 0x0A).map { $0 + 1 }
            if let start, let end = bytes[start...].firstIndex(of: 0x0A) {
                return Line(bytes: Array(bytes[start..<end]), start: offset + Int64(start), end: offset + Int64(end) + 1)
            }
            if offset + Int64(bytes.count) >= size { return nil }
            guard window < LogTail.lineBytesMax else {
                throw AuditError(kind: .notALog, path: file.path, message: "a line of the audit log is longer than 64 MiB", advice: nil)
            }
            window *= 4
        }
        return nil
    }
}
