/// The rules of `.helmignore`: the first that matches decides; a negated one hides all that it does not match.
struct HelmIgnore {
    private struct Rule {
        let pattern: GoPathPattern
        let isNegated: Bool
        let foldersOnly: Bool
        /// Whether the whole path is matched, and not the name alone.
        let matchesPath: Bool
    }

    private var rules: [Rule] = []

    /// - Throws: `GoError` for `**` and malformed patterns.
    init(_ bytes: [UInt8]?) throws {
        var text = String(decoding: bytes ?? [], as: UTF8.self)
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        for line in text.split(whereSeparator: \.isNewline) { try add(String(line)) }
        // Helm's own: no dot files in templates.
        try add("templates/.?*")
    }

    private mutating func add(_ line: String) throws {
        var pattern = ByteText.trimSpace(line)
        if pattern.isEmpty || pattern.hasPrefix("#") { return }
        if pattern.contains("**") { throw GoError("double-star (**) syntax is not supported") }
        // Helm checks a line as it stands, and matches by what is left of it.
        guard GoPathPattern(pattern) != nil else { throw GoError("syntax error in pattern") }
        let isNegated = pattern.hasPrefix("!")
        if isNegated { pattern.removeFirst() }
        let foldersOnly = pattern.hasSuffix("/")
        if foldersOnly { pattern.removeLast() }
        let matchesPath = pattern.contains("/")
        if pattern.hasPrefix("/") { pattern.removeFirst() }
        rules.append(
            Rule(pattern: GoPathPattern(pattern) ?? .never, isNegated: isNegated, foldersOnly: foldersOnly, matchesPath: matchesPath))
    }

    func ignores(_ path: String, isFolder: Bool) -> Bool {
        let whole = Array(path.unicodeScalars)
        let base = whole.lastIndex(of: "/").map { whole[($0 + 1)...] } ?? whole[...]
        for rule in rules {
            let name = rule.matchesPath ? whole[...] : base
            if rule.isNegated {
                if rule.foldersOnly, !isFolder { return true }
                if !rule.pattern.matches(name) { return true }
                continue
            }
            if rule.foldersOnly, !isFolder { continue }
            if rule.pattern.matches(name) { return true }
        }
        return false
    }
}

/// `filepath.Match`: `*` and `?` within a path component, `[a-z]`, `[^a]`, and `\` before a sign of these.
struct GoPathPattern {
    private let items: [Item]

    /// `nil` for a malformed pattern.
    init?(_ pattern: String) {
        guard let items = Self.parse(pattern) else { return nil }
        self.items = items
    }

    /// What a malformed pattern matches: nothing.
    static let never = GoPathPattern(items: [.set([], isNegated: false)])

    private init(items: [Item]) { self.items = items }

    func matches(_ name: ArraySlice<Unicode.Scalar>) -> Bool { Self.match(items[...], name) }

    private enum Item {
        case any, one
        case scalar(Unicode.Scalar)
        case set([ClosedRange<UInt32>], isNegated: Bool)
    }

    private static func parse(_ pattern: String) -> [Item]? {
        var items: [Item] = []
        var rest = Array(pattern.unicodeScalars)[...]
        func takeScalar() -> Unicode.Scalar? {
            guard var scalar = rest.popFirst(), scalar != "-", scalar != "]" else { return nil }
            if scalar == "\\" {
                guard let escaped = rest.popFirst() else { return nil }
                scalar = escaped
            }
            return rest.isEmpty ? nil : scalar
        }
        while let scalar = rest.popFirst() {
            switch scalar {
            case "*": items.append(.any)
            case "?": items.append(.one)
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                items.append(.scalar(escaped))
            case "[":
                let isNegated = rest.first == "^"
                if isNegated { rest.removeFirst() }
                var ranges: [ClosedRange<UInt32>] = []
                while rest.first != "]" || ranges.isEmpty {
                    guard let low = takeScalar() else { return nil }
                    var high = low
                    if rest.first == "-" {
                        rest.removeFirst()
                        guard let end = takeScalar() else { return nil }
                        high = end
                    }
                    if low.value <= high.value { ranges.append(low.value...high.value) } else { ranges.append(UInt32.max...UInt32.max) }
                }
                rest.removeFirst()
                items.append(.set(ranges, isNegated: isNegated))
            default: items.append(.scalar(scalar))
            }
        }
        return items
    }

    /// With one place to go back to, as for any pattern whose stars are alike.
    private static func match(_ items: ArraySlice<Item>, _ text: ArraySlice<Unicode.Scalar>) -> Bool {
        var (item, place) = (items.startIndex, text.startIndex)
        var retry: (item: Int, place: Int)?
        while item < items.endIndex || place < text.endIndex {
            if item < items.endIndex {
                if case .any = items[item] {
                    retry = (item, place)
                    item += 1
                    continue
                }
                if place < text.endIndex, matches(items[item], text[place]) {
                    item += 1
                    place += 1
                    continue
                }
            }
            guard let last = retry, last.place < text.endIndex, text[last.place] != "/" else { return false }
            retry = (last.item, last.place + 1)
            item = last.item + 1
            place = last.place + 1
        }
        return true
    }

    private static func matches(_ item: Item, _ scalar: Unicode.Scalar) -> Bool {
        switch item {
        case .any: false
        case .one: scalar != "/"
        case .scalar(let expected): scalar == expected
        case .set(let ranges, let isNegated): scalar != "/" && ranges.contains { $0.contains(scalar.value) } != isNegated
        }
    }
}
