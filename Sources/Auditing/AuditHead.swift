/// A place in the chain: a record's number, and the hash of its line that the next record repeats.
package struct AuditHead: Hashable, Sendable {
    /// Counts the lines of the whole log from 1, over rotated files too; 0 is the empty log.
    package var sequence: Int
    /// SHA-256 of the line without its newline, 64 lower-case hexadecimal digits.
    package var hash: String

    package init(sequence: Int, hash: String) {
        self.sequence = sequence
        self.hash = hash
    }

    /// What a record may be numbered: as far as every reader of JSON counts without loss, and far from overflow.
    static let sequences: ClosedRange<Int64> = 1...(1 << 53)

    /// The head of an empty log: what the first record names as the line before it.
    package static let none = AuditHead(sequence: 0, hash: String(repeating: "0", count: 64))
}

/// The proof that a record is on disk: its place in the chain.
package typealias AuditReceipt = AuditHead
