/// A path of a field specification: `spec/template/spec/containers[]/image`, with `\/` for a slash in a key.
struct FieldPath: Hashable, Sendable {
    struct Segment: Hashable, Sendable {
        var name: String
        /// Whether the path says that the field is a list (`containers[]`).
        var isList: Bool
    }

    let text: String
    /// The parts of the text, when it was split.
    private let known: [Segment]?

    var segments: [Segment] { known ?? Self.segments(text) }

    init(_ text: String) {
        self.text = text
        known = Self.segments(text)
    }

    /// A path that is split each time its segments are asked for: the built-in configuration has hundreds of them, of which a
    /// build follows a few. `prepared` makes one of those that it does follow.
    init(unsplit text: String) {
        self.text = text
        known = nil
    }

    /// This path, split once and for all.
    var prepared: FieldPath { known == nil ? FieldPath(text) : self }

    static func == (left: FieldPath, right: FieldPath) -> Bool { left.text == right.text }

    func hash(into hasher: inout Hasher) { hasher.combine(text) }

    private static func segments(_ text: String) -> [Segment] {
        // Few have a slash in a key or at the start, and the others are split in one go.
        let (slash, backslash) = (UInt8(ascii: "/"), UInt8(ascii: "\\"))
        guard text.utf8.first != slash, !text.utf8.contains(backslash) else { return split(text, at: "/").map(segment) }
        return text.utf8.split(separator: slash, omittingEmptySubsequences: false).map { segment(String(Substring($0))) }
    }

    private static func segment(_ part: String) -> Segment {
        part.hasSuffix("[]") ? Segment(name: String(part.dropLast(2)), isList: true) : Segment(name: part, isList: false)
    }

    /// Splits at a delimiter that no backslash stands before; a delimiter at the very start is passed over.
    static func split(_ path: String, at delimiter: Character) -> [String] {
        var parts = path.split(separator: delimiter, omittingEmptySubsequences: false).map(String.init)
        if parts.count > 1, parts[0].isEmpty { parts.removeFirst() }
        var joined = [parts[0]]
        for part in parts.dropFirst() {
            if joined[joined.count - 1].hasSuffix("\\") {
                joined[joined.count - 1].removeLast()
                joined[joined.count - 1] += String(delimiter) + part
            } else {
                joined.append(part)
            }
        }
        return joined
    }

    /// Splits at dots, but not inside of brackets: `spec.containers.[name=a.b].image`, `metadata.annotations.[a.b/c]`.
    static func splitKeepingBrackets(_ path: String) -> [String] {
        let parts = split(path, at: ".")
        var result: [String] = []
        var index = 0
        while index < parts.count {
            let part = parts[index]
            index += 1
            guard part.hasPrefix("["), !part.hasSuffix("]") else {
                result.append(part)
                continue
            }
            var bracketed = [part]
            while index < parts.count {
                bracketed.append(parts[index])
                index += 1
                if bracketed[bracketed.count - 1].hasSuffix("]") { break }
            }
            let text = bracketed.joined(separator: ".")
            result.append(text.contains("=") ? text : trimmed(text))
        }
        return result
    }

    private static func trimmed(_ text: String) -> String {
        var text = Substring(text)
        while let first = text.first, first == "[" || first == "]" { text.removeFirst() }
        while let last = text.last, last == "[" || last == "]" { text.removeLast() }
        return String(text)
    }
}
