/// How far an audit log went when a run last wrote the inventory: a log that is shorter now was cut, one that has another
/// record there was written anew.
package struct InventoryHead: Hashable, Sendable {
    /// Tells one log from another: the hash of its first record.
    package var log: String
    package var sequence: Int
    /// SHA-256 of the record's line.
    package var hash: String
    package var host: String
    package var path: String
    /// RFC 3339, UTC.
    package var time: String

    package init(log: String, sequence: Int, hash: String, host: String, path: String, time: String) {
        self.log = log
        self.sequence = sequence
        self.hash = hash
        self.host = host
        self.path = path
        self.time = time
    }
}

extension Inventory {
    /// How many logs an inventory remembers: CI jobs without a disk of their own begin one each time.
    package static let headsMax = 10

    /// Remembers how far a log went, in place of what was known of it before.
    package mutating func remember(_ head: InventoryHead) {
        heads.removeAll { $0.log == head.log }
        heads = Array((heads + [head]).suffix(Self.headsMax))
    }
}
