extension TemplateParser {
    /// `$x := command | command`, up to the given token.
    mutating func pipeline(_ context: String, until end: TemplateToken.Kind) throws -> PipeNode {
        let first = peekNonSpace()
        let (names, isAssignment) = try declarations(context)
        var commands: [CommandNode] = []
        while true {
            let token = nextNonSpace()
            switch token.kind {
            case end:
                try check(commands, context)
                let declarations = names.map { name in
                    PipeNode.Declaration(name: name, slot: isAssignment ? scope.slot(name) : scope.declare(name))
                }
                return PipeNode(first.start, source, declarations, isAssignment: isAssignment, commands)
            case .bool, .characterConstant, .complex, .dot, .field, .identifier, .number, .nil, .rawString, .string, .variable,
                .leftParenthesis:
                backUp()
                commands.append(try command())
            default: throw unexpected(token, context)
            }
        }
    }

    /// The variables before `:=` or `=`.
    private mutating func declarations(_ context: String) throws -> (names: [String], isAssignment: Bool) {
        var names: [String] = []
        while peekNonSpace().kind == .variable {
            let start = place
            let variable = next()
            let following = peekNonSpace()
            switch following.kind {
            case .assign, .declare:
                _ = nextNonSpace()
                names.append(text(variable))
                scope.learn(text(variable))
                return (names, following.kind == .assign)
            case .character where text(following) == ",":
                _ = nextNonSpace()
                names.append(text(variable))
                scope.learn(text(variable))
                guard context == "range", names.count < 2 else { throw failure("too many declarations in \(context)") }
                switch peekNonSpace().kind {
                case .variable, .rightDelimiter, .rightParenthesis: continue
                default: throw failure("range can only initialize variables")
                }
            default:
                place = start
                return (names, false)
            }
        }
        return (names, false)
    }

    private func check(_ commands: [CommandNode], _ context: String) throws {
        guard !commands.isEmpty else { throw failure("missing value for \(context)") }
        for (index, command) in commands.enumerated().dropFirst() {
            switch command.first {
            case is BoolNode, is DotNode, is NilNode, is NumberNode, is StringNode:
                throw failure("non executable command in pipeline stage \(index + 1)")
            default: break
            }
        }
    }

    private mutating func command() throws -> CommandNode {
        let start = peekNonSpace().start
        var words: [OperandNode] = []
        words.reserveCapacity(2)
        while true {
            _ = peekNonSpace()
            if let operand = try operand() { words.append(operand) }
            let token = next()
            switch token.kind {
            case .space: continue
            case .rightDelimiter, .rightParenthesis: backUp()
            case .pipe: break
            default: throw unexpected(token, "operand")
            }
            break
        }
        guard !words.isEmpty else { throw failure("empty command") }
        return CommandNode(start, source, words)
    }

    /// A term with the fields after it.
    private mutating func operand() throws -> OperandNode? {
        guard let node = try term() else { return nil }
        let chainStart = peek()
        guard chainStart.kind == .field else { return node }
        switch node {
        case let field as FieldNode: return FieldNode(chainStart.start, source, fields(after: field.names))
        case let variable as VariableNode:
            return VariableNode(chainStart.start, source, variable.name, fields(after: variable.names), slot: variable.slot)
        case is BoolNode, is StringNode, is NumberNode, is NilNode, is DotNode:
            _ = fields(after: [])
            throw failure("unexpected . after term \(GoQuote.quote(node.description))")
        default: return ChainNode(chainStart.start, source, node, fields(after: []))
        }
    }

    /// The names with those of the fields that follow at once.
    private mutating func fields(after names: [String]) -> [String] {
        let first = place
        while peek().kind == .field { _ = next() }
        return names + (first..<place).map { name(token(at: $0)) }
    }

    private mutating func term() throws -> OperandNode? {
        let token = nextNonSpace()
        switch token.kind {
        case .identifier:
            guard let function = functions[text(token)] else {
                throw failure("function \(GoQuote.quote(text(token))) not defined")
            }
            return IdentifierNode(token.start, source, function)
        case .dot: return DotNode(token.start, source)
        case .nil: return NilNode(token.start, source)
        case .variable:
            let name = text(token)
            guard scope.knows(name) else { throw failure("undefined variable \(GoQuote.quote(name))") }
            return VariableNode(token.start, source, name, [], slot: scope.slot(name))
        case .field: return FieldNode(token.start, source, [name(token)])
        case .bool: return BoolNode(token.start, source, text(token) == "true")
        case .characterConstant, .complex, .number:
            do {
                return NumberNode(token.start, source, try TemplateNumber(text(token), kind: token.kind))
            } catch {
                throw failure("\(error)")
            }
        case .leftParenthesis:
            depth += 1
            defer { depth -= 1 }
            guard depth < Self.depthMax else { throw failure("max expression depth exceeded") }
            return try pipeline("parenthesized pipeline", until: .rightParenthesis)
        case .string, .rawString:
            let quoted = Array(source.bytes[token.start..<token.end])
            guard let unquoted = GoQuote.unquote(quoted) else { throw failure("invalid syntax") }
            return StringNode(token.start, source, text: .text(unquoted), quoted: String(decoding: quoted, as: UTF8.self))
        default:
            backUp()
            return nil
        }
    }
}
