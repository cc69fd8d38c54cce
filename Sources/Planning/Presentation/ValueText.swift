internal import Manifests

/// Values as a reader sees them: on one line, cut where they are long, or as lines of YAML.
enum ValueText {
    /// The characters of a value that fit on a line.
    static let width = 100

    static func short(_ value: Value) -> String { cut(full(value)) }

    static func full(_ value: Value) -> String {
        VisibleText.text(String(decoding: JSONWriter.canonical(value), as: UTF8.self))
    }

    /// Two values of a field. Where both are long, what they begin and end with alike is left out.
    static func pair(_ before: Value, _ after: Value) -> (before: String, after: String) {
        let left = Array(full(before))
        let right = Array(full(after))
        guard left.count > width || right.count > width else { return (String(left), String(right)) }
        var start = 0
        let shortest = min(left.count, right.count)
        while start < shortest, left[start] == right[start] { start += 1 }
        var end = 0
        while end < shortest - start, left[left.count - 1 - end] == right[right.count - 1 - end] { end += 1 }
        let kept = 12
        let head = max(0, start - kept)
        let tail = max(0, end - kept)
        return (around(left, head: head, tail: tail), around(right, head: head, tail: tail))
    }

    /// The value as YAML, a line each; nothing that acts on a screen.
    static func lines(_ value: Value) -> [String] {
        var text = String(decoding: YAMLEmitter.kustomize(value), as: UTF8.self)
        if text.utf8.last == 0x0A { text.unicodeScalars.removeLast() }
        return text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { VisibleText.text(String(Substring($0))) }
    }

    /// A long text that is JSON on one line (a dashboard, a policy) as indented lines; `nil` for any other text.
    static func prettyJSON(_ text: String) -> String? {
        guard text.utf8.count > width, let first = text.utf8.first,
            first == UInt8(ascii: "{") || first == UInt8(ascii: "["), let value = try? JSONParser.parse(Array(text.utf8))
        else { return nil }
        return String(decoding: JSONWriter.pretty(value), as: UTF8.self)
    }

    /// What a reviewer can tell of binary content: how much it is, and whether it is the same.
    static func binary(_ base64: String) -> String? {
        guard let bytes = Base64.decode(base64) else { return nil }
        return "(\(bytes.count) bytes, \(Digest.sha256(of: bytes).prefix(19)))"
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > width, text.count > width else { return text }
        return text.prefix(width) + "… (\(text.utf8.count) bytes)"
    }

    private static func around(_ text: [Character], head: Int, tail: Int) -> String {
        var middle = String(text[head..<(text.count - tail)])
        if middle.count > width { middle = middle.prefix(width) + "… (\(text.count) characters)" } else if tail > 0 { middle += "…" }
        return head > 0 ? "…" + middle : middle
    }
}
