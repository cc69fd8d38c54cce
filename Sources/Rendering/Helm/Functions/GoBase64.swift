/// Where an encoded text is malformed.
struct EncodingError: Error {
    var offset: Int
}

/// GoBase64 as `encoding/base64`'s standard encoding has it: padded; line ends in the text are passed over.
enum GoBase64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let left = bytes.count - index
            let a = bytes[index]
            let b = left > 1 ? bytes[index + 1] : 0
            let c = left > 2 ? bytes[index + 2] : 0
            result.append(alphabet[Int(a >> 2)])
            result.append(alphabet[Int((a & 3) << 4 | b >> 4)])
            result.append(left > 1 ? alphabet[Int((b & 15) << 2 | c >> 6)] : UInt8(ascii: "="))
            result.append(left > 2 ? alphabet[Int(c & 63)] : UInt8(ascii: "="))
            index += 3
        }
        return String(decoding: result, as: UTF8.self)
    }

    static func decode(_ text: [UInt8]) -> Result<[UInt8], EncodingError> {
        var result: [UInt8] = []
        result.reserveCapacity(text.count / 4 * 3)
        var index = 0
        while true {
            var quantum: [UInt8] = []
            while quantum.count < 4 {
                guard index < text.count else {
                    if quantum.isEmpty { return .success(result) }
                    return .failure(EncodingError(offset: index - quantum.count))
                }
                let byte = text[index]
                index += 1
                if byte == 0x0A || byte == 0x0D { continue }
                if byte == UInt8(ascii: "=") {
                    return finish(text, index, quantum, &result)
                }
                guard let digit = digit(byte) else { return .failure(EncodingError(offset: index - 1)) }
                quantum.append(digit)
            }
            append(quantum, to: &result)
        }
    }

    /// After the first `=`: a second where it is due, and nothing after.
    private static func finish(
        _ text: [UInt8], _ start: Int, _ quantum: [UInt8], _ result: inout [UInt8]
    ) -> Result<[UInt8], EncodingError> {
        var index = start
        func skipLineEnds() {
            while index < text.count, text[index] == 0x0A || text[index] == 0x0D { index += 1 }
        }
        guard quantum.count >= 2 else { return .failure(EncodingError(offset: index - 1)) }
        if quantum.count == 2 {
            skipLineEnds()
            guard index < text.count else { return .failure(EncodingError(offset: text.count)) }
            guard text[index] == UInt8(ascii: "=") else { return .failure(EncodingError(offset: index - 1)) }
            index += 1
        }
        skipLineEnds()
        guard index == text.count else { return .failure(EncodingError(offset: index)) }
        append(quantum, to: &result)
        return .success(result)
    }

    private static func append(_ quantum: [UInt8], to result: inout [UInt8]) {
        result.append(quantum[0] << 2 | quantum[1] >> 4)
        if quantum.count > 2 { result.append((quantum[1] & 15) << 4 | quantum[2] >> 2) }
        if quantum.count > 3 { result.append((quantum[2] & 3) << 6 | quantum[3]) }
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x41...0x5A: byte - 0x41
        case 0x61...0x7A: byte - 0x61 + 26
        case 0x30...0x39: byte - 0x30 + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}

/// Base32 as `encoding/base32`'s standard encoding has it.
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                result.append(alphabet[Int(buffer >> UInt32(bits) & 31)])
            }
            buffer &= 0xFF
        }
        if bits > 0 { result.append(alphabet[Int(buffer << UInt32(5 - bits) & 31)]) }
        while result.count % 8 != 0 { result.append(UInt8(ascii: "=")) }
        return String(decoding: result, as: UTF8.self)
    }

    static func decode(_ text: [UInt8]) -> Result<[UInt8], EncodingError> {
        var result: [UInt8] = []
        let text = text.filter { $0 != 0x0A && $0 != 0x0D }
        if let bad = text.firstIndex(where: { $0 != UInt8(ascii: "=") && !alphabet.contains($0) }) {
            return .failure(EncodingError(offset: bad))
        }
        guard text.count % 8 == 0 else { return .failure(EncodingError(offset: text.count - text.count % 8)) }
        let content = text.prefix { $0 != UInt8(ascii: "=") }
        let padding = text.count - content.count
        guard padding < 8, [0, 1, 3, 4, 6].contains(padding), text[content.count...].allSatisfy({ $0 == UInt8(ascii: "=") }) else {
            return .failure(EncodingError(offset: content.count))
        }
        var buffer: UInt32 = 0
        var bits = 0
        for (index, byte) in content.enumerated() {
            guard let digit = alphabet.firstIndex(of: byte) else { return .failure(EncodingError(offset: index)) }
            buffer = buffer << 5 | UInt32(digit)
            bits += 5
            if bits >= 8 {
                bits -= 8
                result.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
            buffer &= 0xFF
        }
        return .success(result)
    }
}
