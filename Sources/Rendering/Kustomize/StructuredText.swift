import Manifests

/// YAML or JSON that stands as text in a field, such as a file in a ConfigMap.
enum StructuredText {
    static func parse(_ text: String) -> Value? {
        let options = YAMLLoader.Options(schema: .kustomize)
        guard let documents = try? YAMLLoader.load(Array(text.utf8), file: "", options: options) else { return nil }
        return documents.first?.value ?? .null
    }

    /// Sets a field inside of a text on the path and writes the text anew.
    /// - Returns: Whether there was such a text with such a field.
    static func set(_ new: Value, text newText: String, at path: [String], in object: inout Value, creation: FieldTargets.Creation?) -> Bool
    {
        guard path.count >= 2 else { return false }
        for count in 1..<path.count {
            let outer = Array(path[..<count])
            guard let field = try? FieldLookup.find(object, outer) else { continue }
            guard ScalarText.isScalar(field), !field.isNull, var inner = parse(ScalarText.text(field)) else { continue }
            let original = ScalarText.text(field)
            let before = inner
            var changed = 0
            do {
                try FieldTargets.change(&inner, path[count...], creation: creation) { value in
                    changed += 1
                    if ScalarText.isScalar(value), ScalarText.isScalar(new) {
                        value = ScalarText.retyped(value, text: newText) ?? new
                    } else {
                        value = new
                    }
                }
                guard changed > 0, let text = write(inner, from: before, like: original) else { return false }
                var isWritten = false
                try FieldTargets.change(&object, outer[...], creation: nil) { value in
                    value = .string(text)
                    isWritten = true
                }
                return isWritten
            } catch {
                return false
            }
        }
        return false
    }

    private static func write(_ value: Value, from before: Value, like original: String) -> String? {
        let first = original.first { !$0.isWhitespace }
        if first == "{" || first == "[" {
            let isPretty = original.contains("\n") && original.contains("  ")
            return String(decoding: GoJSON.encode(value, indent: isPretty ? "  " : nil), as: UTF8.self)
        }
        var text: String
        if !hasComments(original), var node = YAMLNodeReader.read(original) {
            node.update(from: before, to: value)
            text = String(decoding: YAMLEmitter.text(node), as: UTF8.self)
        } else {
            text = TextSurgery.changes(before, value).flatMap { TextSurgery.apply($0, to: original) } ?? YAMLInKeyOrder.text(value)
        }
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return text
    }

    /// Whether there may be comments, which the nodes do not keep.
    private static func hasComments(_ text: String) -> Bool {
        var isAfterBlank = true
        for byte in text.utf8 {
            if byte == UInt8(ascii: "#"), isAfterBlank { return true }
            isAfterBlank = byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
        }
        return false
    }
}

/// YAML with the keys in the order of the source.
enum YAMLInKeyOrder {
    static func text(_ value: Value) -> String {
        var lines: [String] = []
        write(value, indent: 0, prefix: "", to: &lines)
        return lines.joined(separator: "\n")
    }

    private static func write(_ value: Value, indent: Int, prefix: String, to lines: inout [String]) {
        let blanks = String(repeating: " ", count: indent)
        switch value {
        case .object(let object) where !object.isEmpty:
            for (index, member) in object.members.enumerated() {
                let start = index == 0 && !prefix.isEmpty ? prefix : blanks
                let key = scalar(.string(member.key))
                if isBlock(member.value) {
                    lines.append("\(start)\(key):")
                    let isList = member.value.array != nil
                    write(member.value, indent: indent + (isList ? 0 : 2), prefix: "", to: &lines)
                } else {
                    append("\(start)\(key): ", member.value, indent: indent + 2, to: &lines)
                }
            }
        case .array(let items) where !items.isEmpty:
            for (index, item) in items.enumerated() {
                let start = (index == 0 && !prefix.isEmpty ? prefix : blanks) + "- "
                if isBlock(item) {
                    write(item, indent: indent + 2, prefix: start, to: &lines)
                } else {
                    append(start, item, indent: indent + 2, to: &lines)
                }
            }
        default: append(prefix, value, indent: indent, to: &lines)
        }
    }

    private static func isBlock(_ value: Value) -> Bool {
        switch value {
        case .object(let object): !object.isEmpty
        case .array(let items): !items.isEmpty
        case .null, .bool, .int, .unsigned, .double, .string: false
        }
    }

    private static func append(_ start: String, _ value: Value, indent: Int, to lines: inout [String]) {
        let text = scalar(value).split(separator: "\n", omittingEmptySubsequences: false)
        let blanks = String(repeating: " ", count: max(0, indent - 2))
        lines.append(start + (text.first ?? ""))
        for line in text.dropFirst() { lines.append(line.isEmpty ? "" : blanks + line) }
    }

    private static func scalar(_ value: Value) -> String {
        // Words that YAML 1.1 alone takes for something else need no quotes here.
        if case .string(let word) = value, ["y", "Y", "n", "N", "yes", "no", "on", "off", "Yes", "No", "On", "Off"].contains(word) {
            return word
        }
        var text = String(decoding: YAMLEmitter.kustomize(value), as: UTF8.self)
        if text.last == "\n" { text.removeLast() }
        return text
    }
}
