/// One token of a template.
struct TemplateToken {
    enum Kind: UInt8 {
        case error, bool, character, characterConstant, complex, assign, declare, eof, field, identifier, leftDelimiter, leftParenthesis
        case number, pipe, rawString, rightDelimiter, rightParenthesis, space, string, text, variable
        case block, `break`, `continue`, dot, define, `else`, end, `if`, `nil`, range, template, with
    }

    var kind: Kind
    /// Where the token's text stands in the source.
    var start: Int
    var end: Int
    var line: Int
    /// What an error token says.
    var message = ""

    static func keyword(_ word: String) -> Kind? {
        switch word {
        case "block": .block
        case "break": .break
        case "continue": .continue
        case "define": .define
        case "else": .else
        case "end": .end
        case "if": .if
        case "range": .range
        case "nil": .nil
        case "template": .template
        case "with": .with
        default: nil
        }
    }

    var isKeyword: Bool { kind.rawValue >= Kind.block.rawValue }
}
