final class TextNode: TemplateNode {
    let bytes: [UInt8]

    init(_ position: Int, _ source: TemplateSource, _ bytes: [UInt8]) {
        self.bytes = bytes
        super.init(position, source)
    }

    override func execute(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue) throws -> Flow {
        evaluator.mark(self)
        try evaluator.write(bytes)
        return .normal
    }

    override var description: String { String(decoding: bytes, as: UTF8.self) }
}

/// `{{pipeline}}`
final class ActionNode: TemplateNode {
    let pipe: PipeNode

    init(_ position: Int, _ source: TemplateSource, _ pipe: PipeNode) {
        self.pipe = pipe
        super.init(position, source)
    }

    override func execute(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue) throws -> Flow {
        let value = try pipe.value(evaluator, frame, dot)
        guard pipe.declarations.isEmpty else { return .normal }
        evaluator.current = Unmanaged.passUnretained(self)
        evaluator.mark(self)
        try evaluator.print(value)
        return .normal
    }

    override var description: String { "{{\(pipe.description)}}" }
}

final class IfNode: TemplateNode {
    let pipe: PipeNode
    let list: [TemplateNode]
    let elseList: [TemplateNode]?

    init(_ position: Int, _ source: TemplateSource, _ pipe: PipeNode, _ list: [TemplateNode], _ elseList: [TemplateNode]?) {
        self.pipe = pipe
        self.list = list
        self.elseList = elseList
        super.init(position, source)
    }

    override func execute(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue) throws -> Flow {
        if try pipe.value(evaluator, frame, dot).isTrue { return try evaluator.run(list, frame, dot) }
        guard let elseList else { return .normal }
        return try evaluator.run(elseList, frame, dot)
    }
}

final class WithNode: TemplateNode {
    let pipe: PipeNode
    let list: [TemplateNode]
    let elseList: [TemplateNode]?

    init(_ position: Int, _ source: TemplateSource, _ pipe: PipeNode, _ list: [TemplateNode], _ elseList: [TemplateNode]?) {
        self.pipe = pipe
        self.list = list
        self.elseList = elseList
        super.init(position, source)
    }

    override func execute(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue) throws -> Flow {
        let value = try pipe.value(evaluator, frame, dot)
        if value.isTrue {
            let outer = frame.dotIsInterface
            frame.dotIsInterface = false
            defer { frame.dotIsInterface = outer }
            return try evaluator.run(list, frame, value)
        }
        guard let elseList else { return .normal }
        return try evaluator.run(elseList, frame, dot)
    }
}

final class RangeNode: TemplateNode {
    let pipe: PipeNode
    let list: [TemplateNode]
    let elseList: [TemplateNode]?

    init(_ position: Int, _ source: TemplateSource, _ pipe: PipeNode, _ list: [TemplateNode], _ elseList: [TemplateNode]?) {
        self.pipe = pipe
        self.list = list
        self.elseList = elseList
        super.init(position, source)
    }

    override func execute(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue) throws -> Flow {
        let value = try pipe.value(evaluator, frame, dot)
        let outer = frame.dotIsInterface
        frame.dotIsInterface = value.holdsInterfaces
        let ran = try iterate(over: value, evaluator, frame)
        frame.dotIsInterface = outer
        if !ran, let elseList { return try evaluator.run(elseList, frame, dot) }
        return .normal
    }

    /// - Returns: whether there was anything to range over.
    private func iterate(over value: GoValue, _ evaluator: Evaluator, _ frame: Frame) throws -> Bool {
        var ran = false
        if let elements = value.elements {
            for (index, element) in elements.enumerated() {
                ran = true
                if try iterate(.int(index), element, evaluator, frame) == .break { break }
            }
        } else if let map = value.asMap {
            // The members as they are now: what the body sets is not ranged over.
            for member in map.members {
                ran = true
                if try iterate(.string(member.key), member.value, evaluator, frame) == .break { break }
            }
        } else if case .integer(let count, let type) = value {
            guard pipe.declarations.count < 2 else {
                throw evaluator.failure("can't use \(count) to iterate over more than one variable")
            }
            var index: Int64 = 0
            while index < count {
                ran = true
                let element = GoValue.integer(index, type)
                if try iterate(element, element, evaluator, frame) == .break { break }
                index += 1
            }
        } else if !value.isNil {
            throw evaluator.failure("range can't iterate over \(GoFormatter.verb(value))")
        }
        return ran
    }

    private func iterate(_ index: GoValue, _ element: GoValue, _ evaluator: Evaluator, _ frame: Frame) throws -> Flow {
        try evaluator.countStep()
        let declarations = pipe.declarations
        if declarations.count == 1, let slot = declarations[0].slot {
            frame.slots[slot] = element
        } else if declarations.count > 1, let first = declarations[0].slot, let second = declarations[1].slot {
            frame.slots[first] = index
            frame.slots[second] = element
        }
        return try evaluator.run(list, frame, element) == .break ? .break : .normal
    }
}

/// `{{template "name" pipeline}}`
final class CallNode: TemplateNode {
    let name: String
    let pipe: PipeNode?

    init(_ position: Int, _ source: TemplateSource, _ name: String, _ pipe: PipeNode?) {
        self.name = name
        self.pipe = pipe
        super.init(position, source)
    }

    override func execute(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue) throws -> Flow {
        evaluator.current = Unmanaged.passUnretained(self)
        evaluator.mark(self)
        guard let template = evaluator.templates[name] else {
            throw evaluator.failure("template \(GoQuote.quote(name)) not defined")
        }
        try evaluator.descend()
        let value = try pipe?.value(evaluator, frame, dot) ?? .invalid
        let outer = evaluator.template
        try evaluator.run(template, value)
        evaluator.template = outer
        evaluator.ascend()
        return .normal
    }

    override var description: String {
        "{{template \(GoQuote.quote(name))" + (pipe.map { " " + $0.description } ?? "") + "}}"
    }
}

final class BreakNode: TemplateNode {
    override func execute(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue) -> Flow { .break }
    override var description: String { "{{break}}" }
}

final class ContinueNode: TemplateNode {
    override func execute(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue) -> Flow { .continue }
    override var description: String { "{{continue}}" }
}
