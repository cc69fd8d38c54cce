/// One token of a template.
struct TemplateToken {
    enum Kind: UInt8 {
        case error, bool, character, characterConstant, complex, assign, declare, eof, field, identifier, leftDelimiter, leftParenthesis
        case number, pipe, rawString, rightDelimiter, rightParenthesis, space, string, text, variable
        case block, `break`, `continue`, dot, define, `else`, end, `if`, `nil`, range, template, with
    }

    var kind: Kind
    /// Where the token's text stands in the source.
    private let from: UInt32
    private let to: UInt32
    private let row: UInt32

    // Narrow, and nothing but numbers: a large chart has hundreds of thousands of tokens, which are looked at again and again.
    init(kind: Kind, start: Int, end: Int, line: Int) {
        self.kind = kind
        (from, to, row) = (UInt32(start), UInt32(end), UInt32(line))
    }

    var start: Int { Int(from) }
    var end: Int { Int(to) }
    var line: Int { Int(row) }

    /// The words with a meaning of their own, by their bytes as one number; none is longer than eight.
    private static let words: [(bytes: UInt64, kind: Kind)] = [
        ("block", Kind.block), ("break", .break), ("continue", .continue), ("define", .define), ("else", .else), ("end", .end),
        ("if", .if), ("range", .range), ("nil", .nil), ("template", .template), ("with", .with), ("true", .bool), ("false", .bool),
    ].map { (number($0.0.utf8), $0.1) }

    /// What a word is: a keyword, a truth value or an identifier.
    static func kind(of word: some Collection<UInt8>) -> Kind {
        guard word.count <= 8 else { return .identifier }
        let bytes = number(word)
        for known in words where known.bytes == bytes { return known.kind }
        return .identifier
    }

    private static func number(_ word: some Collection<UInt8>) -> UInt64 { word.reduce(0) { $0 << 8 | UInt64($1) } }

    var isKeyword: Bool { kind.rawValue >= Kind.block.rawValue }
}
