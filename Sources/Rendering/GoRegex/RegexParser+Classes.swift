extension RegexParser {
    /// `[...]`.
    mutating func bracketClass() throws(GoRegexError) -> RegexNode {
        let start = index
        index += 1
        var isNegated = false
        if peek == Self.caret {
            isNegated = true
            index += 1
        }
        var ranges: [RegexSet.Range] = []
        var isFirst = true
        while peek != Self.closeBracket || isFirst {
            isFirst = false
            if let named = try namedClass() {
                ranges += named
                continue
            }
            let rangeStart = index
            let low = try classScalar(start)
            var high = low
            // [a-] means (a|-), so look for the end.
            if peek == Self.dash, index + 1 < text.count, text[index + 1] != Self.closeBracket {
                index += 1
                high = try classScalar(start)
                guard high >= low else { throw GoRegexError(.invalidCharRange, slice(rangeStart, index)) }
            }
            if flags.foldsCase { ranges += RegexSet.folded([(low, high)]) } else { ranges.append((low, high)) }
        }
        index += 1
        return .set(RegexSet(isNegated ? RegexSet.negated(ranges) : ranges))
    }

    private mutating func namedClass() throws(GoRegexError) -> [RegexSet.Range]? {
        if let set = try posixClass() { return set }
        if let set = try unicodeClass() { return set }
        return perlClass()
    }

    private mutating func classScalar(_ classStart: Int) throws(GoRegexError) -> UInt32 {
        guard let scalar = peek else { throw GoRegexError(.missingBracket, slice(classStart, text.count)) }
        if scalar == Self.backslash { return try escape() }
        index += 1
        return scalar
    }

    /// `[:alpha:]` within a class.
    private mutating func posixClass() throws(GoRegexError) -> [RegexSet.Range]? {
        guard index + 2 < text.count, text[index] == Self.openBracket, text[index + 1] == 0x3A else { return nil }
        var end = index + 2
        while end + 1 < text.count, !(text[end] == 0x3A && text[end + 1] == Self.closeBracket) { end += 1 }
        guard end + 1 < text.count else { return nil }
        let whole = slice(index, end + 2)
        var name = slice(index + 2, end)
        let isNegated = name.first == "^"
        if isNegated { name.removeFirst() }
        guard var ranges = RegexGroups.posix(name) else { throw GoRegexError(.invalidCharRange, whole) }
        index = end + 2
        if flags.foldsCase { ranges = RegexSet.folded(ranges) }
        return isNegated ? RegexSet.negated(ranges) : ranges
    }

    /// `\p{Name}`, `\pN`, and the negated `\P`.
    mutating func unicodeClass() throws(GoRegexError) -> [RegexSet.Range]? {
        guard index + 1 < text.count, text[index] == Self.backslash, text[index + 1] | 0x20 == 0x70 else { return nil }
        let start = index
        var isNegated = text[index + 1] == 0x50
        guard index + 2 < text.count else { throw GoRegexError(.invalidCharRange, slice(start, text.count)) }
        var name: String
        if text[index + 2] == Self.openBrace {
            guard let end = text[index...].firstIndex(of: Self.closeBrace) else {
                throw GoRegexError(.invalidCharRange, slice(start, text.count))
            }
            name = slice(index + 3, end)
            index = end + 1
        } else {
            name = slice(index + 2, index + 3)
            index += 3
        }
        if name.first == "^" {
            name.removeFirst()
            isNegated.toggle()
        }
        guard var ranges = RegexGroups.unicode(name) else { throw GoRegexError(.invalidCharRange, slice(start, index)) }
        if flags.foldsCase { ranges = RegexSet.folded(ranges) }
        return isNegated ? RegexSet.negated(ranges) : ranges
    }

    /// `\d`, `\s`, `\w` and their negations.
    mutating func perlClass() -> [RegexSet.Range]? {
        guard index + 1 < text.count, text[index] == Self.backslash, let group = RegexGroups.perl(text[index + 1]) else { return nil }
        index += 2
        let ranges = flags.foldsCase ? RegexSet.folded(group.ranges) : group.ranges
        return group.isNegated ? RegexSet.negated(ranges) : ranges
    }

    /// The scalar that an escape stands for.
    mutating func escape() throws(GoRegexError) -> UInt32 {
        let start = index
        index += 1
        guard let scalar = peek else { throw GoRegexError(.trailingBackslash, "") }
        index += 1
        switch scalar {
        case 0x31...0x37:
            // One digit alone would be a back reference, which linear time rules out.
            guard let next = peek, next >= 0x30, next <= 0x37 else { break }
            return octal(scalar)
        case 0x30: return octal(scalar)
        case 0x78:
            if let value = hexadecimal() { return value }
        case 0x61: return 0x07
        case 0x66: return 0x0C
        case 0x6E: return 0x0A
        case 0x72: return 0x0D
        case 0x74: return 0x09
        case 0x76: return 0x0B
        default:
            let isWord = scalar != 0x5F && RegexSet.word.contains(scalar)
            if scalar < 0x80, !isWord { return scalar }
        }
        throw GoRegexError(.invalidEscape, slice(start, index))
    }

    private mutating func octal(_ first: UInt32) -> UInt32 {
        var value = first - 0x30
        for _ in 1..<3 {
            guard let digit = peek, digit >= 0x30, digit <= 0x37 else { break }
            value = value * 8 + digit - 0x30
            index += 1
        }
        return value
    }

    private mutating func hexadecimal() -> UInt32? {
        guard let first = peek else { return nil }
        index += 1
        guard first == Self.openBrace else {
            guard let second = peek else { return nil }
            index += 1
            guard let high = Self.hexDigit(first), let low = Self.hexDigit(second) else { return nil }
            return high * 16 + low
        }
        var value: UInt32 = 0
        var digits = 0
        while let scalar = peek {
            index += 1
            if scalar == Self.closeBrace { return digits > 0 ? value : nil }
            guard let digit = Self.hexDigit(scalar) else { return nil }
            value = value * 16 + digit
            guard value <= RegexSet.scalarMax else { return nil }
            digits += 1
        }
        return nil
    }

    private static func hexDigit(_ scalar: UInt32) -> UInt32? {
        switch scalar {
        case 0x30...0x39: scalar - 0x30
        case 0x41...0x46: scalar - 0x41 + 10
        case 0x61...0x66: scalar - 0x61 + 10
        default: nil
        }
    }
}
