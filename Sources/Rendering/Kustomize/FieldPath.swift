/// A path of a field specification: `spec/template/spec/containers[]/image`, with `\/` for a slash in a key.
struct FieldPath: Hashable, Sendable {
    struct Segment: Hashable, Sendable {
        var name: String
        /// Whether the path says that the field is a list (`containers[]`).
        var isList: Bool
    }

    var text: String
    var segments: [Segment]

    init(_ text: String) {
        self.text = text
        segments = Self.split(text, at: "/").map { part in
            part.hasSuffix("[]")
                ? Segment(name: String(part.dropLast(2)), isList: true) : Segment(name: part, isList: false)
        }
    }

    /// A path of the built-in configuration: few have a slash in a key, and the others are split in one go.
    init(builtIn text: Slice<UnsafeBufferPointer<UInt8>>) {
        guard !text.contains(UInt8(ascii: "\\")) else {
            self = FieldPath(String(decoding: text, as: UTF8.self))
            return
        }
        self.text = String(decoding: text, as: UTF8.self)
        segments = []
        var rest = text
        while true {
            let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
            var part = rest[..<end]
            let isList = part.last == UInt8(ascii: "]")
            if isList { part = part.dropLast(2) }
            segments.append(Segment(name: String(decoding: part, as: UTF8.self), isList: isList))
            guard end < rest.endIndex else { return }
            rest = rest[(end + 1)...]
        }
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
