import Manifests

/// JSON as Go's `encoding/json` writes it: keys sorted by their bytes, `<`, `>` and `&` escaped.
enum GoJSON {
    /// - Parameter indent: The blanks of one level; `nil` for one line.
    static func encode(_ value: Value, indent: String? = nil) -> [UInt8] {
        var writer = Writer(indent: indent)
        writer.write(value, level: 0)
        return writer.bytes
    }

    private struct Writer {
        var bytes: [UInt8] = []
        let indent: String?

        init(indent: String?) { self.indent = indent }

        mutating func write(_ value: Value, level: Int) {
            switch value {
            case .null: append("null")
            case .bool(let bool): append(bool ? "true" : "false")
            case .int(let int): append(String(int))
            case .unsigned(let unsigned): append(String(unsigned))
            case .double(let double): append(NumberText.json(double))
            case .string(let string): write(string)
            case .array(let items):
                guard !items.isEmpty else { return append("[]") }
                append("[")
                for (index, item) in items.enumerated() {
                    if index > 0 { append(",") }
                    newLine(level + 1)
                    write(item, level: level + 1)
                }
                newLine(level)
                append("]")
            case .object(let object):
                guard !object.isEmpty else { return append("{}") }
                append("{")
                for (index, member) in object.members.sorted(by: { UTF8Order.isLess($0.key, $1.key) }).enumerated() {
                    if index > 0 { append(",") }
                    newLine(level + 1)
                    write(member.key)
                    append(indent == nil ? ":" : ": ")
                    write(member.value, level: level + 1)
                }
                newLine(level)
                append("}")
            }
        }

        private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

        private mutating func newLine(_ level: Int) {
            guard let indent else { return }
            append("\n" + String(repeating: indent, count: level))
        }

        private mutating func write(_ text: String) {
            append("\"")
            for scalar in text.unicodeScalars {
                switch scalar {
                case "\"": append("\\\"")
                case "\\": append("\\\\")
                case "\n": append("\\n")
                case "\r": append("\\r")
                case "\t": append("\\t")
                case "\u{8}": append("\\b")
                case "\u{C}": append("\\f")
                case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{0}"..<"\u{20}":
                    let digits = String(scalar.value, radix: 16)
                    append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
                default: append(String(scalar))
                }
            }
            append("\"")
        }
    }
}
