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
