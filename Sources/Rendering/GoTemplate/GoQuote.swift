/// Go's quoted strings (`strconv.Quote` and `strconv.Unquote`).
package enum GoQuote {
    /// The text between double quotes, with what does not print escaped.
    package static func quote(_ text: String, asciiOnly: Bool = false) -> String {
        quote(Array(text.utf8), asciiOnly: asciiOnly)
    }

    package static func quote(_ bytes: [UInt8], asciiOnly: Bool = false) -> String {
        var result: [UInt8] = [UInt8(ascii: "\"")]
        result.reserveCapacity(bytes.count + 2)
        bytes.withUnsafeBufferPointer { buffer in
            var index = 0
            while index < buffer.count {
                let byte = buffer[index]
                if byte >= 0x20, byte < 0x7F {
                    if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { result.append(UInt8(ascii: "\\")) }
                    result.append(byte)
                    index += 1
                    continue
                }
                let (scalar, length) = RegexMachine.decode(buffer, at: index)
                if length == 1, byte >= 0x80 {
                    result.append(contentsOf: "\\x\(hex(UInt32(byte), 2))".utf8)
                } else {
                    append(scalar ?? 0xFFFD, buffer[index..<(index + length)], asciiOnly, to: &result)
                }
                index += length
            }
        }
        result.append(UInt8(ascii: "\""))
        return String(decoding: result, as: UTF8.self)
    }

    private static func append(_ scalar: UInt32, _ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ asciiOnly: Bool, to result: inout [UInt8]) {
        switch scalar {
        case 0x07: result.append(contentsOf: "\\a".utf8)
        case 0x08: result.append(contentsOf: "\\b".utf8)
        case 0x0C: result.append(contentsOf: "\\f".utf8)
        case 0x0A: result.append(contentsOf: "\\n".utf8)
        case 0x0D: result.append(contentsOf: "\\r".utf8)
        case 0x09: result.append(contentsOf: "\\t".utf8)
        case 0x0B: result.append(contentsOf: "\\v".utf8)
        case 0..<0x20, 0x7F: result.append(contentsOf: "\\x\(hex(scalar, 2))".utf8)
        default:
            if !asciiOnly, isPrintable(scalar) {
                result.append(contentsOf: bytes)
            } else if scalar < 0x10000 {
                result.append(contentsOf: "\\u\(hex(scalar, 4))".utf8)
            } else {
                result.append(contentsOf: "\\U\(hex(scalar, 8))".utf8)
            }
        }
    }

    static func hex(_ value: UInt32, _ width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// Whether Go prints the scalar as it is (`strconv.IsPrint`): letters, marks, numbers, punctuation, symbols, the space.
    static func isPrintable(_ value: UInt32) -> Bool {
        guard let scalar = Unicode.Scalar(value) else { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return false
        case .spaceSeparator: return value == 0x20
        default: return true
        }
    }

    /// The text that a quoted string stands for; `nil` when it is malformed.
    package static func unquote(_ quoted: [UInt8]) -> [UInt8]? {
        guard quoted.count >= 2, let first = quoted.first, first == quoted.last else { return nil }
        let content = quoted[1..<(quoted.count - 1)]
        if first == UInt8(ascii: "`") {
            // Carriage returns are dropped from raw strings.
            if content.contains(UInt8(ascii: "`")) { return nil }
            return content.contains(0x0D) ? content.filter { $0 != 0x0D } : Array(content)
        }
        guard first == UInt8(ascii: "\"") else { return nil }
        if !content.contains(where: { $0 == UInt8(ascii: "\\") || $0 == 0x0A || $0 == first }) { return Array(content) }
        var result: [UInt8] = []
        var index = content.startIndex
        while index < content.endIndex {
            let byte = content[index]
            if byte == 0x0A || byte == first { return nil }
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                index += 1
                continue
            }
            guard unescape(content, &index, quote: first, to: &result) else { return nil }
        }
        return result
    }

    /// The scalar of a character constant such as `'a'`; `nil` when it is malformed.
    static func character(_ quoted: [UInt8]) -> UInt32? {
        guard quoted.count >= 3, quoted.first == UInt8(ascii: "'"), quoted.last == UInt8(ascii: "'") else { return nil }
        let content = quoted[1..<(quoted.count - 1)]
        if content.first == UInt8(ascii: "\\") {
            var result: [UInt8] = []
            var index = content.startIndex
            let isByte = content.count >= 2 && [UInt8(ascii: "x")] == [content[index + 1]]
            guard unescape(content, &index, quote: UInt8(ascii: "'"), to: &result), index == content.endIndex else { return nil }
            if isByte { return result.first.map(UInt32.init) }
            let scalars = String(decoding: result, as: UTF8.self).unicodeScalars
            return scalars.count == 1 ? scalars.first?.value : nil
        }
        guard content.first != UInt8(ascii: "'") else { return nil }
        let scalars = String(decoding: content, as: UTF8.self).unicodeScalars
        return scalars.count == 1 ? scalars.first?.value : nil
    }

    private static func unescape(_ content: ArraySlice<UInt8>, _ index: inout Int, quote: UInt8, to result: inout [UInt8]) -> Bool {
        index += 1
        guard index < content.endIndex else { return false }
        let letter = content[index]
        index += 1
        switch letter {
        case UInt8(ascii: "a"): result.append(0x07)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "v"): result.append(0x0B)
        case UInt8(ascii: "\\"): result.append(letter)
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            guard letter == quote else { return false }
            result.append(letter)
        case UInt8(ascii: "x"):
            guard let value = digits(content, &index, 2, radix: 16) else { return false }
            result.append(UInt8(truncatingIfNeeded: value))
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let count = letter == UInt8(ascii: "u") ? 4 : 8
            guard let value = digits(content, &index, count, radix: 16), let scalar = Unicode.Scalar(value) else { return false }
            result.append(contentsOf: Array(String(Character(scalar)).utf8))
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            index -= 1
            guard let value = digits(content, &index, 3, radix: 8), value < 256 else { return false }
            result.append(UInt8(value))
        default: return false
        }
        return true
    }

    private static func digits(_ content: ArraySlice<UInt8>, _ index: inout Int, _ count: Int, radix: UInt32) -> UInt32? {
        guard index + count <= content.endIndex else { return nil }
        let text = content[index..<(index + count)]
        guard text.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        index += count
        return UInt32(String(decoding: text, as: UTF8.self), radix: Int(radix))
    }
}
