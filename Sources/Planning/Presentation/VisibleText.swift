/// Makes characters visible that would otherwise act on the reader's screen.
///
/// A manifest may hold what moves a terminal's cursor (control characters) or turns the direction of what follows
/// (Unicode's bidirectional controls), so that a reviewer sees something else than what is applied.
package enum VisibleText {
    /// The text in one line or, with `keepsLines`, in several; characters that are not to be printed as `<U+001B>`.
    package static func text(_ text: String, keepsLines: Bool = false) -> String {
        guard !isHarmless(text) else { return text }
        var visible = ""
        for scalar in text.unicodeScalars {
            if keepsLines, scalar == "\n" {
                visible.unicodeScalars.append(scalar)
            } else if isHidden(scalar) {
                let code = String(scalar.value, radix: 16, uppercase: true)
                visible += "<U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code + ">"
            } else {
                visible.unicodeScalars.append(scalar)
            }
        }
        return visible
    }

    private static func isHarmless(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F || $0 == 0x09 }
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09: false
        case 0..<0x20, 0x7F..<0xA0: true
        // Marks and overrides of direction, invisible separators, byte order mark.
        case 0x200B, 0x200E...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF, 0x061C: true
        default: false
        }
    }
}
