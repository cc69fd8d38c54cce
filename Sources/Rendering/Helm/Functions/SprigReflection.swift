/// Sprig's functions on types (reflect.go).
enum SprigReflection {
    static let functions: [GoFunction] = [
        GoFunction("typeOf", [.any]) { _, values in .string(type(values[0])) },
        GoFunction("typeIs", [.string, .any]) { _, values in .bool(values[0].argumentText == type(values[1])) },
        GoFunction("typeIsLike", [.string, .any]) { _, values in
            let type = type(values[1])
            return .bool(values[0].argumentText == type || "*" + values[0].argumentText == type)
        },
        GoFunction("kindOf", [.any]) { _, values in .string(values[0].kindName) },
        GoFunction("kindIs", [.string, .any]) { _, values in .bool(values[0].argumentText == values[1].kindName) },
        GoFunction("deepEqual", [.any, .any]) { _, values in .bool(DeepEquality.equal(values[0], values[1])) },
    ]

    private static func type(_ value: GoValue) -> String { value.isPlainNil ? "<nil>" : value.typeName }
}
