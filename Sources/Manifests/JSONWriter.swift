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
        writer.bytes.append(0x0A)
        return writer.bytes
    }

    private struct Writer {
        var bytes: [UInt8] = []
        let indent: Int?
        let sortsKeys: Bool

        mutating func write(_ value: Value, depth: Int) {
            switch value {
            case .null: bytes.append(contentsOf: "null".utf8)
            case .bool(let bool): bytes.append(contentsOf: (bool ? "true" : "false").utf8)
            case .int(let int): bytes.append(contentsOf: String(int).utf8)
            case .unsigned(let unsigned): bytes.append(contentsOf: String(unsigned).utf8)
            case .double(let double): bytes.append(contentsOf: NumberText.json(double).utf8)
            case .string(let string): write(string)
            case .array(let array):
                if array.isEmpty {
                    bytes.append(contentsOf: "[]".utf8)
                    return
                }
                bytes.append(UInt8(ascii: "["))
                for (index, element) in array.enumerated() {
                    if index > 0 { bytes.append(UInt8(ascii: ",")) }
                    newline(depth + 1)
                    write(element, depth: depth + 1)
                }
                newline(depth)
                bytes.append(UInt8(ascii: "]"))
            case .object(let object):
                if object.isEmpty {
                    bytes.append(contentsOf: "{}".utf8)
                    return
                }
                bytes.append(UInt8(ascii: "{"))
                var isFirst = true
                for member in sortsKeys ? sorted(object.members) : object.members {
                    if !isFirst { bytes.append(UInt8(ascii: ",")) }
                    isFirst = false
                    newline(depth + 1)
                    write(member.key)
                    bytes.append(UInt8(ascii: ":"))
                    if indent != nil { bytes.append(UInt8(ascii: " ")) }
                    write(member.value, depth: depth + 1)
                }
                newline(depth)
                bytes.append(UInt8(ascii: "}"))
            }
        }

        /// Swift orders strings by their scalars, which is the order of their UTF-8 bytes only in normalised text.
        private func sorted(_ members: [Member]) -> [Member] {
            let isSorted = zip(members, members.dropFirst()).allSatisfy { !UTF8Order.isLess($1.key, $0.key) }
            return isSorted ? members : members.sorted { UTF8Order.isLess($0.key, $1.key) }
        }

        private mutating func newline(_ depth: Int) {
            guard let indent else { return }
            bytes.append(0x0A)
            for _ in 0..<(indent * depth) { bytes.append(UInt8(ascii: " ")) }
        }

        private mutating func write(_ string: String) {
            var string = string
            bytes.append(UInt8(ascii: "\""))
            string.withUTF8 { utf8 in
                var start = 0
                for (index, byte) in utf8.enumerated() {
                    guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
                    bytes.append(contentsOf: utf8[start..<index])
                    start = index + 1
                    escape(byte)
                }
                bytes.append(contentsOf: utf8[start...])
            }
            bytes.append(UInt8(ascii: "\""))
        }

        private mutating func escape(_ byte: UInt8) {
            bytes.append(UInt8(ascii: "\\"))
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
            case 0x0A: bytes.append(UInt8(ascii: "n"))
            case 0x0D: bytes.append(UInt8(ascii: "r"))
            case 0x09: bytes.append(UInt8(ascii: "t"))
            default:
                let digits = Array("0123456789abcdef".utf8)
                bytes.append(contentsOf: "u00".utf8)
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            }
        }
    }
}

/// The order of strings by their UTF-8 bytes, which is Go's.
package enum UTF8Order {
    package static func isLess(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
