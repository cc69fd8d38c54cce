/// Parses RE2's syntax with the flags that Go's `regexp.Compile` sets (regexp/syntax/parse.go).
struct RegexParser {
    /// How deep groups may nest; Go's own bound.
    static let depthMax = 1000
    /// What counted repetitions may multiply to; Go's own bound.
    static let repeatMax = 1000

    struct Flags {
        var foldsCase = false
        var isMultiline = false
        var dotMatchesNewline = false
        var isUngreedy = false
    }

    let text: [UInt32]
    var index = 0
    var flags = Flags()
    private(set) var captureNames: [String?] = [nil]
    private var depth = 0

    init(_ pattern: String) {
        text = pattern.unicodeScalars.map(\.value)
    }

    mutating func parse() throws(GoRegexError) -> RegexNode {
        let node = try alternation()
        if index < text.count { throw GoRegexError(.unexpectedParenthesis, slice(0, text.count)) }
        return node
    }

    // MARK: Structure

    /// Up to the end or an unmatched `)`.
    private mutating func alternation() throws(GoRegexError) -> RegexNode {
        var branches: [RegexNode] = []
        var items: [RegexNode] = []
        var lastRepeat: Int?
        while let scalar = peek, scalar != Self.closeParenthesis {
            let start = index
            var repeatStart: Int?
            switch scalar {
            case Self.bar:
                index += 1
                branches.append(Self.concatenated(items))
                items = []
            case Self.star, Self.plus, Self.question:
                index += 1
                try apply(scalar, start, lastRepeat, &items)
                repeatStart = start
            case Self.openBrace:
                guard let bounds = try counts() else {
                    index += 1
                    items.append(literal(scalar))
                    break
                }
                try apply(bounds, start, lastRepeat, &items)
                repeatStart = start
            default:
                try atom(scalar, &items)
            }
            lastRepeat = repeatStart
        }
        branches.append(Self.concatenated(items))
        return branches.count == 1 ? branches[0] : .alternation(branches)
    }

    private static func concatenated(_ items: [RegexNode]) -> RegexNode {
        switch items.count {
        case 0: .empty
        case 1: items[0]
        default: .concatenation(items)
        }
    }

    private mutating func apply(
        _ operation: UInt32, _ start: Int, _ lastRepeat: Int?, _ items: inout [RegexNode]
    ) throws(GoRegexError) {
        let (operand, isGreedy) = try operand(start, lastRepeat, &items)
        switch operation {
        case Self.star: items.append(.star(operand, isGreedy: isGreedy))
        case Self.plus: items.append(.plus(operand, isGreedy: isGreedy))
        default: items.append(.optional(operand, isGreedy: isGreedy))
        }
    }

    private mutating func apply(
        _ counts: (Int, Int?), _ start: Int, _ lastRepeat: Int?, _ items: inout [RegexNode]
    ) throws(GoRegexError) {
        let (operand, isGreedy) = try operand(start, lastRepeat, &items)
        let repetition = RegexNode.repetition(operand, minimum: counts.0, maximum: counts.1, isGreedy: isGreedy)
        guard Self.repeats(repetition) <= Self.repeatMax else { throw GoRegexError(.invalidRepeatSize, slice(start, index)) }
        items.append(repetition)
    }

    /// What the operator that ended here repeats, and whether it is greedy.
    private mutating func operand(
        _ start: Int, _ lastRepeat: Int?, _ items: inout [RegexNode]
    ) throws(GoRegexError) -> (RegexNode, Bool) {
        var isGreedy = !flags.isUngreedy
        if peek == Self.question {
            index += 1
            isGreedy.toggle()
        }
        if let lastRepeat { throw GoRegexError(.invalidRepeatOperator, slice(lastRepeat, index)) }
        guard let operand = items.popLast() else { throw GoRegexError(.missingRepeatArgument, slice(start, index)) }
        return (operand, isGreedy)
    }

    /// `{n}`, `{n,}` or `{n,m}` at this place; else nothing, and the brace is a literal.
    private mutating func counts() throws(GoRegexError) -> (Int, Int?)? {
        let start = index
        index += 1
        guard let minimum = number() else {
            index = start
            return nil
        }
        var maximum: Int? = minimum
        if peek == Self.comma {
            index += 1
            if peek == Self.closeBrace {
                maximum = nil
            } else {
                guard let number = number() else {
                    index = start
                    return nil
                }
                maximum = number
            }
        }
        guard peek == Self.closeBrace else {
            index = start
            return nil
        }
        index += 1
        guard minimum <= Self.repeatMax, maximum ?? minimum <= Self.repeatMax, minimum <= maximum ?? minimum else {
            throw GoRegexError(.invalidRepeatSize, slice(start, index))
        }
        return (minimum, maximum)
    }

    private mutating func number() -> Int? {
        let start = index
        var number = 0
        while let scalar = peek, scalar >= 0x30, scalar <= 0x39 {
            number = min(number * 10 + Int(scalar - 0x30), 100_000)
            index += 1
        }
        // Go refuses leading zeros.
        guard index > start, index - start == 1 || text[start] != 0x30 else { return nil }
        return number
    }

    // MARK: Atoms

    private mutating func atom(_ scalar: UInt32, _ items: inout [RegexNode]) throws(GoRegexError) {
        switch scalar {
        case Self.openParenthesis:
            if let group = try group() { items.append(group) }
        case Self.openBracket:
            items.append(try bracketClass())
        case Self.dot:
            index += 1
            items.append(.any(matchesNewline: flags.dotMatchesNewline))
        case Self.caret:
            index += 1
            items.append(.assertion(flags.isMultiline ? .beginLine : .beginText))
        case Self.dollar:
            index += 1
            items.append(.assertion(flags.isMultiline ? .endLine : .endText))
        case Self.backslash:
            try escaped(&items)
        default:
            index += 1
            items.append(literal(scalar))
        }
    }

    /// A group; nothing for `(?i)`, which only sets flags.
    private mutating func group() throws(GoRegexError) -> RegexNode? {
        let outer = flags
        var capture: Int?
        if index + 1 < text.count, text[index + 1] == Self.question {
            if let name = try groupName() {
                capture = captureNames.count
                captureNames.append(name)
            } else {
                if try groupFlags() { return nil }
            }
        } else {
            index += 1
            capture = captureNames.count
            captureNames.append(nil)
        }
        depth += 1
        guard depth <= Self.depthMax else { throw GoRegexError(.nestingDepth, slice(0, text.count)) }
        let content = try alternation()
        depth -= 1
        guard peek == Self.closeParenthesis else { throw GoRegexError(.missingParenthesis, slice(0, text.count)) }
        index += 1
        flags = outer
        guard let capture else { return content }
        return .capture(capture, content)
    }

    /// The name of `(?P<name>` or `(?<name>`; `nil` when this group has other signs.
    private mutating func groupName() throws(GoRegexError) -> String? {
        let start = index
        var nameStart = index + 2
        if nameStart < text.count, text[nameStart] == 0x50, nameStart + 1 < text.count, text[nameStart + 1] == 0x3C {
            nameStart += 2
        } else if nameStart < text.count, text[nameStart] == 0x3C {
            nameStart += 1
        } else {
            return nil
        }
        guard let end = text[nameStart...].firstIndex(of: 0x3E) else {
            throw GoRegexError(.invalidNamedCapture, slice(start, text.count))
        }
        let isValid = end > nameStart && text[nameStart..<end].allSatisfy { RegexSet.word.contains($0) }
        guard isValid else { throw GoRegexError(.invalidNamedCapture, slice(start, end + 1)) }
        index = end + 1
        return slice(nameStart, end)
    }

    /// `(?flags)` or `(?flags:`; tells whether it was the former.
    private mutating func groupFlags() throws(GoRegexError) -> Bool {
        let start = index
        index += 2
        var changed = flags
        var sets = true
        var sawFlag = false
        while let scalar = peek {
            index += 1
            switch scalar {
            case 0x69: (changed.foldsCase, sawFlag) = (sets, true)
            case 0x6D: (changed.isMultiline, sawFlag) = (sets, true)
            case 0x73: (changed.dotMatchesNewline, sawFlag) = (sets, true)
            case 0x55: (changed.isUngreedy, sawFlag) = (sets, true)
            case 0x2D where sets: (sets, sawFlag) = (false, false)
            case 0x3A where sets || sawFlag, Self.closeParenthesis where sets || sawFlag:
                flags = changed
                return scalar == Self.closeParenthesis
            default: throw GoRegexError(.invalidPerlOperator, slice(start, index))
            }
        }
        throw GoRegexError(.missingParenthesis, slice(0, text.count))
    }

    private mutating func escaped(_ items: inout [RegexNode]) throws(GoRegexError) {
        let start = index
        guard index + 1 < text.count else { throw GoRegexError(.trailingBackslash, "") }
        index += 2
        switch text[start + 1] {
        case 0x41: items.append(.assertion(.beginText))
        case 0x7A: items.append(.assertion(.endText))
        case 0x62: items.append(.assertion(.wordBoundary))
        case 0x42: items.append(.assertion(.noWordBoundary))
        case 0x43: throw GoRegexError(.invalidEscape, slice(start, index))
        case 0x51:
            while let scalar = peek {
                index += 1
                if scalar == Self.backslash, peek == 0x45 {
                    index += 1
                    break
                }
                items.append(literal(scalar))
            }
        default:
            index = start
            if let set = try unicodeClass() {
                items.append(.set(RegexSet(set)))
            } else if let set = perlClass() {
                items.append(.set(RegexSet(set)))
            } else {
                items.append(literal(try escape()))
            }
        }
    }

    private func literal(_ scalar: UInt32) -> RegexNode {
        guard flags.foldsCase else { return .literal(scalar) }
        let others = RegexFolding.others(of: scalar)
        return others.isEmpty ? .literal(scalar) : .set(RegexSet(([scalar] + others).map { ($0, $0) }))
    }

    // MARK: Helpers

    var peek: UInt32? { index < text.count ? text[index] : nil }

    func slice(_ start: Int, _ end: Int) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text[start..<min(end, text.count)] { result.append(Unicode.Scalar(scalar) ?? "\u{FFFD}") }
        return String(result)
    }

    /// What the counted repetitions that stand in one another multiply to.
    private static func repeats(_ node: RegexNode) -> Int {
        switch node {
        case .empty, .literal, .any, .set, .assertion: 1
        case .capture(_, let inner), .star(let inner, _), .plus(let inner, _), .optional(let inner, _): repeats(inner)
        case .repetition(let inner, let minimum, let maximum, _): min(repeats(inner), 1_000_000) * max(maximum ?? minimum, 1)
        case .concatenation(let nodes), .alternation(let nodes): nodes.map(repeats).max() ?? 1
        }
    }

    static let openParenthesis: UInt32 = 0x28
    static let closeParenthesis: UInt32 = 0x29
    static let star: UInt32 = 0x2A
    static let plus: UInt32 = 0x2B
    static let comma: UInt32 = 0x2C
    static let dash: UInt32 = 0x2D
    static let dot: UInt32 = 0x2E
    static let question: UInt32 = 0x3F
    static let openBracket: UInt32 = 0x5B
    static let backslash: UInt32 = 0x5C
    static let closeBracket: UInt32 = 0x5D
    static let caret: UInt32 = 0x5E
    static let openBrace: UInt32 = 0x7B
    static let bar: UInt32 = 0x7C
    static let closeBrace: UInt32 = 0x7D
    static let dollar: UInt32 = 0x24
}

extension RegexSet {
    /// `\w`.
    static let word = RegexSet(RegexGroups.word)
}
