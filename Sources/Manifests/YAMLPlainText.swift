/// Which texts read as text again when they stand without quotes (go-yaml v2's `resolve`).
package enum YAMLPlainText {
    /// A text that may stand plain without a closer look: names, paths, words. Short words that could be booleans or
    /// null, and whatever begins like a number, take the long way.
    static func isObvious(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = text.first, isLetter(first) || first == UInt8(ascii: "/") || first == UInt8(ascii: "_") else {
            return false
        }
        if text.count <= 5, mayBeWord(first) { return false }
        for byte in text where !isHarmless(byte) { return false }
        return true
    }

    /// Whether a text may stand in a manifest without quotes.
    package static func canBePlain(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { canBePlain($0) }
    }

    static func canBePlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        if isObvious(text) { return true }
        return !text.isEmpty && !text.contains(UInt8(ascii: "\n")) && readsAsText(text) && YAMLTextStyle(of: text).allowsPlain
    }

    static func readsAsText(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard case .string = YAMLSchema.kubernetes.value(of: text) else { return false }
        guard let first = text.first else { return false }
        guard isDigit(first) || first == UInt8(ascii: "-") || first == UInt8(ascii: "+") else { return true }
        if isBase60(text) { return false }
        // A date begins with the four digits of the year.
        guard text.count >= 8, text[4] == UInt8(ascii: "-") else { return true }
        return YAMLTimestamp.rfc3339(String(decoding: text, as: UTF8.self)) == nil
    }

    /// `1:30`, a number in YAML 1.1: `^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$`
    private static func isBase60(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") ? 1 : 0
        guard index < text.count, isDigit(text[index]) else { return false }
        while index < text.count, isDigit(text[index]) || text[index] == UInt8(ascii: "_") { index += 1 }
        var groups = 0
        while index < text.count, text[index] == UInt8(ascii: ":") {
            let start = index + 1
            index = start
            while index < text.count, isDigit(text[index]) { index += 1 }
            switch index - start {
            case 1: break
            case 2: guard text[start] <= UInt8(ascii: "5") else { return false }
            default: return false
            }
            groups += 1
        }
        guard groups > 0 else { return false }
        if index < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
            while index < text.count, isDigit(text[index]) || text[index] == UInt8(ascii: "_") { index += 1 }
        }
        return index == text.count
    }

    /// Whether a word of YAML 1.1 (`yes`, `No`, `true`, `off`, `null`, `y`) begins so.
    private static func mayBeWord(_ first: UInt8) -> Bool {
        switch first | 0x20 {
        case UInt8(ascii: "y"), UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "o"): true
        default: false
        }
    }

    private static func isHarmless(_ byte: UInt8) -> Bool {
        isLetter(byte) || byte &- UInt8(ascii: "-") < 13  // - . / and digits
            || byte == UInt8(ascii: "_")
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
