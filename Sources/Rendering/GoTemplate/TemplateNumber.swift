/// A number of a template's text, which is whatever Go type its place asks for.
struct TemplateNumber {
    let text: String
    /// As an integer, if it is one.
    var int: Int64?
    var uint: UInt64?
    var float: Double?

    /// The number where no type is asked for; `nil` for an integer that does not fit.
    var ideal: GoValue? {
        let bytes = Array(text.utf8)
        let isHexInt = bytes.count > 2 && bytes[0] == 0x30 && bytes[1] | 0x20 == 0x78 && !text.utf8.contains { $0 | 0x20 == 0x70 }
        let isRune = bytes.first == UInt8(ascii: "'")
        if let float, !isHexInt, !isRune, text.utf8.contains(where: { ".eEpP".utf8.contains($0) }) { return .float(float) }
        if let int { return .integer(int, .int) }
        return uint == nil ? .invalid : nil
    }

    /// - Throws: `GoError` in the words of the parser.
    init(_ text: String, kind: TemplateToken.Kind) throws(GoError) {
        self.text = text
        if kind == .characterConstant {
            guard let scalar = GoQuote.character(Array(text.utf8)) else { throw GoError("malformed character constant: \(text)") }
            (int, uint, float) = (Int64(scalar), UInt64(scalar), Double(scalar))
            return
        }
        if kind == .complex || text.utf8.last == UInt8(ascii: "i") {
            throw GoError("complex numbers have no use here: \(GoQuote.quote(text))")
        }
        uint = GoNumberText.uint(text, base: 0)
        int = GoNumberText.int(text, base: 0)
        if let int {
            float = Double(int)
            if int == 0, uint == nil { uint = 0 }
        } else if let uint {
            float = Double(uint)
        } else if let value = GoNumberText.float(text) {
            guard text.utf8.contains(where: { ".eEpP".utf8.contains($0) }) else {
                throw GoError("integer overflow: \(GoQuote.quote(text))")
            }
            float = value
            int = Int64(exactly: value)
            uint = UInt64(exactly: value)
        }
        if int == nil, uint == nil, float == nil { throw GoError("illegal number syntax: \(GoQuote.quote(text))") }
    }
}
