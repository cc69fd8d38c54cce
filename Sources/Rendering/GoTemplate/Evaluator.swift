#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Runs templates (text/template/exec.go). One evaluator belongs to one thread.
package final class Evaluator {
    package var templates: TemplateSet
    /// What the templates have written so far.
    package var output: [UInt8] = []
    package let limits: EvaluationLimits
    /// What the functions of the embedding program need; the engine does not look at it.
    package var host: AnyObject?

    /// The node that an error would be about.
    var current: Unmanaged<TemplateNode>?
    var template: Template?
    private var depth = 0
    private var steps = 0
    private var deadline: Double = 0
    private let stackBase: UInt

    package init(templates: TemplateSet, limits: EvaluationLimits = EvaluationLimits(), host: AnyObject? = nil) {
        self.templates = templates
        self.limits = limits
        self.host = host
        var marker: UInt8 = 0
        stackBase = withUnsafePointer(to: &marker) { UInt(bitPattern: $0) }
        deadline = Self.seconds() + limits.secondsMax
    }

    // MARK: Running

    /// Runs a template of the set by name and gives back what it wrote, leaving what was written before.
    package func text(of name: String, _ dot: GoValue) throws -> GoValue {
        let start = output.count
        let outer = (current, template)
        guard let template = templates[name] else {
            throw GoError("template: no template \(GoQuote.quote(name)) associated with template \"gotpl\"")
        }
        try descend()
        try run(template, dot)
        ascend()
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
        case .null, .bool, .integer, .float, .raw, .bytes, .list, .typedList, .map, .object:
            GoFormatter.append(value, to: &output)
        }
        guard output.count <= limits.outputBytesMax else {
            throw failure("the output exceeds \(limits.outputBytesMax) bytes")
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

    package func countStep() throws {
        steps &+= 1
        if steps & 0xFF == 0, Self.seconds() > deadline {
            throw failure("rendering takes longer than \(limits.secondsMax) seconds")
        }
    }

    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
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
            "template: \(location): executing \(name) at <\(node.description)>: \(message)", cause: cause, isExecution: true)
    }
}

extension Evaluator {
    /// What a template writes that is parsed already, run with its own set of templates, which it may call.
    package func text(of template: Template, in set: TemplateSet, _ dot: GoValue) throws -> GoValue {
        let start = output.count
        let outer = (current, self.template, templates)
        templates = set
        try descend()
        try run(template, dot)
        ascend()
        (current, self.template, templates) = outer
        return takeOutput(from: start)
    }
}
