/// The functions of `text/template` itself (funcs.go).
enum Builtins {
    static let functions: [GoFunction] = [
        GoFunction("and", special: .and, [.value], variadic: .value) { _, _ in .invalid },
        GoFunction("or", special: .or, [.value], variadic: .value) { _, _ in .invalid },
        GoFunction("call", special: .call, [.value], variadic: .value) { _, _ in .invalid },
        GoFunction("not", [.value]) { _, values in .bool(!values[0].isTrue) },
        GoFunction("eq", [.value], variadic: .value) { _, values in .bool(try GoComparison.equal(values)) },
        GoFunction("ne", [.value, .value]) { _, values in .bool(try !GoComparison.equal(values)) },
        GoFunction("lt", [.value, .value]) { _, values in .bool(try GoComparison.less(values[0], values[1])) },
        GoFunction("le", [.value, .value]) { _, values in .bool(try GoComparison.lessOrEqual(values[0], values[1])) },
        GoFunction("gt", [.value, .value]) { _, values in .bool(try !GoComparison.lessOrEqual(values[0], values[1])) },
        GoFunction("ge", [.value, .value]) { _, values in .bool(try !GoComparison.less(values[0], values[1])) },
        GoFunction("len", [.value]) { _, values in .int(try GoIndexing.length(values[0])) },
        GoFunction("index", [.value], variadic: .value) { _, values in try GoIndexing.index(values[0], values.dropFirst()) },
        GoFunction("slice", [.value], variadic: .value) { _, values in try GoIndexing.slice(values[0], values.dropFirst()) },
        GoFunction("print", [], variadic: .any) { _, values in .text(GoFormatter.print(values)) },
        GoFunction("println", [], variadic: .any) { _, values in .text(GoFormatter.printLine(values)) },
        GoFunction("printf", [.string], variadic: .any) { _, values in
            .text(GoFormatter.printf(values[0].textBytes ?? [], Array(values.dropFirst())))
        },
        GoFunction("html", [], variadic: .any) { _, values in .text(GoEscaping.html(joined(values))) },
        GoFunction("js", [], variadic: .any) { _, values in .text(GoEscaping.javaScript(joined(values))) },
        GoFunction("urlquery", [], variadic: .any) { _, values in .text(GoEscaping.query(joined(values))) },
    ]

    private static func joined(_ values: [GoValue]) -> [UInt8] {
        if values.count == 1, let bytes = values[0].textBytes { return bytes }
        return GoFormatter.print(values.map { $0.isMissing ? .string("<no value>") : $0 })
    }
}
