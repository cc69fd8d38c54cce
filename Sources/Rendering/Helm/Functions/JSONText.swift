internal import Manifests

/// JSON as `encoding/json` writes and reads it.
enum JSONText {
    /// - Throws: `GoError` for what JSON cannot say.
    static func encode(_ value: GoValue, indent: Bool = false, escapesHTML: Bool = true) throws -> [UInt8] {
        var writer = Writer(indents: indent, escapesHTML: escapesHTML)
        writer.write(try value.manifestValue(), 0)
        return writer.bytes
    }

    /// The members of objects stay in their order.
    static func encode(_ value: Value) -> [UInt8] {
        var writer = Writer(indents: false, escapesHTML: true)
        writer.write(value, 0)
        return writer.bytes
    }

    private struct Writer {
        var bytes: [UInt8] = []
        let indents: Bool
        let escapesHTML: Bool

        mutating func write(_ value: Value, _ depth: Int) {
            switch value {
            case .null: bytes += Array("null".utf8)
            case .bool(let bool): bytes += Array((bool ? "true" : "false").utf8)
            case .int(let int): bytes += Array(String(int).utf8)
            case .unsigned(let unsigned): bytes += Array(String(unsigned).utf8)
            case .double(let double): bytes += Array(NumberText.json(double).utf8)
            case .string(let string): write(string)
            case .array(let items):
                if items.isEmpty { return bytes += Array("[]".utf8) }
                bytes.append(UInt8(ascii: "["))
                for (index, item) in items.enumerated() {
                    if index > 0 { bytes.append(UInt8(ascii: ",")) }
                    newline(depth + 1)
                    write(item, depth + 1)
                }
                newline(depth)
                bytes.append(UInt8(ascii: "]"))
            case .object(let object):
                if object.isEmpty { return bytes += Array("{}".utf8) }
                bytes.append(UInt8(ascii: "{"))
                for (index, member) in object.members.enumerated() {
                    if index > 0 { bytes.append(UInt8(ascii: ",")) }
                    newline(depth + 1)
                    write(member.key)
                    bytes.append(UInt8(ascii: ":"))
                    if indents { bytes.append(UInt8(ascii: " ")) }
                    write(member.value, depth + 1)
                }
                newline(depth)
                bytes.append(UInt8(ascii: "}"))
            }
        }

        private mutating func newline(_ depth: Int) {
            guard indents else { return }
            bytes.append(0x0A)
            bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
        }

        private mutating func write(_ string: String) {
            bytes.append(UInt8(ascii: "\""))
            for scalar in string.unicodeScalars {
                switch scalar {
                case "\"": bytes += Array("\\\"".utf8)
                case "\\": bytes += Array("\\\\".utf8)
                case "\u{08}": bytes += Array("\\b".utf8)
                case "\u{0C}": bytes += Array("\\f".utf8)
                case "\n": bytes += Array("\\n".utf8)
                case "\r": bytes += Array("\\r".utf8)
                case "\t": bytes += Array("\\t".utf8)
                case "<" where escapesHTML, ">" where escapesHTML, "&" where escapesHTML, "\u{2028}", "\u{2029}":
                    bytes += Array("\\u\(GoQuote.hex(scalar.value, 4))".utf8)
                case _ where scalar.value < 0x20: bytes += Array("\\u\(GoQuote.hex(scalar.value, 4))".utf8)
                default: bytes += Array(UTF8.encode(scalar).map { Array($0) } ?? [])
                }
            }
            bytes.append(UInt8(ascii: "\""))
        }
    }

    /// - Throws: `GoError`, worded as near to Go as the reader allows.
    static func parse(_ bytes: [UInt8]) throws -> Value {
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }) { throw GoError("unexpected end of JSON input") }
        do {
            return try JSONParser.parse(bytes)
        } catch {
            throw GoError(GoJSONSyntax.fault(bytes) ?? "\(error)")
        }
    }

    static func kind(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .bool: "bool"
        case .int, .unsigned, .double: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
