extension Evaluator {
    /// The value at the end of a chain of fields; if the last is a method, it takes the arguments.
    func fields(
        _ names: ArraySlice<String>, of receiver: GoValue, _ node: OperandNode, _ frame: Frame, _ dot: GoValue,
        _ arguments: ArraySlice<OperandNode>, _ final: GoValue?
    ) throws -> GoValue {
        var receiver = receiver
        let last = names.endIndex - 1
        // What comes out of a map is an interface, and so errors name it.
        var isInterface = node is FieldNode && frame.dotIsInterface
        for index in names.indices {
            guard index < last else { return try field(names[index], of: receiver, isInterface, node, frame, dot, arguments, final) }
            let next = try field(names[index], of: receiver, isInterface, node, frame, dot, [], nil)
            if case .map(let map) = receiver { isInterface = map.type == .generic || map.type == .values } else { isInterface = false }
            receiver = next
        }
        return receiver
    }

    private func field(
        _ name: String, of receiver: GoValue, _ isInterface: Bool, _ node: OperandNode, _ frame: Frame, _ dot: GoValue,
        _ arguments: ArraySlice<OperandNode>, _ final: GoValue?
    ) throws -> GoValue {
        switch receiver {
        case .map(let map):
            if let method = GoValues.method(name, of: map) { return try call(method, node, frame, dot, arguments, final) }
            if !arguments.isEmpty || final != nil { throw failure("\(name) is not a method but has arguments") }
            if let value = map[name] { return value }
            return map.type == .strings ? .string("") : .null
        case .invalid: return .invalid
        case .null: throw failure("nil pointer evaluating interface {}.\(name)")
        case .object(let object):
            if let method = object.method(name) { return try call(method, node, frame, dot, arguments, final) }
            if let field = object.field(name) {
                if !arguments.isEmpty || final != nil {
                    throw failure("\(name) has arguments but cannot be invoked as function")
                }
                return field
            }
            if object.kind == "map", let map = receiver.asMap {
                if !arguments.isEmpty || final != nil { throw failure("\(name) is not a method but has arguments") }
                return map[name] ?? (map.type == .bytes ? .bytes([]) : .null)
            }
        case .integer(_, .duration), .integer(_, .month), .integer(_, .weekday):
            if let method = GoTime.method(name, of: receiver) { return try call(method, node, frame, dot, arguments, final) }
        case .bool, .integer, .float, .string, .raw, .bytes, .list, .typedList, .function: break
        }
        throw failure("can't evaluate field \(name) in type \(isInterface ? "interface {}" : receiver.typeName)")
    }
}
