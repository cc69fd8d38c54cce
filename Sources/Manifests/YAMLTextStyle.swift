/// How a text may be written in a block, after a look at all of its characters (`yaml_emitter_analyze_scalar`).
struct YAMLTextStyle {
    var isMultiline = false
    var allowsPlain = true
    var allowsSingleQuotes = true
    var allowsBlock = true

    init(of text: UnsafeBufferPointer<UInt8>) {
        guard !text.isEmpty else {
            allowsBlock = false
            return
        }
        var hasIndicators = Self.beginsDocumentMark(text)
        var hasSpecialCharacters = false
        var (isAfterSpace, isAfterBreak) = (false, false)
        var (breakSpace, spaceBreak) = (false, false)
        var isAfterBlank = true
        var index = 0
        while index < text.count {
            let byte = text[index]
            let width = YAMLCharacter.width(byte)
            let isFirst = index == 0
            let isBreak = YAMLCharacter.isBreak(text, index)
            if !hasIndicators, Self.isIndicator(byte, isFirst: isFirst, isAfterBlank: isAfterBlank, next: text, index + width) {
                hasIndicators = true
            }
            if !YAMLCharacter.isPrintable(text, index) { hasSpecialCharacters = true }
            if byte == UInt8(ascii: " ") {
                if isFirst || index + 1 == text.count { allowsPlain = false }
                if index + 1 == text.count { allowsBlock = false }
                if isAfterBreak { breakSpace = true }
                (isAfterSpace, isAfterBreak) = (true, false)
            } else if isBreak {
                isMultiline = true
                if isAfterSpace { spaceBreak = true }
                (isAfterSpace, isAfterBreak) = (false, true)
            } else {
                (isAfterSpace, isAfterBreak) = (false, false)
            }
            isAfterBlank = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == 0 || isBreak
            index += width
        }
        if isMultiline || hasIndicators { allowsPlain = false }
        if breakSpace {
            allowsPlain = false
            allowsSingleQuotes = false
        }
        if spaceBreak || hasSpecialCharacters {
            allowsPlain = false
            allowsSingleQuotes = false
            allowsBlock = false
        }
    }

    private static func beginsDocumentMark(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count >= 3, text[0] == text[1], text[1] == text[2] else { return false }
        return text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: ".")
    }

    private static func isIndicator(
        _ byte: UInt8, isFirst: Bool, isAfterBlank: Bool, next text: UnsafeBufferPointer<UInt8>, _ next: Int
    ) -> Bool {
        switch byte {
        case UInt8(ascii: "#"): return isAfterBlank
        case UInt8(ascii: ":"): return isBlankOrEnd(text, next)
        case UInt8(ascii: "-"), UInt8(ascii: "?"): return isFirst && isBlankOrEnd(text, next)
        case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"),
            UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"), UInt8(ascii: "|"), UInt8(ascii: ">"),
            UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "`"):
            return isFirst
        default: return false
        }
    }

    private static func isBlankOrEnd(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        index >= text.count || text[index] == UInt8(ascii: " ") || text[index] == UInt8(ascii: "\t")
    }
}

/// Characters in well-formed UTF-8, by their first byte's place.
enum YAMLCharacter {
    static func width(_ byte: UInt8) -> Int {
        if byte < 0x80 { return 1 }
        if byte & 0xE0 == 0xC0 { return 2 }
        return byte & 0xF0 == 0xE0 ? 3 : 4
    }

    /// What go-yaml prints as it is: no control characters (tab is one), no byte order mark, nothing beyond 16 bits.
    static func isPrintable(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        let byte = text[index]
        if byte < 0x80 { return byte >= 0x20 && byte <= 0x7E || byte == 0x0A }
        switch byte {
        case 0xC2: return text[index + 1] >= 0xA0
        case 0xC3...0xEC, 0xEE: return true
        case 0xED: return text[index + 1] < 0xA0
        case 0xEF:
            let (second, third) = (text[index + 1], text[index + 2])
            return !(second == 0xBB && third == 0xBF) && !(second == 0xBF && (third == 0xBE || third == 0xBF))
        default: return false
        }
    }

    /// Carriage return, line feed, next line, line and paragraph separator.
    static func isBreak(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        let byte = text[index]
        if byte < 0x80 { return byte == 0x0A || byte == 0x0D }
        if byte == 0xC2 { return text[index + 1] == 0x85 }
        guard byte == 0xE2 else { return false }
        return text[index + 1] == 0x80 && (text[index + 2] == 0xA8 || text[index + 2] == 0xA9)
    }
}
