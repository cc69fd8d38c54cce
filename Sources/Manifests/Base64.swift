/// Base64 with the standard alphabet (RFC 4648, section 4), as Secrets and kubeconfig files hold it.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var group = UInt32(bytes[start]) << 16
            if count > 1 { group |= UInt32(bytes[start + 1]) << 8 }
            if count > 2 { group |= UInt32(bytes[start + 2]) }
            text.append(alphabet[Int(group >> 18)])
            text.append(alphabet[Int(group >> 12 & 63)])
            text.append(count > 1 ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "="))
            text.append(count > 2 ? alphabet[Int(group & 63)] : UInt8(ascii: "="))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes, with line breaks in the text passed over; `nil` when it is no Base64.
    package static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { decode($0) }
    }

    private static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var start = 0
        var bytes = [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3 + 3) { buffer, count in
            (start, count) = decodeGroups(of: text, into: buffer)
        }
        var group: UInt32 = 0
        var digits = 0
        var padding = 0
        for character in text[start...] {
            if character == 0x0A || character == 0x0D { continue }
            if character == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            let digit = values[Int(character)]
            guard padding == 0, digit != none else { return nil }
            group = group << 6 | UInt32(digit)
            digits += 1
            if digits % 4 == 0 {
                bytes.append(UInt8(truncatingIfNeeded: group >> 16))
                bytes.append(UInt8(truncatingIfNeeded: group >> 8))
                bytes.append(UInt8(truncatingIfNeeded: group))
                group = 0
            }
        }
        switch (digits % 4, padding) {
        case (0, 0): break
        case (2, 2): bytes.append(UInt8(truncatingIfNeeded: group >> 4))
        case (3, 1):
            bytes.append(UInt8(truncatingIfNeeded: group >> 10))
            bytes.append(UInt8(truncatingIfNeeded: group >> 2))
        default: return nil
        }
        return bytes
    }

    /// Decodes whole groups of four digits up to the first that is none.
    /// - Returns: Where that one begins, and how many bytes were decoded.
    private static func decodeGroups(
        of text: UnsafeBufferPointer<UInt8>, into bytes: UnsafeMutableBufferPointer<UInt8>
    ) -> (start: Int, count: Int) {
        values.withUnsafeBufferPointer { values in
            var start = 0
            var end = 0
            while start + 4 <= text.count {
                let digits = (
                    values[Int(text[start])], values[Int(text[start + 1])], values[Int(text[start + 2])], values[Int(text[start + 3])]
                )
                guard (digits.0 | digits.1 | digits.2 | digits.3) & 0xC0 == 0 else { break }
                let group = UInt32(digits.0) << 18 | UInt32(digits.1) << 12 | UInt32(digits.2) << 6 | UInt32(digits.3)
                bytes[end] = UInt8(truncatingIfNeeded: group >> 16)
                bytes[end + 1] = UInt8(truncatingIfNeeded: group >> 8)
                bytes[end + 2] = UInt8(truncatingIfNeeded: group)
                start += 4
                end += 3
            }
            return (start, end)
        }
    }

    /// What each byte stands for, and `none` for those that stand for nothing.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: none, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()
    private static let none: UInt8 = 0xFF
}
