import Manifests

/// Changes scalars inside of a YAML text and leaves all around them as it is: comments, quotes, the order of keys.
enum TextSurgery {
    /// A scalar to change, by its JSON Pointer.
    struct Change {
        var pointer: String
        var old: Value
        var new: Value
    }

    /// The scalars in which two values differ; `nil` when they differ in more than scalars.
    static func changes(_ old: Value, _ new: Value, at pointer: String = "") -> [Change]? {
        switch (old, new) {
        case (.object(let left), .object(let right)):
            guard left.count == right.count else { return nil }
            var changes: [Change] = []
            for (one, other) in zip(left.members, right.members) {
                guard one.key == other.key,
                    let own = self.changes(one.value, other.value, at: "\(pointer)/\(JSONPointer.escape(one.key))")
                else { return nil }
                changes += own
            }
            return changes
        case (.array(let left), .array(let right)):
            guard left.count == right.count else { return nil }
            var changes: [Change] = []
            for (index, (one, other)) in zip(left, right).enumerated() {
                guard let own = self.changes(one, other, at: "\(pointer)/\(index)") else { return nil }
                changes += own
            }
            return changes
        default:
            guard ScalarText.isScalar(old), ScalarText.isScalar(new) else { return nil }
            return old == new ? [] : [Change(pointer: pointer, old: old, new: new)]
        }
    }

    /// The text with the changes; `nil` when one of the scalars does not stand on one line in a form that is understood.
    static func apply(_ changes: [Change], to text: String) -> String? {
        let options = YAMLLoader.Options(schema: .kustomize, recordsPositions: true)
        guard let document = try? YAMLLoader.load(Array(text.utf8), file: "", options: options).first else { return nil }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
        guard !hasWideSequence(lines) else { return nil }
        // From the end, so that the places before stay right.
        let placed = changes.map { (change: $0, place: document.scalarPosition(of: $0.pointer)) }
        for (change, place) in placed.sorted(by: {
            ($0.place?.line ?? 0, $0.place?.column ?? 0) > ($1.place?.line ?? 0, $1.place?.column ?? 0)
        }) {
            guard let place, lines.indices.contains(place.line - 1), place.column > 0 else { return nil }
            guard let line = replaced(lines[place.line - 1], at: place.column - 1, change) else { return nil }
            lines[place.line - 1] = line
        }
        return lines.enumerated().map { normalizedComment($0.element) }.joined(separator: "\n")
    }

    /// go-yaml writes dashes in the column of the key above: text with dashes further in is written anew.
    private static func hasWideSequence(_ lines: [[Unicode.Scalar]]) -> Bool {
        var key: Int?
        for line in lines {
            guard let first = line.firstIndex(where: { $0 != " " }), line[first] != "#" else { continue }
            if line[first] == "-", first + 1 < line.count, line[first + 1] == " " {
                if let key, first > key { return true }
                key = nil
                continue
            }
            key = line.last == ":" ? first : nil
        }
        return false
    }

    private static func replaced(_ line: [Unicode.Scalar], at column: Int, _ change: Change) -> [Unicode.Scalar]? {
        guard column < line.count else { return nil }
        let text = ScalarText.text(change.new)
        let rest = Array(line[column...])
        let end: Int
        let token: String
        switch rest[0] {
        case "\"":
            guard let close = rest.indices.dropFirst().first(where: { rest[$0] == "\"" && rest[$0 - 1] != "\\" }) else { return nil }
            end = close + 1
            token = String(decoding: GoJSON.encode(.string(text)), as: UTF8.self)
        case "'":
            guard let close = rest.indices.dropFirst().first(where: { rest[$0] == "'" }) else { return nil }
            end = close + 1
            token = "'\(text)'"
            guard !text.contains("'"), !text.contains("\n") else { return nil }
        default:
            let old = Array(ScalarText.text(change.old).unicodeScalars)
            guard rest.starts(with: old) else { return nil }
            end = old.count
            token = plain(change.new)
        }
        return Array(line[..<column]) + Array(token.unicodeScalars) + rest[end...]
    }

    private static func plain(_ value: Value) -> String {
        guard case .string(let text) = value else { return ScalarText.text(value) }
        if case .string = ScalarText.plain(text) {
            return String(decoding: YAMLEmitter.kustomize(value).dropLast(), as: UTF8.self)
        }
        return "\"\(text)\""
    }

    /// One space before a comment at the end of a line.
    private static func normalizedComment(_ line: [Unicode.Scalar]) -> String {
        var text = ""
        text.unicodeScalars.append(contentsOf: line)
        guard let hash = line.indices.last(where: { line[$0] == "#" && $0 > 1 && line[$0 - 1] == " " && line[$0 - 2] == " " }),
            line[..<hash].contains(where: { $0 != " " }), !line[..<hash].contains("\""), !line[..<hash].contains("'")
        else { return text }
        var before = Array(line[..<hash])
        while before.last == " " { before.removeLast() }
        text = ""
        text.unicodeScalars.append(contentsOf: before + [" "] + line[hash...])
        return text
    }
}
