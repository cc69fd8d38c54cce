/// A function that templates can call, with as much of its Go signature as decides over calls.
// Unchecked, because the compiler cannot tell two sorts of bodies apart: those of the functions that all renderings share
// capture nothing that changes; those that are bound to a value stay in the rendering that the value is of. No field changes.
package final class GoFunction: @unchecked Sendable {
    /// What a function does with its arguments, already checked against the parameters.
    package typealias Body = (Evaluator, [GoValue]) throws -> GoValue

    /// How the engine treats the function.
    enum Special: Sendable {
        case none
        /// Evaluate their arguments one by one, as far as needed.
        case and, or
        case call
    }

    package let name: String
    package let parameters: [GoParameter]
    /// The type of any number of arguments after the others.
    package let variadic: GoParameter?
    let special: Special
    let body: Body
    /// Whether the function puts its arguments into a list or map.
    let nests: Bool
    private static let nesting: Set<String> = [
        "list", "tuple", "dict", "set", "append", "mustAppend", "push", "mustPush", "prepend", "mustPrepend",
    ]

    package init(_ name: String, _ parameters: [GoParameter], variadic: GoParameter? = nil, _ body: @escaping Body) {
        self.name = name
        self.parameters = parameters
        self.variadic = variadic
        special = .none
        self.body = body
        nests = Self.nesting.contains(name)
    }

    init(_ name: String, special: Special, _ parameters: [GoParameter], variadic: GoParameter?, _ body: @escaping Body) {
        self.name = name
        self.parameters = parameters
        self.variadic = variadic
        self.special = special
        self.body = body
        nests = Self.nesting.contains(name)
    }
}

/// The type of a parameter.
package enum GoParameter: Sendable {
    /// `interface{}`.
    case any
    /// `reflect.Value`: the value as it is, nil included.
    case value
    case string, bool, int, int64, float64
    /// `map[string]interface{}`.
    case map
    /// `[]interface{}`.
    case list
    /// `time.Time`.
    case time
    /// A type that only certain values have, named as Go names it.
    case named(String)

    package var typeName: String {
        switch self {
        case .any: "interface {}"
        case .value: "reflect.Value"
        case .string: "string"
        case .bool: "bool"
        case .int: "int"
        case .int64: "int64"
        case .float64: "float64"
        case .map: "map[string]interface {}"
        case .list: "[]interface {}"
        case .time: "time.Time"
        case .named(let name): name
        }
    }

    var canBeNil: Bool {
        switch self {
        case .any, .value, .map, .list: true
        case .string, .bool, .int, .int64, .float64, .time: false
        case .named(let name): name.hasPrefix("*") || name.hasPrefix("[]") || name.hasPrefix("map")
        }
    }

    /// What nil is in this type.
    var zero: GoValue {
        switch self {
        case .map: .map(GoMap(isNil: true))
        case .list: .list([])
        case .any, .value, .string, .bool, .int, .int64, .float64, .time, .named: .null
        }
    }

    /// Whether a value can be given as it is.
    func accepts(_ value: GoValue) -> Bool {
        switch (self, value) {
        case (.any, _), (.value, _): true
        case (.string, .string), (.string, .raw), (.bool, .bool), (.float64, .float), (.list, .list): true
        case (.list, .typedList(_, let type)): type == "[]interface {}"
        case (.int, .integer(_, .int)), (.int64, .integer(_, .int64)): true
        case (.map, .map(let map)): map.type == .generic || map.type == .values
        case (.time, .object(let object)): object.typeName == "time.Time" || object.typeName == "*time.Time"
        case (.named(let name), _): value.typeName == name
        case (.string, _), (.bool, _), (.float64, _), (.list, _), (.int, _), (.int64, _), (.map, _), (.time, _): false
        }
    }
}
