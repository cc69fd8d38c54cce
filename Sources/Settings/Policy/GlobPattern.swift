/// A pattern with `*`, `**`, `?`, `[a-z]`, `[!a]`, `{a,b}` and `\` before a character that stands for itself.
///
/// With a separator, `*` and `?` stay within a segment and `**` crosses it; without one all of them cross everything. A
/// pattern that is not well-formed (an open `[` or `{`) matches nothing.
package struct GlobPattern: Hashable, Sendable {
    private enum Token: Hashable, Sendable {
        case byte(UInt8)
        case any
        case star
        case starStar
        case set(ranges: [ClosedRange<UInt8>], isNegated: Bool)
    }

    package let text: String
    private let separator: UInt8?
    private let alternatives: [[Token]]

    /// How many patterns the braces of one may open into.
    private static let alternativesMax = 1_000
    private static let lengthMax = 4_096

    package init(_ text: String, separator: Character? = nil) {
        self.text = text
        self.separator = separator?.asciiValue
        let bytes = Array(text.utf8)
        var alternatives: [[Token]] = []
        if bytes.count <= Self.lengthMax, let opened = Self.opened(bytes) {
            for pattern in opened {
                guard let tokens = Self.tokens(pattern) else { continue }
                alternatives.append(tokens)
            }
        }
        self.alternatives = alternatives
    }

    /// Whether the pattern is well-formed.
    package var isValid: Bool { !alternatives.isEmpty }

    package func matches(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return alternatives.contains { matches($0, bytes) }
    }

    /// Which places of the text a prefix of the pattern can end at, token by token: no backtracking, whatever the pattern.
    private func matches(_ tokens: [Token], _ bytes: [UInt8]) -> Bool {
        var ends = [Bool](repeating: false, count: bytes.count + 1)
        ends[0] = true
        for token in tokens {
            var next = [Bool](repeating: false, count: bytes.count + 1)
            switch token {
            case .star, .starStar:
                var isOpen = false
                for place in 0...bytes.count {
                    isOpen = isOpen || ends[place]
                    next[place] = isOpen
                    if place < bytes.count, token == .star, bytes[place] == separator { isOpen = false }
                }
            case .byte, .any, .set:
                for place in bytes.indices where ends[place] && accepts(token, bytes[place]) { next[place + 1] = true }
            }
            ends = next
        }
        return ends[bytes.count]
    }

    private func accepts(_ token: Token, _ byte: UInt8) -> Bool {
        switch token {
        case .byte(let own): own == byte
        case .any: byte != separator
        case .set(let ranges, let isNegated): byte != separator && ranges.contains { $0.contains(byte) } != isNegated
        case .star, .starStar: false
        }
    }

    /// The pattern without braces: each combination of what they offer.
    private static func opened(_ bytes: [UInt8]) -> [[UInt8]]? {
        guard let open = firstOpen(bytes) else { return [bytes] }
        var depth = 0
        var parts: [[UInt8]] = [[]]
        var index = open
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\\") where index + 1 < bytes.count:
                parts[parts.count - 1] += bytes[index...index + 1]
                index += 1
            case UInt8(ascii: "{"):
                depth += 1
                if depth > 1 { parts[parts.count - 1].append(byte) }
            case UInt8(ascii: "}"):
                depth -= 1
                if depth > 0 { parts[parts.count - 1].append(byte) }
            case UInt8(ascii: ",") where depth == 1: parts.append([])
            default: parts[parts.count - 1].append(byte)
            }
            index += 1
            if depth == 0 { break }
        }
        guard depth == 0 else { return nil }
        var all: [[UInt8]] = []
        for part in parts {
            guard let rest = opened(bytes[..<open] + part + bytes[index...]) else { return nil }
            all += rest
            guard all.count <= alternativesMax else { return nil }
        }
        return all
    }

    private static func firstOpen(_ bytes: [UInt8]) -> Int? {
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "\\") { index += 1 } else if bytes[index] == UInt8(ascii: "{") { return index }
            index += 1
        }
        return nil
    }

    private static func tokens(_ bytes: [UInt8]) -> [Token]? {
        var tokens: [Token] = []
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "*"):
                let isDouble = index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "*")
                tokens.append(isDouble ? .starStar : .star)
                if isDouble { index += 1 }
            case UInt8(ascii: "?"): tokens.append(.any)
            case UInt8(ascii: "["):
                guard let set = set(bytes, &index) else { return nil }
                tokens.append(set)
            case UInt8(ascii: "\\"):
                index += 1
                guard index < bytes.count else { return nil }
                tokens.append(.byte(bytes[index]))
            default: tokens.append(.byte(bytes[index]))
            }
            index += 1
        }
        return tokens
    }

    /// `[a-z_]`, `[!a]` or `[^a]`; leaves the index at the closing bracket.
    private static func set(_ bytes: [UInt8], _ index: inout Int) -> Token? {
        var place = index + 1
        var isNegated = false
        if place < bytes.count, bytes[place] == UInt8(ascii: "!") || bytes[place] == UInt8(ascii: "^") {
            isNegated = true
            place += 1
        }
        var ranges: [ClosedRange<UInt8>] = []
        func take() -> UInt8? {
            if place < bytes.count, bytes[place] == UInt8(ascii: "\\") { place += 1 }
            guard place < bytes.count else { return nil }
            defer { place += 1 }
            return bytes[place]
        }
        while place < bytes.count, bytes[place] != UInt8(ascii: "]") || ranges.isEmpty {
            guard let low = take() else { return nil }
            var high = low
            if place + 1 < bytes.count, bytes[place] == UInt8(ascii: "-"), bytes[place + 1] != UInt8(ascii: "]") {
                place += 1
                guard let end = take(), end >= low else { return nil }
                high = end
            }
            ranges.append(low...high)
        }
        guard place < bytes.count else { return nil }
        index = place
        return .set(ranges: ranges, isNegated: isNegated)
    }
}
