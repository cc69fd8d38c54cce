/// Parses a file's templates (text/template/parse/parse.go) into nodes that run themselves: functions are looked up and
/// variables have their places when parsing is done.
package struct TemplateParser {
    /// How deep parentheses and control structures may nest. Go bounds parentheses alone, at 10,000.
    static let depthMax = 1000

    let source: TemplateSource
    let functions: [String: GoFunction]
    private let tokens: [TemplateToken]
    /// What the error token says, if the last one is such.
    private let message: String
    private var cursor = 0
    /// The last token that was looked at: its line is an error's.
    private var furthest = 0
    private var actionLine = 0
    private var templates: [Template] = []
    private var places: [String: Int] = [:]
    var scope = TemplateScope()
    var depth = 0

    /// All templates of a file: its own text under `name`, and what it defines.
    /// - Throws: `GoError` as Go words it.
    package static func parse(_ bytes: [UInt8], name: String, functions: [String: GoFunction]) throws -> [Template] {
        var parser = TemplateParser(TemplateSource(name: name, bytes: bytes), functions)
        let root = try parser.file()
        try parser.add(name, root)
        return parser.templates
    }

    private init(_ source: TemplateSource, _ functions: [String: GoFunction]) {
        self.source = source
        self.functions = functions
        (tokens, message) = TemplateLexer.tokens(source.bytes)
    }

    // MARK: Tokens

    mutating func next() -> TemplateToken {
        let index = min(cursor, tokens.count - 1)
        furthest = max(furthest, index)
        cursor = index + 1
        return tokens[index]
    }

    mutating func nextNonSpace() -> TemplateToken {
        while true {
            let token = next()
            if token.kind != .space { return token }
        }
    }

    mutating func peek() -> TemplateToken {
        let token = next()
        cursor -= 1
        return token
    }

    mutating func peekNonSpace() -> TemplateToken {
        let token = nextNonSpace()
        cursor -= 1
        return token
    }

    mutating func backUp() { cursor -= 1 }

    func token(at place: Int) -> TemplateToken { tokens[place] }

    /// The place to come back to.
    var place: Int {
        get { cursor }
        set { cursor = newValue }
    }

    func text(_ token: TemplateToken) -> String { String(decoding: source.bytes[token.start..<token.end], as: UTF8.self) }

    /// The name that a token of a field holds after its dot.
    func name(_ field: TemplateToken) -> String { String(decoding: source.bytes[(field.start + 1)..<field.end], as: UTF8.self) }

    // MARK: Errors

    func failure(_ message: String) -> GoError {
        GoError("template: \(source.name):\(tokens[furthest].line): \(message)")
    }

    func unexpected(_ token: TemplateToken, _ context: String) -> GoError {
        guard token.kind == .error else { return failure("unexpected \(describe(token)) in \(context)") }
        var extra = ""
        if actionLine != 0, actionLine != token.line {
            extra = " in action started at \(source.name):\(actionLine)"
            if message.hasSuffix(" action") { extra = String(extra.dropFirst(" in action".count)) }
        }
        return failure(message + extra)
    }

    func describe(_ token: TemplateToken) -> String {
        switch token.kind {
        case .eof: return "EOF"
        case .error: return message
        case _ where token.isKeyword: return "<\(text(token))>"
        default:
            let text = text(token)
            // Go cuts at ten characters.
            let scalars = text.unicodeScalars
            if text.utf8.count > 10 { return GoQuote.quote(String(String.UnicodeScalarView(scalars.prefix(10)))) + "..." }
            return GoQuote.quote(text)
        }
    }

    mutating func expect(_ kind: TemplateToken.Kind, _ context: String) throws -> TemplateToken {
        let token = nextNonSpace()
        guard token.kind == kind else { throw unexpected(token, context) }
        return token
    }

    // MARK: The file

    private mutating func file() throws -> [TemplateNode] {
        var nodes: [TemplateNode] = []
        while peek().kind != .eof {
            if peek().kind == .leftDelimiter {
                let start = cursor
                _ = next()
                if nextNonSpace().kind == .define {
                    try definition()
                    continue
                }
                cursor = start
            }
            switch try textOrAction() {
            case .node(let node): nodes.append(node)
            case .end: throw failure("unexpected {{end}}")
            case .else: throw failure("unexpected {{else}}")
            }
        }
        return nodes
    }

    private mutating func definition() throws {
        let context = "define clause"
        let name = try templateName(nextNonSpace(), context)
        _ = try expect(.rightDelimiter, context)
        let outer = scope
        scope = TemplateScope()
        let (nodes, end) = try itemList()
        guard end == .end else { throw failure("unexpected {{else}} in \(context)") }
        try add(name, nodes)
        scope = outer
    }

    mutating func templateName(_ token: TemplateToken, _ context: String) throws -> String {
        guard token.kind == .string || token.kind == .rawString else { throw unexpected(token, context) }
        guard let name = GoQuote.unquote(Array(source.bytes[token.start..<token.end])) else { throw failure("invalid syntax") }
        return String(decoding: name, as: UTF8.self)
    }

    mutating func add(_ name: String, _ nodes: [TemplateNode]) throws {
        let template = Template(name: name, source: source, root: nodes, slotCount: scope.slotCount)
        if let index = places[name] {
            guard !templates[index].isEmpty else {
                templates[index] = template
                return
            }
            guard template.isEmpty else { throw failure("template: multiple definition of template \(GoQuote.quote(name))") }
        } else {
            places[name] = templates.count
            templates.append(template)
        }
    }

    // MARK: Lists

    /// What a list ended with.
    enum Terminator { case end, `else` }

    enum Item {
        case node(TemplateNode)
        case end
        case `else`
    }

    mutating func itemList() throws -> ([TemplateNode], Terminator) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else { throw failure("control structures nest deeper than \(Self.depthMax) levels") }
        var nodes: [TemplateNode] = []
        while peekNonSpace().kind != .eof {
            switch try textOrAction() {
            case .node(let node): nodes.append(node)
            case .end: return (nodes, .end)
            case .else: return (nodes, .else)
            }
        }
        throw failure("unexpected EOF")
    }

    private mutating func textOrAction() throws -> Item {
        let token = nextNonSpace()
        switch token.kind {
        case .text: return .node(TextNode(token.start, source, Array(source.bytes[token.start..<token.end])))
        case .leftDelimiter:
            actionLine = token.line
            defer { actionLine = 0 }
            return try action()
        default: throw unexpected(token, "input")
        }
    }
}
