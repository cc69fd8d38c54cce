extension TemplateParser {
    /// What stands between the delimiters; the left one is past.
    mutating func action() throws -> Item {
        let token = nextNonSpace()
        switch token.kind {
        case .block: return .node(try block())
        case .break, .continue: return .node(try loopControl(token))
        case .else:
            let following = peekNonSpace()
            if following.kind != .if, following.kind != .with { _ = try expect(.rightDelimiter, "else") }
            return .else
        case .end:
            _ = try expect(.rightDelimiter, "end")
            return .end
        case .if: return .node(try ifControl())
        case .range: return .node(try rangeControl())
        case .template: return .node(try templateCall())
        case .with: return .node(try withControl())
        default: break
        }
        backUp()
        let first = peek()
        return .node(ActionNode(first.start, source, try pipeline("command", until: .rightDelimiter)))
    }

    private mutating func loopControl(_ token: TemplateToken) throws -> TemplateNode {
        let name = token.kind == .break ? "{{break}}" : "{{continue}}"
        let end = nextNonSpace()
        guard end.kind == .rightDelimiter else { throw unexpected(end, name) }
        guard scope.rangeDepth > 0 else { throw failure("\(name) outside {{range}}") }
        return token.kind == .break ? BreakNode(token.start, source) : ContinueNode(token.start, source)
    }

    private mutating func ifControl() throws -> TemplateNode {
        let (pipe, list, elseList) = try control("if")
        return IfNode(pipe.position, source, pipe, list, elseList)
    }

    private mutating func rangeControl() throws -> TemplateNode {
        let (pipe, list, elseList) = try control("range")
        return RangeNode(pipe.position, source, pipe, list, elseList)
    }

    private mutating func withControl() throws -> TemplateNode {
        let (pipe, list, elseList) = try control("with")
        return WithNode(pipe.position, source, pipe, list, elseList)
    }

    private mutating func control(_ context: String) throws -> (PipeNode, [TemplateNode], [TemplateNode]?) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else { throw failure("control structures nest deeper than \(Self.depthMax) levels") }
        let outer = scope.place
        defer { scope.leave(to: outer) }
        let pipe = try pipeline(context, until: .rightDelimiter)
        let afterPipe = scope.place.variables
        if context == "range" { scope.rangeDepth += 1 }
        let (list, terminator) = try itemList()
        if context == "range" { scope.rangeDepth -= 1 }
        // The parser still knows the list's variables in the other branch, where they do not exist.
        scope.forgetVariables(from: afterPipe)
        guard terminator == .else else { return (pipe, list, nil) }
        if context == "if", peek().kind == .if {
            _ = next()
            return (pipe, list, [try ifControl()])
        }
        if context == "with", peek().kind == .with {
            _ = next()
            return (pipe, list, [try withControl()])
        }
        let (elseList, end) = try itemList()
        guard end == .end else { throw failure("expected end; found {{else}}") }
        return (pipe, list, elseList)
    }

    private mutating func block() throws -> TemplateNode {
        let context = "block clause"
        let token = nextNonSpace()
        let name = try templateName(token, context)
        let pipe = try pipeline(context, until: .rightDelimiter)
        let outer = scope
        scope = TemplateScope()
        let (nodes, end) = try itemList()
        guard end == .end else { throw failure("unexpected {{else}} in \(context)") }
        try add(name, nodes)
        scope = outer
        return CallNode(token.start, source, name, pipe)
    }

    private mutating func templateCall() throws -> TemplateNode {
        let context = "template clause"
        let token = nextNonSpace()
        let name = try templateName(token, context)
        if nextNonSpace().kind == .rightDelimiter { return CallNode(token.start, source, name, nil) }
        backUp()
        return CallNode(token.start, source, name, try pipeline(context, until: .rightDelimiter))
    }
}
