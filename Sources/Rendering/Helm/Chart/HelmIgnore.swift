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
