/// Collects a page's bytes. What comes from elsewhere goes through `text`, `element` or `attribute`, which escape it.
struct HTMLWriter {
    private(set) var bytes: [UInt8] = []

    /// Our own markup, as it is.
    mutating func markup(_ markup: String) { bytes.append(contentsOf: markup.utf8) }

    mutating func text(_ text: String) { HTMLEscape.append(text, to: &bytes) }

    /// An element that holds nothing but text.
    mutating func element(_ tag: String, _ text: String, name: String? = nil) {
        markup(name.map { "<\(tag) class=\"\($0)\">" } ?? "<\(tag)>")
        self.text(text)
        markup("</\(tag)>")
    }

    mutating func attribute(_ name: String, _ value: String) {
        markup(" \(name)=\"")
        text(value)
        markup("\"")
    }
}
