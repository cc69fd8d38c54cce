/// Base64 (RFC 4648): of secrets' data with padding, of tokens in the alphabet for URLs without.
package enum Base64 {
    package enum Alphabet: Sendable { case standard, url }

    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    private static func digit(_ value: UInt8, _ alphabet: Alphabet) -> UInt8 {
        switch value {
        case 62: alphabet == .url ? UInt8(ascii: "-") : UInt8(ascii: "+")
        case 63: alphabet == .url ? UInt8(ascii: "_") : UInt8(ascii: "/")
        default: digits[Int(value & 63)]
        }
    }

    package static func encode(_ bytes: [UInt8], alphabet: Alphabet = .standard) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 4 / 3 + 4)
        var index = 0
        while index < bytes.count {
            let rest = min(3, bytes.count - index)
            let first = bytes[index]
            let second = rest > 1 ? bytes[index + 1] : 0
            let third = rest > 2 ? bytes[index + 2] : 0
            text.append(digit(first >> 2, alphabet))
            text.append(digit((first & 3) << 4 | second >> 4, alphabet))
            if rest > 1 { text.append(digit((second & 15) << 2 | third >> 6, alphabet)) }
            if rest > 2 { text.append(digit(third & 63, alphabet)) }
            if alphabet == .standard, rest < 3 { text += Array(repeating: UInt8(ascii: "="), count: 3 - rest) }
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// `nil` when the text is no Base64. Padding may be missing in the alphabet for URLs only.
    package static func decode(_ text: String, alphabet: Alphabet = .standard) -> [UInt8]? {
        var input = Array(text.utf8).filter { $0 != 0x0A && $0 != 0x0D }
        if alphabet == .standard {
            guard input.count % 4 == 0 else { return nil }
        }
        var padding = 0
        while padding < 2, input.last == UInt8(ascii: "=") {
            input.removeLast()
            padding += 1
        }
        var bytes: [UInt8] = []
        var (buffer, bits) = (UInt32(0), 0)
        for byte in input {
            guard let value = value(byte, alphabet) else { return nil }
            buffer = buffer << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        return bits >= 6 ? nil : bytes
    }

    /// Where Go's decoder stops in a text that is no Base64.
    package static func firstBadOffset(in text: String) -> Int {
        let bytes = Array(text.utf8)
        let bad = bytes.firstIndex { value($0, .standard) == nil && $0 != 0x0A && $0 != 0x0D }
        return bad ?? bytes.count / 4 * 4
    }

    private static func value(_ byte: UInt8, _ alphabet: Alphabet) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte + 4
        case UInt8(ascii: "+") where alphabet == .standard, UInt8(ascii: "-") where alphabet == .url: 62
        case UInt8(ascii: "/") where alphabet == .standard, UInt8(ascii: "_") where alphabet == .url: 63
        default: nil
        }
    }
}
