/// Writes a `Value` as JSON.
package enum JSONWriter {
    /// The canonical form: no white space, keys sorted by their UTF-8 bytes, numbers as Go prints them. The same value
    /// gives the same bytes, whatever the order of its keys was; digests are made over this form.
    package static func canonical(_ value: Value) -> [UInt8] {
        var writer = Writer(indent: nil, sortsKeys: true)
        writer.write(value, depth: 0)
        return writer.bytes
    }

    /// Compact, in the order of the value's own keys: what is sent to a server.
    package static func compact(_ value: Value) -> [UInt8] {
        var writer = Writer(indent: nil, sortsKeys: false)
        writer.write(value, depth: 0)
        return writer.bytes
    }

    /// Indented by two spaces, keys sorted, one newline at the end: for files and people.
    package static func pretty(_ value: Value) -> [UInt8] {
        var writer = Writer(indent: 2, sortsKeys: true)
        writer.write(value, depth: 0)
        writer.text.append(UInt8(0x0A))
        return writer.bytes
    }

    /// Appends a value in its canonical form: for texts that are made piece by piece.
    package static func append(canonical value: Value, to bytes: inout [UInt8]) {
        append(value, to: &bytes, indent: nil, depth: 0)
    }

    /// Appends a value as `pretty` writes it, in place at a depth of a larger text, without a newline.
    package static func append(pretty value: Value, depth: Int, to bytes: inout [UInt8]) {
        append(value, to: &bytes, indent: 2, depth: depth)
    }

    /// The canonical form of what `pretty` wrote, which is the same without white space: in half the time of writing the value again.
    package static func canonical(ofPretty text: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: text.count) { bytes, count in
            text.withUnsafeBufferPointer { text in
                var place = 0
                var isInString = false
                while place < text.count {
                    let byte = text[place]
                    place += 1
                    // In a string white space but the space itself is escaped.
                    if !isInString, byte == 0x20 || byte == 0x0A { continue }
                    bytes[count] = byte
                    count += 1
                    if byte == UInt8(ascii: "\"") {
                        isInString.toggle()
                    } else if byte == UInt8(ascii: "\\"), place < text.count {
                        bytes[count] = text[place]
                        count += 1
                        place += 1
                    }
                }
            }
        }
    }

    private static func append(_ value: Value, to bytes: inout [UInt8], indent: Int?, depth: Int) {
        var writer = Writer(indent: indent, sortsKeys: true)
        writer.write(value, depth: depth)
        writer.text.withBytes { bytes.append(contentsOf: $0) }
    }

    private struct Writer: ~Copyable {
        var text = ByteText()
        let indent: Int?
        let sortsKeys: Bool

        init(indent: Int?, sortsKeys: Bool) {
            self.indent = indent
            self.sortsKeys = sortsKeys
        }

        var bytes: [UInt8] { text.withBytes { Array($0) } }

        mutating func write(_ value: Value, depth: Int) {
            switch value {
            case .null: text.append("null")
            case .bool(let bool): text.append(bool ? "true" : "false")
            case .int(let int): write(int)
            case .unsigned(let unsigned): text.append(String(unsigned))
            case .double(let double): text.append(NumberText.json(double))
            case .string(let string): write(string)
            case .array(let array):
                if array.isEmpty { return text.append("[]") }
                text.append(UInt8(ascii: "["))
                for index in array.indices {
                    if index > 0 { text.append(UInt8(ascii: ",")) }
                    newline(depth + 1)
                    write(array[index], depth: depth + 1)
                }
                newline(depth)
                text.append(UInt8(ascii: "]"))
            case .object(let object): write(object, depth: depth)
            }
        }

        private mutating func write(_ object: Object, depth: Int) {
            if object.isEmpty { return text.append("{}") }
            text.append(UInt8(ascii: "{"))
            if sortsKeys, let order = Self.order(of: object.members) {
                for (place, index) in order.enumerated() { write(object.members[index], isFirst: place == 0, depth: depth + 1) }
            } else {
                for index in object.members.indices { write(object.members[index], isFirst: index == 0, depth: depth + 1) }
            }
            newline(depth)
            text.append(UInt8(ascii: "}"))
        }

        private mutating func write(_ member: Member, isFirst: Bool, depth: Int) {
            if !isFirst { text.append(UInt8(ascii: ",")) }
            newline(depth)
            write(member.key)
            text.append(UInt8(ascii: ":"))
            if indent != nil { text.append(UInt8(ascii: " ")) }
            write(member.value, depth: depth)
        }

        /// The places of the members in the order of their keys; `nil` when that is the order they stand in. Swift orders strings
        /// by their scalars, which is the order of their UTF-8 bytes only in normalised text.
        private static func order(of members: [Member]) -> [Int]? {
            let isSorted = members.indices.dropFirst().allSatisfy { !UTF8Order.isLess(members[$0].key, members[$0 - 1].key) }
            return isSorted ? nil : members.indices.sorted { UTF8Order.isLess(members[$0].key, members[$1].key) }
        }

        private mutating func newline(_ depth: Int) {
            guard let indent else { return }
            text.append(0x0A)
            text.append(UInt8(ascii: " "), count: indent * depth)
        }

        private mutating func write(_ int: Int64) {
            if (0...9).contains(int) { text.append(UInt8(ascii: "0") + UInt8(int)) } else { text.append(String(int)) }
        }

        private mutating func write(_ string: String) {
            var string = string
            text.append(UInt8(ascii: "\""))
            string.withUTF8 { utf8 in
                var start = 0
                while true {
                    let end = TextBytes.firstEscaped(in: utf8, from: start)
                    text.append(UnsafeBufferPointer(rebasing: utf8[start..<end]))
                    guard end < utf8.count else { break }
                    escape(utf8[end])
                    start = end + 1
                }
            }
            text.append(UInt8(ascii: "\""))
        }

        private mutating func escape(_ byte: UInt8) {
            text.append(UInt8(ascii: "\\"))
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(byte)
            case 0x0A: text.append(UInt8(ascii: "n"))
            case 0x0D: text.append(UInt8(ascii: "r"))
            case 0x09: text.append(UInt8(ascii: "t"))
            default:
                func digit(_ value: UInt8) -> UInt8 { value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10) }
                text.append("u00")
                text.append(digit(byte >> 4))
                text.append(digit(byte & 15))
            }
        }
    }
}

/// The order of strings by their UTF-8 bytes, which is Go's.
package enum UTF8Order {
    package static func isLess(_ left: String, _ right: String) -> Bool {
        var (left, right) = (left, right)
        return left.withUTF8 { left in right.withUTF8 { right in TextBytes.isLess(left, right) } }
    }

    /// Whether a text is another one behind a prefix of so many bytes.
    package static func isEqual(_ text: String, afterBytes count: Int, to rest: String) -> Bool {
        guard text.utf8.count == rest.utf8.count + count else { return false }
        var (text, rest) = (text, rest)
        return text.withUTF8 { text in
            rest.withUTF8 { rest in TextBytes.isEqual(UnsafeBufferPointer(rebasing: text[count...]), rest) }
        }
    }
}
