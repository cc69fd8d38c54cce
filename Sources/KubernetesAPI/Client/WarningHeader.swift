/// `Warning` headers (RFC 7234): `299 - "text"`.
enum WarningHeader {
    /// The texts, each once, in their order.
    static func texts(_ headers: [String]) -> [String] {
        var texts: [String] = []
        for header in headers {
            for text in quoted(header) where !texts.contains(text) { texts.append(text) }
        }
        return texts
    }

    /// The quoted texts of a header. A date may follow a text in quotes of its own, never a second warning's text
    /// without its code, so a quoted text counts only behind a code and an agent.
    private static func quoted(_ header: String) -> [String] {
        var texts: [String] = []
        var text: [UInt8] = []
        var isQuoted = false, isEscaped = false
        var outside: [UInt8] = []
        for byte in header.utf8 {
            if isEscaped {
                text.append(byte)
                isEscaped = false
            } else if isQuoted, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                if isQuoted {
                    if outside.contains(where: { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) {
                        texts.append(String(decoding: text, as: UTF8.self))
                    }
                    text = []
                    outside = []
                }
                isQuoted.toggle()
            } else if isQuoted {
                text.append(byte)
            } else {
                outside.append(byte)
            }
        }
        return texts.filter { !$0.isEmpty }
    }
}
