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
        hash = String(decoding: LineHash.bytes(of: bytes), as: UTF8.self)
    }
}
