/// Puts text from elsewhere into Markdown so that it stays text: no mention, no link, no markup, no end of the cell.
enum MarkdownEscape {
    /// A code span: nothing within one is read as markup, as a mention or as a reference.
    static func code(_ text: String) -> String {
        let text = VisibleText.text(text)
        guard !text.isEmpty else { return "" }
        let fence = String(repeating: "`", count: longestRun(of: UInt8(ascii: "`"), in: text) + 1)
        // A backtick at either end would join the fence.
        let isPadded = text.utf8.first == UInt8(ascii: "`") || text.utf8.last == UInt8(ascii: "`")
        return isPadded ? "\(fence) \(text) \(fence)" : "\(fence)\(text)\(fence)"
    }

    /// A code span in a cell of a table, where a pipe counts even within code.
    static func cell(_ text: String) -> String {
        // A backslash before a pipe would take the backslash that guards it.
        text.utf8.contains(UInt8(ascii: "|")) ? "<code>\(html(text))</code>" : code(text)
    }

    /// Text within a tag of HTML that begins its own block. GitHub and GitLab leave `<code>` alone when they look for mentions.
    static func summary(_ text: String) -> String { "<code>\(html(text))</code>" }

    /// A fenced block whose fence is longer than any run of backticks within.
    static func fence(for lines: [String]) -> String {
        let longest = lines.map { longestRun(of: UInt8(ascii: "`"), in: $0) }.max() ?? 0
        return String(repeating: "`", count: max(3, longest + 1))
    }

    private static func html(_ text: String) -> String {
        var escaped = ""
        for scalar in VisibleText.text(text).unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", " ", "-", "/", ",", ".": escaped.unicodeScalars.append(scalar)
            case _ where scalar.isASCII: escaped += "&#\(scalar.value);"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func longestRun(of byte: UInt8, in text: String) -> Int {
        var (longest, run) = (0, 0)
        for other in text.utf8 {
            run = other == byte ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}

extension MarkdownEscape {
    /// Our own words, and what stands among them: as they are when they hold no sign of Markdown, in code otherwise.
    static func plain(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: " "), UInt8(ascii: ","), UInt8(ascii: "."),
                UInt8(ascii: ":"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        return isPlain ? text : code(text)
    }
}
