/// Shares equal strings of 16 to 40 bytes: manifests repeat their longer keys and values over and over.
///
/// Shorter strings are stored inline in a `String` and cost no memory of their own; longer ones seldom repeat.
struct StringPool: ~Copyable {
    private var slots: [String] = []
    private static let slotCount = 1024  // a power of two
    /// Making and clearing the table costs more than short texts can repeat: a line of a log, one object.
    private static let textBytesMin = 8192
    private let isShort: Bool

    /// Takes the length of the text that the strings are of.
    init(textBytes: Int = .max) {
        isShort = textBytes < Self.textBytesMin
    }

    mutating func string(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard !isShort, bytes.count > 15, bytes.count <= 40 else { return String(decoding: bytes, as: UTF8.self) }
        if slots.isEmpty { slots = Array(repeating: "", count: Self.slotCount) }
        let slot = Self.slot(of: bytes)
        if slots[slot].withUTF8({ TextBytes.isEqual($0, bytes) }) { return slots[slot] }
        let made = String(decoding: bytes, as: UTF8.self)
        slots[slot] = made
        return made
    }

    /// By all bytes, eight at a time, the last of them twice where they do not come out even.
    private static func slot(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        let last = bytes.count - 8
        var hash = UInt64(truncatingIfNeeded: bytes.count)
        var index = 0
        while index < last {
            hash = (hash ^ raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 29
            index += 8
        }
        hash = (hash ^ raw.loadUnaligned(fromByteOffset: last, as: UInt64.self)) &* 0x9E37_79B9_7F4A_7C15
        return Int((hash >> 32) & UInt64(slotCount - 1))
    }
}
