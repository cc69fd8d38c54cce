package import Manifests

/// Reads a log's records in order, for who wants to know what happened rather than whether it is all there.
package enum AuditReader {
    /// Calls `body` with each record and its line without the newline. Lines that are no records (torn, of a later
    /// version, damaged) are passed over; a note says how many and where the first is. Throws when a file cannot be read.
    package static func read(
        _ sources: [AuditSource], _ body: (AuditRecord, UnsafeRawBufferPointer) -> Void
    ) throws(AuditError) -> [Diagnostic] {
        var notes: [Diagnostic] = []
        for source in sources {
            let reader = try LineReader(source)
            var skipped = 0
            var firstSkipped = 0
            while let isRecord = try reader.next({ bytes, _ in take(bytes, body) }) {
                if isRecord { continue }
                if skipped == 0 { firstSkipped = reader.lineNumber }
                skipped += 1
            }
            if skipped > 0 {
                let lines = skipped == 1 ? "a line that is no record was" : "\(skipped) lines that are no records were"
                notes.append(
                    Diagnostic(
                        "\(source.name):\(firstSkipped): \(lines) passed over",
                        advice: "'plumb audit verify \(source.name)' says what is wrong"))
            }
        }
        return notes
    }

    private static func take(_ bytes: UnsafeRawBufferPointer, _ body: (AuditRecord, UnsafeRawBufferPointer) -> Void) -> Bool {
        guard let value = try? JSONParser.parse(bytes), let record = AuditRecord(value) else { return false }
        body(record, bytes)
        return true
    }
}
