/// Reads a log's records from one on, while it grows and rotates. Used by one task at a time.
final class AuditTail {
    private let path: String
    private var file: SearchedFile?
    private var offset: Int64 = 0
    /// The number of the last record that was given out.
    private(set) var last: Int

    init(path: String, after sequence: Int) {
        self.path = path
        last = sequence
    }

    /// The next events, up to a record that is known to be on disk; none when there is nothing new. Lines that are no
    /// records are passed over.
    func next(upTo head: Int, count: Int) throws(AuditError) -> [CloudEvent] {
        var events: [CloudEvent] = []
        while last < head, events.count < count {
            guard let line = try nextLine() else { break }
            offset = line.end
            guard let event = line.bytes.withUnsafeBytes({ CloudEvent(line: $0) }), event.sequence > last else { continue }
            guard event.sequence <= head else { break }
            last = event.sequence
            events.append(event)
        }
        return events
    }

    private func nextLine() throws(AuditError) -> SearchedFile.Line? {
        if let line = try file?.newLine(at: offset) { return line }
        // At the end of a file that was rotated away the record after the last is in another.
        try locate()
        return try file?.newLine(at: offset)
    }

    /// Finds the file with the record after the last, and where it begins. Older files may have been moved away.
    private func locate() throws(AuditError) {
        file = nil
        for source in AuditSource.files(ofLog: path) {
            guard case .file(let name) = source, FileIdentity(at: name) != nil else { continue }
            let candidate = try SearchedFile(name)
            guard let first = try candidate.line(at: 0) else { continue }
            if file != nil, first.sequence > last + 1 { break }
            file = candidate
        }
        offset = try file?.lowerBound(of: last + 1) ?? 0
    }
}
