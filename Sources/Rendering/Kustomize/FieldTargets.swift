import Manifests

/// Finds the fields that a path with selectors leads to, and changes them (kyaml's `PathMatcher`): `[name=web]` elements
/// of a list by an expression, `*` all of them, a number one, `[=text]` scalars.
enum FieldTargets {
    /// What is made at the end of a path that does not exist.
    enum Creation {
        case scalar, mapping, list

        init(_ value: Value) {
            switch value {
            case .array: self = .list
            case .object: self = .mapping
            case .null, .bool, .int, .unsigned, .double, .string: self = .scalar
            }
        }
    }

    static func change(
        _ value: inout Value, _ path: ArraySlice<String>, creation: Creation?, _ body: (inout Value) throws -> Void
    ) throws {
        guard let part = path.first else { return try body(&value) }
        if let index = index(part) {
            try changeElement(&value, index, path, creation, body)
        } else if isSelector(part) {
            try changeSelected(&value, part, path, creation, body)
        } else if part == "*" {
            guard case .array(var items) = value else { throw wrongKind(value, "a list", part) }
            value = .null
            defer { value = .array(items) }
            for place in items.indices { try change(&items[place], path.dropFirst(), creation: creation, body) }
        } else {
            try changeField(&value, part, path, creation, body)
        }
    }

    static func index(_ part: String) -> Int? {
        guard let number = Int(part), number >= 0 else { return nil }
        return number
    }

    static func isSelector(_ part: String) -> Bool { part.hasPrefix("[") && part.hasSuffix("]") }

    /// The key and the value of `[key=value]`.
    static func selector(_ part: String) throws(Diagnostic) -> (key: String, value: String) {
        let inner = part.dropFirst().dropLast()
        guard let sign = inner.firstIndex(of: "=") else {
            throw Diagnostic("'\(part)' in a path must have the form [key=value]")
        }
        return (String(inner[..<sign]), String(inner[inner.index(after: sign)...]))
    }

    private static func wrongKind(_ value: Value, _ expected: String, _ part: String) -> Diagnostic {
        Diagnostic("the path expects \(expected) at '\(part)', and there is \(value.kindDescription)")
    }

    private static func made(_ next: String?, _ creation: Creation) -> Value {
        guard let next else {
            switch creation {
            case .scalar: return .null
            case .mapping: return .object(Object())
            case .list: return .array([])
            }
        }
        return isSelector(next) || index(next) != nil ? .array([]) : .object(Object())
    }

    private static func changeField(
        _ value: inout Value, _ name: String, _ path: ArraySlice<String>, _ creation: Creation?,
        _ body: (inout Value) throws -> Void
    ) throws {
        if value.isNull { return }
        guard case .object(var object) = value else { throw wrongKind(value, "a mapping", name) }
        if object.index(of: name) == nil {
            guard let creation else { return }
            object[name] = made(path.dropFirst().first, creation)
        }
        guard let place = object.index(of: name) else { return }
        if path.count > 1, isText(object.members[place].value) {
            // YAML inside of the text: what is found there counts, but nothing is written back.
            guard var inner = StructuredText.parse(ScalarText.text(object.members[place].value)) else {
                throw wrongKind(object.members[place].value, "a mapping or a list", name)
            }
            return try change(&inner, path.dropFirst(), creation: creation, body)
        }
        value = .null
        defer { value = .object(object) }
        try change(&object.members[place].value, path.dropFirst(), creation: creation, body)
    }

    private static func isText(_ value: Value) -> Bool {
        switch value {
        case .bool, .int, .unsigned, .double, .string: true
        case .null, .array, .object: false
        }
    }

    private static func changeElement(
        _ value: inout Value, _ index: Int, _ path: ArraySlice<String>, _ creation: Creation?,
        _ body: (inout Value) throws -> Void
    ) throws {
        guard case .array(var items) = value else { throw wrongKind(value, "a list", String(index)) }
        if index == items.count, let creation { items.append(made(path.dropFirst().first, creation)) }
        guard index < items.count else {
            throw Diagnostic("the path names the element \(index) of a list that has \(items.count)")
        }
        value = .null
        defer { value = .array(items) }
        try change(&items[index], path.dropFirst(), creation: creation, body)
    }

    private static func changeSelected(
        _ value: inout Value, _ part: String, _ path: ArraySlice<String>, _ creation: Creation?,
        _ body: (inout Value) throws -> Void
    ) throws {
        let (key, text) = try selector(part)
        guard case .array(var items) = value else { throw wrongKind(value, "a list", part) }
        value = .null
        defer { value = .array(items) }
        let pattern = try SearchPattern(text)
        var count = 0
        for place in items.indices where matches(items[place], key, pattern) {
            if key.isEmpty {
                count += 1
                try body(&items[place])
            } else {
                try change(&items[place], path.dropFirst(), creation: creation) { field in
                    count += 1
                    try body(&field)
                }
            }
        }
        guard count == 0, let creation else { return }
        guard !items.contains(where: { matches($0, key, pattern) }) else { return }
        items.append(key.isEmpty ? ScalarText.plain(text) : .object([key: ScalarText.plain(text)]))
        let last = items.count - 1
        guard matches(items[last], key, pattern) else {
            throw Diagnostic("the element that '\(part)' would make does not match it")
        }
        if key.isEmpty { return try body(&items[last]) }
        try change(&items[last], path.dropFirst(), creation: creation, body)
    }

    private static func matches(_ item: Value, _ key: String, _ pattern: SearchPattern) -> Bool {
        if key.isEmpty { return pattern.matches(text(item)) }
        guard case .object(let object) = item, let value = object[key] else { return false }
        return pattern.matches(text(value))
    }

    private static func text(_ value: Value) -> String {
        // kyaml matches against the value as YAML, in which text that looks like something else has quotes.
        if case .string(let text) = value { return text }
        return ScalarText.isScalar(value)
            ? ScalarText.text(value) : String(decoding: YAMLEmitter.kustomize(value).dropLast(), as: UTF8.self)
    }
}

/// An expression that may match anywhere in a text.
struct SearchPattern {
    private let expression: GoRegex

    init(_ text: String) throws(Diagnostic) { expression = try AnchoredPattern.compile(text, written: text) }

    func matches(_ text: String) -> Bool { expression.isMatch(text) }
}

/// Reads the field at a path without expressions (kyaml's `Lookup`).
enum FieldLookup {
    static func find(_ value: Value, _ path: [String]) throws(Diagnostic) -> Value? {
        var value = value
        for part in path.map(trimmed) where !part.isEmpty {
            if value.isNull { return nil }
            if let number = Int(part) {
                guard case .array(let items) = value else { throw wrongKind(value, part) }
                guard number >= 0 else { throw Diagnostic("the element \(number) of a list cannot be negative") }
                guard number < items.count else { return nil }
                value = items[number]
            } else if part == "-" {
                guard case .array(let items) = value else { throw wrongKind(value, part) }
                guard let last = items.last else { return nil }
                value = last
            } else if part == "*" {
                throw Diagnostic("'*' is not supported in the path of a source")
            } else if FieldTargets.isSelector(part) {
                let (key, text) = try FieldTargets.selector(part)
                guard case .array(let items) = value else { throw wrongKind(value, part) }
                guard let found = items.first(where: { matches($0, key, text) }) else { return nil }
                value = found
            } else {
                guard case .object(let object) = value else { throw wrongKind(value, part) }
                guard let field = object[part] else { return nil }
                value = field
            }
        }
        return value
    }

    private static func matches(_ item: Value, _ key: String, _ text: String) -> Bool {
        if key.isEmpty { return ScalarText.isScalar(item) && ScalarText.text(item) == text }
        guard let own = item[key] else { return false }
        return text.isEmpty || ScalarText.text(own) == text
    }

    private static func wrongKind(_ value: Value, _ part: String) -> Diagnostic {
        Diagnostic("the path does not lead on at '\(part)', where there is \(value.kindDescription)")
    }

    private static func trimmed(_ text: String) -> String {
        var text = Substring(text)
        while text.first?.isWhitespace ?? false { text.removeFirst() }
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return String(text)
    }
}
