internal import Manifests

/// Writes ASN.1 in DER, as far as certificates need it.
enum DERWriter {
    static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        var length: [UInt8] = []
        if content.count < 128 {
            length = [UInt8(content.count)]
        } else {
            var rest = content.count
            while rest > 0 {
                length.insert(UInt8(rest & 0xFF), at: 0)
                rest >>= 8
            }
            length.insert(0x80 | UInt8(length.count), at: 0)
        }
        return [tag] + length + content
    }

    static func sequence(_ parts: [[UInt8]]) -> [UInt8] { element(0x30, parts.flatMap { $0 }) }
    static func set(_ parts: [[UInt8]]) -> [UInt8] { element(0x31, parts.flatMap { $0 }) }
    static func bitString(_ bytes: [UInt8], unused: UInt8 = 0) -> [UInt8] { element(0x03, [unused] + bytes) }
    static func octetString(_ bytes: [UInt8]) -> [UInt8] { element(0x04, bytes) }
    static func text(_ text: String) -> [UInt8] { element(0x0C, Array(text.utf8)) }
    static let null: [UInt8] = [0x05, 0x00]
    static let yes: [UInt8] = [0x01, 0x01, 0xFF]

    /// A number without sign, the most significant byte first.
    static func integer(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = Array(bytes.drop { $0 == 0 })
        if bytes.isEmpty { bytes = [0] }
        if bytes[0] & 0x80 != 0 { bytes.insert(0, at: 0) }
        return element(0x02, bytes)
    }

    static func identifier(_ numbers: [UInt32]) -> [UInt8] {
        var bytes = [UInt8(numbers[0] * 40 + numbers[1])]
        for number in numbers.dropFirst(2) {
            var part = [UInt8(number & 0x7F)]
            var rest = number >> 7
            while rest > 0 {
                part.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
                rest >>= 7
            }
            bytes += part
        }
        return element(0x06, bytes)
    }

    /// A time in UTC: two digits of the year up to 2049, four from then on.
    static func time(_ seconds: Int64) -> [UInt8] {
        let time = TimeObject(seconds: seconds)
        let isShort = (1950...2049).contains(time.civil.year)
        let text = TimeLayout.format(time, isShort ? "060102150405Z" : "20060102150405Z")
        return element(isShort ? 0x17 : 0x18, Array(text.utf8))
    }

    /// One element of DER.
    struct Element {
        var tag: UInt8
        /// With tag and length.
        var whole: ArraySlice<UInt8>
        var content: ArraySlice<UInt8>

        /// The elements within this one; `nil` when they are malformed.
        var children: [Element]? {
            var rest = content
            var result: [Element] = []
            while !rest.isEmpty {
                guard let element = DERWriter.read(rest) else { return nil }
                result.append(element)
                rest = rest[element.whole.endIndex...]
            }
            return result
        }
    }

    static func read(_ bytes: ArraySlice<UInt8>) -> Element? {
        guard bytes.count >= 2 else { return nil }
        let start = bytes.startIndex
        var length = Int(bytes[start + 1])
        var content = start + 2
        if length >= 0x80 {
            let count = length & 0x7F
            guard count > 0, count <= 4, content + count <= bytes.endIndex else { return nil }
            length = bytes[content..<(content + count)].reduce(0) { $0 << 8 | Int($1) }
            content += count
        }
        guard length <= bytes.endIndex - content else { return nil }
        return Element(tag: bytes[start], whole: bytes[start..<(content + length)], content: bytes[content..<(content + length)])
    }
}

/// Text around binary data: `-----BEGIN X-----`.
enum PEMText {
    static func encode(_ bytes: [UInt8], type: String) -> String {
        let text = GoBase64.encode(bytes)
        var lines: [Substring] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            lines.append(rest.prefix(64))
            rest = rest.dropFirst(64)
        }
        return "-----BEGIN \(type)-----\n\(lines.joined(separator: "\n"))\n-----END \(type)-----\n"
    }

    /// The type of the first block.
    static func type(_ text: String) -> String? {
        for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix("-----BEGIN ") && line.hasSuffix("-----") {
            return String(line.dropFirst(11).dropLast(5))
        }
        return nil
    }

    /// The bytes of the first block.
    static func decode(_ text: String) -> [UInt8]? {
        var body: [UInt8]?
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("-----BEGIN ") {
                body = []
            } else if line.hasPrefix("-----END "), let body {
                guard case .success(let bytes) = GoBase64.decode(body) else { return nil }
                return bytes
            } else if !line.contains(":") {
                body? += Array(ByteText.trimSpace(String(line)).utf8)
            }
        }
        return nil
    }
}
