extension Evaluator {
    /// Calls a function with a command's arguments and, from a pipe, the value before it.
    func call(
        _ function: GoFunction, _ node: TemplateNode, _ frame: Frame, _ dot: GoValue, _ arguments: ArraySlice<OperandNode>,
        _ final: GoValue?
    ) throws -> GoValue {
        let count = arguments.count + (final == nil ? 0 : 1)
        let fixed = function.parameters.count
        if function.variadic != nil {
            guard count >= fixed else {
                throw failure("wrong number of args for \(function.name): want at least \(fixed) got \(arguments.count)")
            }
        } else if count != fixed {
            throw failure("wrong number of args for \(function.name): want \(fixed) got \(count)")
        }
        switch function.special {
        case .and: return try shortCircuit(until: false, frame, dot, arguments, final)
        case .or: return try shortCircuit(until: true, frame, dot, arguments, final)
        case .none, .call: break
        }
        var values: [GoValue] = []
        values.reserveCapacity(count)
        for argument in arguments {
            values.append(try argument.argument(self, frame, dot, parameter(values.count, of: function)))
        }
        if let final { values.append(try validate(final, parameter(values.count, of: function))) }
        let caller = template
        do {
            if function.special == .call { return try callValue(values, name: arguments.first?.description ?? "") }
            let result = try function.body(self, values)
            try account(for: result, of: function, values)
            return result
        } catch {
            let cause = GoError.wrapping(error)
            // An error leaves the callee's template behind.
            current = Unmanaged.passUnretained(node)
            template = caller
            throw failure("error calling \(function.name): \(cause.message)", cause: cause)
        }
    }

    /// Counts what a function made and ends the rendering when it is too much.
    private func account(for result: GoValue, of function: GoFunction, _ arguments: [GoValue]) throws {
        switch result {
        case .string(let text):
            let count = text.utf8.count
            // Short texts are not worth counting one by one.
            if count > 1024 {
                guard count <= limits.textBytesMax else { throw tooLong(function) }
                meter.allocate(count)
            }
        case .raw(let bytes), .bytes(let bytes):
            guard bytes.count <= limits.textBytesMax else { throw tooLong(function) }
            meter.allocate(bytes.count)
        case .list(let elements), .typedList(let elements, _):
            guard elements.count <= limits.elementsMax else {
                throw GoError("\(function.name) makes a list of more than \(limits.elementsMax) elements")
            }
            meter.allocate(elements.count &* MemoryLayout<GoValue>.stride)
        case .map: meter.allocate(256)
        case .invalid, .null, .bool, .integer, .float, .object, .function: break
        }
        if function.nests, arguments.contains(where: \.isContainer) { meter.nest() }
        guard meter.spend(4) else { throw GoError(meter.fault ?? "") }
    }

    private func tooLong(_ function: GoFunction) -> GoError {
        GoError("\(function.name) makes a text of more than \(limits.textBytesMax >> 20) MiB")
    }

    private func parameter(_ index: Int, of function: GoFunction) -> GoParameter {
        index < function.parameters.count ? function.parameters[index] : function.variadic ?? .any
    }

    /// `and` and `or`: the first argument that decides, or else the last.
    private func shortCircuit(
        until truth: Bool, _ frame: Frame, _ dot: GoValue, _ arguments: ArraySlice<OperandNode>, _ final: GoValue?
    ) throws -> GoValue {
        var value = GoValue.invalid
        for argument in arguments {
            value = try argument.argument(self, frame, dot, .value)
            if value.isTrue == truth { return value }
        }
        return final ?? value
    }

    /// The `call` function.
    private func callValue(_ values: [GoValue], name: String) throws -> GoValue {
        switch values[0] {
        case .function(let function):
            let arguments = Array(values.dropFirst())
            let fixed = function.parameters.count
            if function.variadic == nil ? arguments.count != fixed : arguments.count < fixed {
                let least = function.variadic == nil ? "" : "at least "
                throw GoError("wrong number of args for \(name): got \(arguments.count) want \(least)\(fixed)")
            }
            for (index, argument) in arguments.enumerated() {
                let type = parameter(index, of: function)
                guard type.accepts(argument) else {
                    throw GoError("arg \(index): value has type \(argument.typeName); should be \(type.typeName)")
                }
            }
            return try function.body(self, arguments)
        case .invalid, .null: throw GoError("call of nil")
        case let value: throw GoError("non-function \(name) of type \(value.typeName)")
        }
    }

    /// The value as a parameter's type takes it.
    func validate(_ value: GoValue, _ parameter: GoParameter) throws -> GoValue {
        switch (parameter, value) {
        case (.value, _), (.string, .string), (.int, .integer(_, .int)): return value
        case (.any, .invalid): return .null
        case (.any, _): return value
        case (_, .invalid):
            guard parameter.canBeNil else { throw failure("invalid value; expected \(parameter.typeName)") }
            return parameter.zero
        default:
            guard parameter.accepts(value) else {
                throw failure("wrong type for value; expected \(parameter.typeName); got \(value.typeName)")
            }
            return value
        }
    }

    /// A constant of the template's text as a parameter's type takes it.
    func constant(_ node: OperandNode, _ value: GoValue, _ parameter: GoParameter) throws -> GoValue {
        // An error about a later argument may be told of this node.
        current = Unmanaged.passUnretained(node)
        switch (parameter, value) {
        case (.any, _), (.value, _), (.string, .string), (.string, .raw), (.bool, .bool): return value
        default: break
        }
        switch parameter {
        case .string: throw failure("expected string; found \(node.description)")
        case .bool: throw failure("expected bool; found \(node.description)")
        case .int, .int64: throw failure("expected integer; found \(node.description)")
        case .float64: throw failure("expected float; found \(node.description)")
        case .any, .value, .map, .list, .time, .named:
            throw failure("can't handle \(node.description) for arg of type \(parameter.typeName)")
        }
    }
}
