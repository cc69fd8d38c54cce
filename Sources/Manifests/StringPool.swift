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
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let slot = Int((hash ^ (hash >> 32)) & UInt64(Self.slotCount - 1))
        if Self.isEqual(slots[slot], bytes) { return slots[slot] }
        let made = String(decoding: bytes, as: UTF8.self)
        slots[slot] = made
        return made
    }

    private static func isEqual(_ string: String, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let utf8 = string.utf8
        return utf8.count == bytes.count && utf8.elementsEqual(bytes)
    }
}
