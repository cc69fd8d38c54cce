/// The names that environments may have: they become part of the names of the objects that hold inventory and lock.
package enum EnvironmentName {
    /// `plumb-inventory-` and the name must fit the 253 characters of an object's name with room for more.
    static let lengthMax = 100

    /// What is wrong with a name; `nil` when it will do.
    package static func problem(_ name: String) -> String? {
        func isAlphanumeric(_ byte: UInt8?) -> Bool {
            guard let byte else { return false }
            return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        let bytes = Array(name.utf8)
        guard bytes.count <= lengthMax else { return "must be no longer than \(lengthMax) characters" }
        let isWellFormed =
            isAlphanumeric(bytes.first) && isAlphanumeric(bytes.last)
            && bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
        return isWellFormed ? nil : "must be lower-case letters, digits, '-' and '.', and begin and end with a letter or digit"
    }
}
