/// Runs templates (text/template/exec.go). One evaluator belongs to one thread.
package final class Evaluator {
    package var templates: TemplateSet
    /// What the templates have written so far.
    package var output: [UInt8] = []
    package let limits: EvaluationLimits
    /// What the functions of the embedding program need; the engine does not look at it.
    package var host: AnyObject?

    /// The file whose nodes note where what they write begins; `nil` for none.
    package var tracedSource: TemplateSource?
    private var marks: [OutputMark] = []

    /// The node that an error would be about.
    var current: Unmanaged<TemplateNode>?
    var template: Template?
    /// Counts time and memory.
    let meter: WorkMeter
    private var depth = 0
    /// How many texts are being made of templates: how deep `include` and `tpl` stand in one another.
    private var calls = 0
    private let stackBase: UInt

    package init(templates: TemplateSet, limits: EvaluationLimits = EvaluationLimits(), host: AnyObject? = nil) {
        self.templates = templates
        self.limits = limits
        self.host = host
        var marker: UInt8 = 0
        stackBase = withUnsafePointer(to: &marker) { UInt(bitPattern: $0) }
        meter = WorkMeter(limits)
    }

    // MARK: Running

    /// Runs the body as this evaluator's rendering: what walks over values looks at its meter.
    package func metered<Result>(_ body: () throws -> Result) rethrows -> Result { try meter.run(body) }

    /// Runs a template of the set by name and gives back what it wrote, leaving what was written before.
    package func text(of name: String, _ dot: GoValue) throws -> GoValue {
        let start = output.count
        let outer = (current, template)
        guard let template = templates[name] else {
            throw GoError("template: no template \(GoQuote.quote(name)) associated with template \"gotpl\"")
        }
        try enter()
        try run(template, dot)
        leave()
        (current, self.template) = outer
        return takeOutput(from: start)
    }

    /// Takes what was written since a place out of the output.
    package func takeOutput(from start: Int) -> GoValue {
        let text = output.withUnsafeBufferPointer { GoValue.text(UnsafeBufferPointer(rebasing: $0[start...])) }
        output.removeSubrange(start...)
        return text
    }

    func run(_ template: Template, _ dot: GoValue) throws {
        self.template = template
        _ = try run(template.root, Frame(template, dot: dot), dot)
    }

    func run(_ nodes: [TemplateNode], _ frame: Frame, _ dot: GoValue) throws -> TemplateNode.Flow {
        for node in nodes {
            let flow = try node.execute(self, frame, dot)
            if flow != .normal { return flow }
        }
        return .normal
    }

    func print(_ value: GoValue) throws {
        switch value {
        case .string(let text): output.append(contentsOf: text.utf8)
        case .invalid: output.append(contentsOf: "<no value>".utf8)
        case .function: throw failure("can't print \(current?.takeUnretainedValue().description ?? "") of type func()")
        case .object(let object) where object.addressedString != nil:
            output.append(contentsOf: (object.addressedString ?? "").utf8)
        case .null, .bool, .integer, .float, .raw, .bytes, .list, .typedList, .map, .object:
            GoFormatter.append(value, to: &output)
        }
        try checkOutput()
    }

    /// Notes that what is written from here on comes from a node, where it is one of the traced file itself.
    func mark(_ node: TemplateNode) {
        guard calls == 1, let tracedSource, node.source === tracedSource else { return }
        marks.append(OutputMark(offset: output.count, node: Unmanaged.passUnretained(node)))
    }

    /// The marks since they were taken last, in the order of their offsets.
    package func takeMarks() -> [OutputMark] {
        defer { marks = [] }
        return marks
    }

    func write(_ bytes: [UInt8]) throws {
        output.append(contentsOf: bytes)
        try checkOutput()
    }

    private func checkOutput() throws {
        guard output.count <= limits.outputBytesMax else {
            throw failure("the output exceeds \(limits.outputBytesMax >> 20) MiB")
        }
    }

    // MARK: Limits

    func descend() throws {
        depth += 1
        guard depth <= limits.depthMax else { throw failure("exceeded maximum template depth (\(limits.depthMax))") }
        try checkStack()
        try countStep()
    }

    func ascend() { depth -= 1 }

    private func checkStack() throws {
        var marker: UInt8 = 0
        let here = withUnsafePointer(to: &marker) { UInt(bitPattern: $0) }
        let used = here < stackBase ? stackBase - here : here - stackBase
        guard used <= UInt(limits.stackBytesMax) else { throw failure("templates call one another too deeply") }
    }

    /// Counts a turn of a loop or a call. The clock is looked at every so many of them.
    package func countStep() throws {
        guard meter.spend(64) else { throw failure(meter.fault ?? "") }
    }

    private func enter() throws {
        try descend()
        calls += 1
        guard calls <= limits.callsMax else { throw failure("include and tpl stand in one another more than \(limits.callsMax) times") }
    }

    private func leave() {
        calls -= 1
        ascend()
    }

    // MARK: Errors

    /// An error about the current node, in the engine's words.
    package func failure(_ message: String, cause: GoError? = nil) -> GoError {
        guard let node = current?.takeUnretainedValue() else {
            return GoError("template: \(template?.name ?? "gotpl"): \(message)", cause: cause, isExecution: true)
        }
        let location = node.source.location(node.position)
        let name = GoQuote.quote(template?.name ?? node.source.name)
        return GoError(
            "template: \(location): executing \(name) at <\(node.description)>: \(Self.shortened(message))", cause: cause,
            isExecution: true)
    }
}

extension Evaluator {
    /// A text of bounded length: the errors of templates that call one another hold one another's texts. The end is kept,
    /// where what `fail` says stands.
    private static func shortened(_ message: String) -> String {
        let bytes = message.utf8
        guard bytes.count > 16_384 else { return message }
        return String(decoding: bytes.prefix(4096), as: UTF8.self) + " … " + String(decoding: bytes.suffix(8192), as: UTF8.self)
    }

    /// What a template writes that is parsed already, run with its own set of templates, which it may call.
    package func text(of template: Template, in set: TemplateSet, _ dot: GoValue) throws -> GoValue {
        let start = output.count
        let outer = (current, self.template, templates)
        templates = set
        try enter()
        try run(template, dot)
        leave()
        (current, self.template, templates) = outer
        return takeOutput(from: start)
    }
}
