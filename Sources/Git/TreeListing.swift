import CLibgit2
import Manifests

/// A parsed tree object: its entries sorted by the bytes of their names.
struct TreeListing: Sendable {
    enum Kind: Sendable { case file, folder, link, submodule }

    struct Entry: Sendable {
        var name: String
        var kind: Kind
        var id: ObjectID
    }

    let entries: [Entry]

    /// Reads a tree object: `<octal mode> <name>\0<20 bytes>` again and again. `nil` when it is damaged, or names a file that
    /// no folder can hold (`..`, a name with a slash), which only a forged tree does.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var entries: [Entry] = []
        var index = 0
        var isSorted = true
        while index < bytes.count {
            var mode: UInt32 = 0
            while index < bytes.count, bytes[index] != UInt8(ascii: " ") {
                guard bytes[index] &- UInt8(ascii: "0") < 8, mode < 0o1_000_000 else { return nil }
                mode = mode << 3 | UInt32(bytes[index] - UInt8(ascii: "0"))
                index += 1
            }
            let start = index + 1
            index = start
            while index < bytes.count, bytes[index] != 0 { index += 1 }
            guard index < bytes.count, bytes.count - index > ObjectID.byteCount, Self.isName(bytes[start..<index]),
                let kind = Self.kind(mode)
            else { return nil }
            let name = String(decoding: bytes[start..<index], as: UTF8.self)
            let id = ObjectID(bytes: UnsafeRawBufferPointer(rebasing: bytes[(index + 1)..<(index + 1 + ObjectID.byteCount)]))
            // Git sorts a folder as if its name ended in a slash.
            if let last = entries.last, !UTF8Order.isLess(last.name, name) { isSorted = false }
            entries.append(Entry(name: name, kind: kind, id: id))
            index += 1 + ObjectID.byteCount
        }
        if !isSorted { entries.sort { UTF8Order.isLess($0.name, $1.name) } }
        self.entries = entries
    }

    private static func isName(_ name: Slice<UnsafeRawBufferPointer>) -> Bool {
        let dot = UInt8(ascii: ".")
        return !name.isEmpty && !name.contains(UInt8(ascii: "/")) && !name.elementsEqual([dot]) && !name.elementsEqual([dot, dot])
    }

    private static func kind(_ mode: UInt32) -> Kind? {
        switch mode & 0o170000 {
        case 0o040000: .folder
        case 0o100000: .file
        case 0o120000: .link
        case 0o160000: .submodule
        default: nil
        }
    }

    /// The entry of a name, by binary search.
    subscript(name: Substring.UTF8View) -> Entry? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].name.utf8.lexicographicallyPrecedes(name) { low = middle + 1 } else { high = middle }
        }
        guard low < entries.count, entries[low].name.utf8.elementsEqual(name) else { return nil }
        return entries[low]
    }
}
