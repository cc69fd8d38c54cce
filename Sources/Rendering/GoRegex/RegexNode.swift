/// One node of a parsed regular expression.
indirect enum RegexNode {
    case empty
    case literal(UInt32)
    /// `.`; with `matchesNewline` under the flag `s`.
    case any(matchesNewline: Bool)
    case set(RegexSet)
    case assertion(RegexAssertion)
    case capture(Int, RegexNode)
    case star(RegexNode, isGreedy: Bool)
    case plus(RegexNode, isGreedy: Bool)
    case optional(RegexNode, isGreedy: Bool)
    /// `{minimum,maximum}`; without a maximum, any number of times.
    case repetition(RegexNode, minimum: Int, maximum: Int?, isGreedy: Bool)
    case concatenation([RegexNode])
    case alternation([RegexNode])
}

/// Conditions on a place in the text, which take no text themselves.
enum RegexAssertion: UInt8 {
    case beginLine, endLine, beginText, endText, wordBoundary, noWordBoundary
}
