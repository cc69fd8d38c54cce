/// Why a pattern is no regular expression, in the words of Go's `regexp`.
package struct GoRegexError: Error, Hashable, Sendable {
    package enum Code: String, Sendable {
        case invalidCharClass = "invalid character class"
        case invalidCharRange = "invalid character class range"
        case invalidEscape = "invalid escape sequence"
        case invalidNamedCapture = "invalid named capture"
        case invalidPerlOperator = "invalid or unsupported Perl syntax"
        case invalidRepeatOperator = "invalid nested repetition operator"
        case invalidRepeatSize = "invalid repeat count"
        case missingBracket = "missing closing ]"
        case missingParenthesis = "missing closing )"
        case missingRepeatArgument = "missing argument to repetition operator"
        case trailingBackslash = "trailing backslash at end of expression"
        case unexpectedParenthesis = "unexpected )"
        case nestingDepth = "expression nests too deeply"
        case tooLarge = "expression too large"
    }

    package let code: Code
    /// The part of the pattern that is at fault.
    package let expression: String

    package init(_ code: Code, _ expression: String) {
        self.code = code
        self.expression = expression
    }
}

extension GoRegexError: CustomStringConvertible {
    package var description: String { "error parsing regexp: \(code.rawValue): `\(expression)`" }
}
