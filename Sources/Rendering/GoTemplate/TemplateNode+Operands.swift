final class DotNode: OperandNode {
    override func value(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue) -> GoValue { dot }
    override var description: String { "." }
}

final class NilNode: OperandNode {
    override func call(
        _ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue, _ arguments: ArraySlice<OperandNode>, _ final: GoValue?
    ) throws -> GoValue {
        evaluator.current = Unmanaged.passUnretained(self)
        if !arguments.isEmpty || final != nil { throw evaluator.failure("can't give argument to non-function nil") }
        throw evaluator.failure("nil is not a command")
    }

    override func argument(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue, _ parameter: GoParameter) throws -> GoValue {
        evaluator.current = Unmanaged.passUnretained(self)
        guard parameter.canBeNil else { throw evaluator.failure("cannot assign nil to \(parameter.typeName)") }
        if case .value = parameter { return .invalid }
        return parameter.zero
    }

    override var description: String { "nil" }
}

final class BoolNode: OperandNode {
    let bool: Bool

    init(_ position: Int, _ source: TemplateSource, _ bool: Bool) {
        self.bool = bool
        super.init(position, source)
    }

    override func value(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue) -> GoValue { .bool(bool) }

    override func argument(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue, _ parameter: GoParameter) throws -> GoValue {
        try evaluator.constant(self, .bool(bool), parameter)
    }

    override var description: String { bool ? "true" : "false" }
}

final class StringNode: OperandNode {
    let text: GoValue
    private let quoted: String

    init(_ position: Int, _ source: TemplateSource, text: GoValue, quoted: String) {
        self.text = text
        self.quoted = quoted
        super.init(position, source)
    }

    override func value(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue) -> GoValue { text }

    override func argument(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue, _ parameter: GoParameter) throws -> GoValue {
        try evaluator.constant(self, text, parameter)
    }

    override var description: String { quoted }
}

final class NumberNode: OperandNode {
    let number: TemplateNumber

    init(_ position: Int, _ source: TemplateSource, _ number: TemplateNumber) {
        self.number = number
        super.init(position, source)
    }

    override func value(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue) throws -> GoValue {
        guard let ideal = number.ideal else {
            evaluator.current = Unmanaged.passUnretained(self)
            throw evaluator.failure("\(number.text) overflows int")
        }
        return ideal
    }

    override func argument(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue, _ parameter: GoParameter) throws -> GoValue {
        evaluator.current = Unmanaged.passUnretained(self)
        switch parameter {
        case .int:
            if let int = number.int { return .integer(int, .int) }
            throw evaluator.failure("expected integer; found \(description)")
        case .int64:
            if let int = number.int { return .integer(int, .int64) }
            throw evaluator.failure("expected integer; found \(description)")
        case .float64:
            if let float = number.float { return .float(float) }
            throw evaluator.failure("expected float; found \(description)")
        case .any, .value: return try value(evaluator, frame, dot)
        case .string, .bool, .map, .list, .time, .named: return try evaluator.constant(self, .invalid, parameter)
        }
    }

    override var description: String { number.text }
}

/// `.a.b.c`
final class FieldNode: OperandNode {
    let names: [String]

    init(_ position: Int, _ source: TemplateSource, _ names: [String]) {
        self.names = names
        super.init(position, source)
    }

    override func call(
        _ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue, _ arguments: ArraySlice<OperandNode>, _ final: GoValue?
    ) throws -> GoValue {
        evaluator.current = Unmanaged.passUnretained(self)
        return try evaluator.fields(names[...], of: dot, self, frame, dot, arguments, final)
    }

    override func value(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue) throws -> GoValue {
        evaluator.current = Unmanaged.passUnretained(self)
        return try evaluator.fields(names[...], of: dot, self, frame, dot, [], nil)
    }

    override var description: String { "." + names.joined(separator: ".") }
}

/// `$x.a.b`
final class VariableNode: OperandNode {
    let name: String
    let names: [String]
    /// The variable's place; `nil` when it is not declared where this runs.
    let slot: Int?

    init(_ position: Int, _ source: TemplateSource, _ name: String, _ names: [String], slot: Int?) {
        self.name = name
        self.names = names
        self.slot = slot
        super.init(position, source)
    }

    private func variable(_ evaluator: Evaluator, _ frame: Frame) throws -> GoValue {
        guard let slot else { throw evaluator.failure("undefined variable: \(name)") }
        return frame.slots[slot]
    }

    override func call(
        _ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue, _ arguments: ArraySlice<OperandNode>, _ final: GoValue?
    ) throws -> GoValue {
        evaluator.current = Unmanaged.passUnretained(self)
        let variable = try variable(evaluator, frame)
        if names.isEmpty {
            if !arguments.isEmpty || final != nil { throw evaluator.failure("can't give argument to non-function \(description)") }
            return variable
        }
        return try evaluator.fields(names[...], of: variable, self, frame, dot, arguments, final)
    }

    override func value(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue) throws -> GoValue {
        evaluator.current = Unmanaged.passUnretained(self)
        let variable = try variable(evaluator, frame)
        return names.isEmpty ? variable : try evaluator.fields(names[...], of: variable, self, frame, dot, [], nil)
    }

    override var description: String { ([name] + names).joined(separator: ".") }
}

/// `(pipeline).a.b`, `function.a`
final class ChainNode: OperandNode {
    let operand: OperandNode
    let names: [String]

    init(_ position: Int, _ source: TemplateSource, _ operand: OperandNode, _ names: [String]) {
        self.operand = operand
        self.names = names
        super.init(position, source)
    }

    private func receiver(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue) throws -> GoValue {
        evaluator.current = Unmanaged.passUnretained(self)
        return try operand.value(evaluator, frame, dot)
    }

    override func call(
        _ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue, _ arguments: ArraySlice<OperandNode>, _ final: GoValue?
    ) throws -> GoValue {
        let receiver = try receiver(evaluator, frame, dot)
        return try evaluator.fields(names[...], of: receiver, self, frame, dot, arguments, final)
    }

    override func value(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue) throws -> GoValue {
        let receiver = try receiver(evaluator, frame, dot)
        return try evaluator.fields(names[...], of: receiver, self, frame, dot, [], nil)
    }

    override var description: String { operand.argumentDescription + names.map { "." + $0 }.joined() }
}

/// The name of a function.
final class IdentifierNode: OperandNode {
    let function: GoFunction

    init(_ position: Int, _ source: TemplateSource, _ function: GoFunction) {
        self.function = function
        super.init(position, source)
    }

    override func value(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue) throws -> GoValue {
        evaluator.current = Unmanaged.passUnretained(self)
        return try evaluator.call(function, self, frame, dot, [], nil)
    }

    override var description: String { function.name }
}

/// Commands joined by `|`, with the variables that take the value.
final class PipeNode: OperandNode {
    struct Declaration {
        let name: String
        /// The variable's place; `nil` for an assignment to what is not declared.
        let slot: Int?
    }

    let declarations: [Declaration]
    let isAssignment: Bool
    let commands: [CommandNode]

    init(_ position: Int, _ source: TemplateSource, _ declarations: [Declaration], isAssignment: Bool, _ commands: [CommandNode]) {
        self.declarations = declarations
        self.isAssignment = isAssignment
        self.commands = commands
        super.init(position, source)
    }

    override func value(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue) throws -> GoValue {
        evaluator.current = Unmanaged.passUnretained(self)
        var value = try commands[0].value(evaluator, frame, dot, nil)
        if case .null = value { value = .invalid }
        for command in commands.dropFirst() {
            value = try command.value(evaluator, frame, dot, value)
            if case .null = value { value = .invalid }
        }
        for declaration in declarations {
            guard let slot = declaration.slot else { throw evaluator.failure("undefined variable: \(declaration.name)") }
            frame.slots[slot] = value
        }
        return value
    }

    override var description: String {
        var text = ""
        if !declarations.isEmpty {
            text = declarations.map(\.name).joined(separator: ", ") + (isAssignment ? " = " : " := ")
        }
        return text + commands.map(\.description).joined(separator: " | ")
    }

    override var argumentDescription: String { "(\(description))" }
}

/// A word and its arguments.
final class CommandNode: TemplateNode {
    let first: OperandNode
    let arguments: ArraySlice<OperandNode>

    init(_ position: Int, _ source: TemplateSource, _ words: [OperandNode]) {
        first = words[0]
        arguments = words.dropFirst()
        super.init(position, source)
    }

    func value(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue, _ final: GoValue?) throws -> GoValue {
        guard let identifier = first as? IdentifierNode else {
            return try first.call(evaluator, frame, dot, arguments, final)
        }
        evaluator.current = Unmanaged.passUnretained(identifier)
        return try evaluator.call(identifier.function, self, frame, dot, arguments, final)
    }

    override var description: String {
        ([first] + arguments).map(\.argumentDescription).joined(separator: " ")
    }
}
