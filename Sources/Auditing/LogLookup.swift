/// Finds records of a log by their number, without reading the whole of it: numbers grow from line to line, so a file is
/// searched by halves.
package enum LogLookup {
    package enum Found: Hashable, Sendable {
        case record(AuditHead)
        /// The log ends before it.
        case cutShort(after: Int)
        /// The log's files begin after it: older ones were moved away.
        case archived
    }

    /// The record of a number in the log at a path. Throws when a file cannot be read or is no log.
    package static func find(sequence: Int, inLog path: String) throws(AuditError) -> Found {
        var last: (file: SearchedFile, line: ChainLine)?
        for source in AuditSource.files(ofLog: path) {
            guard case .file(let name) = source, FileIdentity(at: name) != nil else { continue }
            let file = try SearchedFile(name)
            guard let first = try file.line(at: 0) else { continue }
            guard first.sequence <= sequence else { break }
            last = (file, first)
        }
        guard let last else { return try first(inLog: path) == nil ? .cutShort(after: 0) : .archived }
        let offset = try last.file.lowerBound(of: sequence)
        if let line = try last.file.line(at: offset), line.sequence == sequence { return .record(line.head) }
        return .cutShort(after: try last.file.line(endingAt: offset)?.sequence ?? last.line.sequence)
    }

    /// What tells this log from others: the hash of its first record; the place where it stands, once its oldest file was
    /// moved away. `nil` for an empty log.
    package static func id(ofLog path: String, host: String) throws(AuditError) -> String? {
        guard let first = try first(inLog: path) else { return nil }
        return first.sequence == 1 ? first.hash : "\(host):\(path)"
    }

    private static func first(inLog path: String) throws(AuditError) -> ChainLine? {
        for source in AuditSource.files(ofLog: path) {
            guard case .file(let name) = source, FileIdentity(at: name) != nil else { continue }
            if let line = try SearchedFile(name).line(at: 0) { return line }
        }
        return nil
    }
}
