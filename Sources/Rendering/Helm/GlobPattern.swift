/// Patterns of `.Files.Glob` (gobwas/glob with `/` as separator): `*` within a folder, `**` across folders, `?`,
/// `[abc]`, `[!a-z]`, `{a,b}`, `\` before a sign of these.
struct GlobPattern {
    private indirect enum Item {
        case anyInFolder, any, one
        case scalar(Unicode.Scalar)
        case set([ClosedRange<UInt32>], isNegated: Bool)
        case alternatives([[Item]])
    }

    private let items: [Item]
    static let everything = GlobPattern(items: [.any])
    /// How deep braces may nest.
    private static let depthMax = 20

    private init(items: [Item]) { self.items = items }

    /// `nil` when the pattern is malformed.
    init?(_ pattern: String) {
        var rest = Array(pattern.unicodeScalars)[...]
        guard let items = Self.parse(&rest, depth: 0), rest.isEmpty else { return nil }
        self.items = items
    }

    private static func parse(_ rest: inout ArraySlice<Unicode.Scalar>, depth: Int) -> [Item]? {
        var items: [Item] = []
        while let scalar = rest.first {
            if depth > 0, scalar == "," || scalar == "}" { return items }
            rest.removeFirst()
            switch scalar {
            case "*":
                if rest.first == "*" {
                    while rest.first == "*" { rest.removeFirst() }
                    items.append(.any)
                } else {
                    items.append(.anyInFolder)
                }
            case "?": items.append(.one)
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                items.append(.scalar(escaped))
            case "[":
                guard let set = parseSet(&rest) else { return nil }
                items.append(set)
            case "{":
                guard depth < depthMax else { return nil }
                var alternatives: [[Item]] = []
                repeat {
                    guard let alternative = parse(&rest, depth: depth + 1), let end = rest.popFirst() else { return nil }
                    alternatives.append(alternative)
                    if end == "}" { break }
                } while true
                items.append(.alternatives(alternatives))
            default: items.append(.scalar(scalar))
            }
        }
        return depth == 0 ? items : nil
    }

    private static func parseSet(_ rest: inout ArraySlice<Unicode.Scalar>) -> Item? {
        let isNegated = rest.first == "!"
        if isNegated { rest.removeFirst() }
        var ranges: [ClosedRange<UInt32>] = []
        while let scalar = rest.popFirst() {
            if scalar == "]" { return ranges.isEmpty ? nil : .set(ranges, isNegated: isNegated) }
            var low = scalar
            if low == "\\" {
                guard let escaped = rest.popFirst() else { return nil }
                low = escaped
            }
            if rest.first == "-", rest.count > 1, rest[rest.startIndex + 1] != "]" {
                rest.removeFirst()
                guard let high = rest.popFirst(), low.value <= high.value else { return nil }
                ranges.append(low.value...high.value)
            } else {
                ranges.append(low.value...low.value)
            }
        }
        return nil
    }

    func matches(_ name: String) -> Bool {
        let text = Array(name.unicodeScalars)
        return Self.ends(items[...], text, from: [0]).contains(text.count)
    }

    /// The places of the text at which the items can end when they begin at one of the given ones: no going back, so
    /// that no pattern takes long.
    private static func ends(_ items: ArraySlice<Item>, _ text: [Unicode.Scalar], from starts: Set<Int>) -> Set<Int> {
        var places = starts
        for item in items {
            var next = Set<Int>()
            switch item {
            case .any: if let first = places.min() { next = Set(first...text.count) }
            case .anyInFolder:
                for place in places {
                    var end = place
                    next.insert(end)
                    while end < text.count, text[end] != "/" {
                        end += 1
                        next.insert(end)
                    }
                }
            case .one: for place in places where place < text.count && text[place] != "/" { next.insert(place + 1) }
            case .scalar(let scalar): for place in places where place < text.count && text[place] == scalar { next.insert(place + 1) }
            case .set(let ranges, let isNegated):
                for place in places where place < text.count {
                    if ranges.contains(where: { $0.contains(text[place].value) }) != isNegated { next.insert(place + 1) }
                }
            case .alternatives(let alternatives):
                for alternative in alternatives { next.formUnion(ends(alternative[...], text, from: places)) }
            }
            if next.isEmpty { return [] }
            places = next
        }
        return places
    }
}
