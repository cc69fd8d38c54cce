/// One node of a template's tree: it runs itself. `description` is its text in Go's form, for errors.
class TemplateNode {
    /// Where it stands, as Go counts it: for `.a.b` the second field.
    let position: Int
    unowned let source: TemplateSource

    init(_ position: Int, _ source: TemplateSource) {
        self.position = position
        self.source = source
    }

    /// What to do after a node has run.
    enum Flow { case normal, `break`, `continue` }

    /// Runs a statement.
    func execute(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue) throws -> Flow { .normal }

    var description: String { "" }
}

/// An operand: it has a value.
class OperandNode: TemplateNode {
    /// The value of the operand as the first word of a command, with the command's other words and, from a pipe, the
    /// value before it.
    func call(
        _ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue, _ arguments: ArraySlice<OperandNode>, _ final: GoValue?
    ) throws -> GoValue {
        evaluator.current = Unmanaged.passUnretained(self)
        if !arguments.isEmpty || final != nil { throw evaluator.failure("can't give argument to non-function \(description)") }
        return try value(evaluator, frame, dot)
    }

    /// The value of the operand by itself.
    func value(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue) throws -> GoValue { .invalid }

    /// The value as an argument for a parameter.
    func argument(_ evaluator: Evaluator, _ frame: Frame, _ dot: GoValue, _ parameter: GoParameter) throws -> GoValue {
        evaluator.current = Unmanaged.passUnretained(self)
        return try evaluator.validate(value(evaluator, frame, dot), parameter)
    }

    /// The text with parentheses where it is a pipeline.
    var argumentDescription: String { description }
}
