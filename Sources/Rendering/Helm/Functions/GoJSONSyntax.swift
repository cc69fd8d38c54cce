/// Says what is wrong with a JSON text in the words of Go's `encoding/json` (scanner.go).
struct GoJSONSyntax {
    /// The error for a text that is no JSON; `nil` when its syntax is right.
    static func fault(_ bytes: [UInt8]) -> String? {
        var scanner = GoJSONSyntax(bytes: bytes)
        do {
            try scanner.document()
            return nil
        } catch let error as GoError {
            return error.message
        } catch {
            return "\(error)"
        }
    }

    private let bytes: [UInt8]
    private var index = 0
    private static let depthMax = 10_000

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func document() throws {
        // The brackets that are open; a loop in place of calls, since texts may nest deeply.
        var open: [UInt8] = []
        try value(&open, "looking for beginning of value")
        while let bracket = open.last {
            skipSpaces()
            guard let byte = peek else { throw Self.unexpectedEnd }
            index += 1
            if bracket == UInt8(ascii: "{") {
                if byte == UInt8(ascii: ",") {
                    try key(allowsEnd: false)
                    try value(&open, "looking for beginning of value")
                } else if byte == UInt8(ascii: "}") {
                    open.removeLast()
                } else {
                    throw invalid(byte, "after object key:value pair")
                }
            } else if byte == UInt8(ascii: ",") {
                try value(&open, "looking for beginning of value")
            } else if byte == UInt8(ascii: "]") {
                open.removeLast()
            } else {
                throw invalid(byte, "after array element")
            }
        }
        skipSpaces()
        if let byte = peek { throw invalid(byte, "after top-level value") }
    }

    /// A value up to its end, or to the first value in it that has an end: brackets with content stay open.
    private mutating func value(_ open: inout [UInt8], _ context: String) throws {
        while true {
            skipSpaces()
            guard let byte = peek else { throw Self.unexpectedEnd }
            index += 1
            switch byte {
            case UInt8(ascii: "{"):
                guard open.count < Self.depthMax else { throw GoError("exceeded max depth") }
                if try !key(allowsEnd: true) { return }
                open.append(byte)
            case UInt8(ascii: "["):
                guard open.count < Self.depthMax else { throw GoError("exceeded max depth") }
                skipSpaces()
                if peek == UInt8(ascii: "]") {
                    index += 1
                    return
                }
                open.append(byte)
            case UInt8(ascii: "\""): return try string()
            case UInt8(ascii: "t"): return try word("true")
            case UInt8(ascii: "f"): return try word("false")
            case UInt8(ascii: "n"): return try word("null")
            case UInt8(ascii: "-"), 0x30...0x39: return try number(byte)
            default: throw invalid(byte, context)
            }
        }
    }

    /// A key with its colon.
    /// - Returns: whether there is one; not when the object ends at once.
    @discardableResult
    private mutating func key(allowsEnd: Bool) throws -> Bool {
        skipSpaces()
        guard let byte = peek else { throw Self.unexpectedEnd }
        index += 1
        if allowsEnd, byte == UInt8(ascii: "}") { return false }
        guard byte == UInt8(ascii: "\"") else { throw invalid(byte, "looking for beginning of object key string") }
        try string()
        skipSpaces()
        guard let colon = peek else { throw Self.unexpectedEnd }
        index += 1
        guard colon == UInt8(ascii: ":") else { throw invalid(colon, "after object key") }
        return true
    }

    private mutating func string() throws {
        while let byte = peek {
            index += 1
            if byte == UInt8(ascii: "\"") { return }
            if byte < 0x20 { throw invalid(byte, "in string literal") }
            guard byte == UInt8(ascii: "\\") else { continue }
            guard let escaped = peek else { break }
            index += 1
            if escaped == UInt8(ascii: "u") {
                for _ in 0..<4 {
                    guard let digit = peek else { throw Self.unexpectedEnd }
                    index += 1
                    let isHex = digit >= 0x30 && digit <= 0x39 || (digit | 0x20) >= 0x61 && (digit | 0x20) <= 0x66
                    guard isHex else { throw invalid(digit, "in \\u hexadecimal character escape") }
                }
            } else if !"bfnrt\\/\"".utf8.contains(escaped) {
                throw invalid(escaped, "in string escape code")
            }
        }
        throw Self.unexpectedEnd
    }

    private mutating func word(_ word: String) throws {
        for letter in word.utf8.dropFirst() {
            guard let byte = peek else { throw Self.unexpectedEnd }
            index += 1
            guard byte == letter else {
                throw invalid(byte, "in literal \(word) (expecting \(Self.quoted(letter)))")
            }
        }
    }

    private mutating func number(_ first: UInt8) throws {
        var first = first
        if first == UInt8(ascii: "-") {
            guard let byte = peek else { throw Self.unexpectedEnd }
            index += 1
            guard Self.isDigit(byte) else { throw invalid(byte, "in numeric literal") }
            first = byte
        }
        if first != 0x30 { while let byte = peek, Self.isDigit(byte) { index += 1 } }
        if peek == UInt8(ascii: ".") {
            index += 1
            try digits("after decimal point in numeric literal")
        }
        if let byte = peek, byte | 0x20 == UInt8(ascii: "e") {
            index += 1
            if let sign = peek, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { index += 1 }
            try digits("in exponent of numeric literal")
        }
    }

    private mutating func digits(_ context: String) throws {
        guard let byte = peek else { throw Self.unexpectedEnd }
        guard Self.isDigit(byte) else { throw invalid(byte, context) }
        while let byte = peek, Self.isDigit(byte) { index += 1 }
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpaces() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { index += 1 }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static let unexpectedEnd = GoError("unexpected end of JSON input")

    private func invalid(_ byte: UInt8, _ context: String) -> GoError { GoError("invalid character \(Self.quoted(byte)) \(context)") }

    /// The byte as a character in single quotes.
    private static func quoted(_ byte: UInt8) -> String {
        if byte == UInt8(ascii: "'") { return "'\\''" }
        if byte == UInt8(ascii: "\"") { return "'\"'" }
        return "'" + GoQuote.quote(String(Character(Unicode.Scalar(byte)))).dropFirst().dropLast() + "'"
    }
}
