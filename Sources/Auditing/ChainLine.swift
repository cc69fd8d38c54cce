internal import Manifests

/// What the chain needs of a line: its place, number, hash, and the hash it names as that of the line before.
struct ChainLine {
    let source: Int
    let line: Int
    let sequence: Int
    let previous: String
    let runID: String
    let hash: String

    var head: AuditHead { AuditHead(sequence: sequence, hash: hash) }

    /// `nil` when the line is no record. Its type may be one that only a later version knows.
    init?(_ bytes: UnsafeRawBufferPointer, source: Int, line: Int) {
        if let found = ChainScanner.scan(bytes), let number = found.sequence, AuditHead.sequences ~= number,
            let previous = found.previous, let runID = found.runID
        {
            self.source = source
            self.line = line
            sequence = Int(number)
            self.previous = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[previous]), as: UTF8.self)
            self.runID = String(decoding: UnsafeRawBufferPointer(rebasing: bytes[runID]), as: UTF8.self)
            hash = LineHash.text(of: bytes)
            return
        }
        // Not as the log writes it: a later version may have, and what is no record is told from what is.
        guard let value = try? JSONParser.parse(bytes), case .object(let object) = value,
            case .int(let sequence)? = object[AuditField.sequence], AuditHead.sequences ~= sequence,
            case .string(let previous)? = object[AuditField.previous],
            case .string(let runID)? = object[AuditField.runID]
        else { return nil }
        self.source = source
        self.line = line
        self.sequence = Int(sequence)
        self.previous = previous
        self.runID = runID
        hash = LineHash.text(of: bytes)
    }
}
