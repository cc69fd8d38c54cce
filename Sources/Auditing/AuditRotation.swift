/// When the log's file is moved aside and a new one begun.
package enum AuditRotation: Hashable, Sendable {
    case none
    /// Before the file would grow beyond so many bytes. A file holds at least one group of records, whatever its size.
    case bytes(Int)
}
