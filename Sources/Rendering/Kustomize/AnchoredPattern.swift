import Manifests

/// An expression that must match the whole of a text (`^(?:…)$`), as kustomize's selectors have it. Plain names, by far
/// the most, are compared as they are.
struct AnchoredPattern: Sendable {
    private enum Form: Sendable {
        case anything
        case literal(String)
        case expression(GoRegex)
    }

    private let form: Form

    init(_ text: String) throws(Diagnostic) {
        if text.isEmpty {
            form = .anything
        } else if text.utf8.allSatisfy(Self.isLiteral) {
            form = .literal(text)
        } else {
            form = .expression(try Self.compile("^(?:\(text))$", written: text))
        }
    }

    /// Compiles an expression; an error says how the user wrote it.
    static func compile(_ pattern: String, written text: String) throws(Diagnostic) -> GoRegex {
        do throws(GoRegexError) { return try GoRegex(pattern) } catch {
            throw Diagnostic(
                "'\(text)' is no regular expression: \(error.code.rawValue)",
                advice: "put a backslash before characters that are meant as they are")
        }
    }

    func matches(_ text: String) -> Bool {
        switch form {
        case .anything: true
        case .literal(let literal): literal == text
        case .expression(let expression): expression.isMatch(text)
        }
    }

    var matchesAnything: Bool {
        if case .anything = form { return true }
        return false
    }

    /// A dot matches any character, so a text with one is an expression.
    private static func isLiteral(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
