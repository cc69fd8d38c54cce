/// Sprig's functions on lists (list.go). They give new lists and take every kind of slice.
enum SprigLists {
    static let functions: [GoFunction] = {
        var functions: [GoFunction] = [
            GoFunction("list", [], variadic: .any) { _, values in .list(values) },
            GoFunction("tuple", [], variadic: .any) { _, values in .list(values) },
            GoFunction("has", [.any, .any]) { _, values in try has(values) },
            GoFunction("mustHas", [.any, .any]) { _, values in try has(values) },
            GoFunction("concat", [], variadic: .any) { _, values in
                let elements = try values.flatMap { value in
                    guard let elements = value.elements else {
                        if value.isPlainNil { throw nilPointer }
                        throw GoError("Cannot concat type \(value.kindName) as list")
                    }
                    return elements
                }
                return list(elements, nilIf: elements.isEmpty)
            },
            GoFunction("all", [], variadic: .any) { _, values in .bool(values.allSatisfy { !$0.isEmptyValue }) },
            GoFunction("any", [], variadic: .any) { _, values in .bool(values.contains { !$0.isEmptyValue }) },
            GoFunction("coalesce", [], variadic: .any) { _, values in values.first { !$0.isEmptyValue } ?? .null },
        ]
        functions += pair("append", "mustAppend", [.any, .any]) { .list(try elements($0[0], "push on type") + [$0[1]]) }
        functions += pair("push", "mustPush", [.any, .any]) { .list(try elements($0[0], "push on type") + [$0[1]]) }
        functions += pair("prepend", "mustPrepend", [.any, .any]) { .list([$0[1]] + (try elements($0[0], "prepend on type"))) }
        functions += pair("first", "mustFirst", [.any]) { try elements($0[0], "find first on type").first ?? .null }
        functions += pair("last", "mustLast", [.any]) { try elements($0[0], "find last on type").last ?? .null }
        functions += pair("rest", "mustRest", [.any]) {
            list(Array(try elements($0[0], "find rest on type").dropFirst()), nilIf: try elements($0[0], "").isEmpty)
        }
        functions += pair("initial", "mustInitial", [.any]) {
            list(Array(try elements($0[0], "find initial on type").dropLast()), nilIf: try elements($0[0], "").isEmpty)
        }
        functions += pair("reverse", "mustReverse", [.any]) { .list(try elements($0[0], "find reverse on type").reversed()) }
        functions += pair("compact", "mustCompact", [.any]) { .list(try elements($0[0], "compact on type").filter { !$0.isEmptyValue }) }
        functions += pair("uniq", "mustUniq", [.any]) { .list(unique(try elements($0[0], "find uniq on type"))) }
        functions += pair("without", "mustWithout", [.any], variadic: .any) { values in
            .list(
                try elements(values[0], "find without on type").filter { element in
                    !values.dropFirst().contains { DeepEquality.equal($0, element) }
                })
        }
        functions += pair("slice", "mustSlice", [.any], variadic: .any, slice)
        functions += pair("chunk", "mustChunk", [.int, .any], chunk)
        return functions
    }()

    private static let nilPointer = GoError("runtime error: invalid memory address or nil pointer dereference")

    /// A function and its form that returns its error: a template sees no difference.
    private static func pair(
        _ name: String, _ mustName: String, _ parameters: [GoParameter], variadic: GoParameter? = nil,
        _ body: @escaping ([GoValue]) throws -> GoValue
    ) -> [GoFunction] {
        let function = GoFunction(name, parameters, variadic: variadic) { _, values in try body(values) }
        return [function, function.renamed(mustName)]
    }

    private static func elements(_ value: GoValue, _ what: String) throws -> [GoValue] {
        if let elements = value.elements { return elements }
        if value.isPlainNil { throw nilPointer }
        throw GoError("Cannot \(what) \(value.kindName)")
    }

    /// A list; where it is a nil slice in Go, one that JSON and YAML write as null.
    private static func list(_ elements: [GoValue], nilIf isNil: Bool = false) -> GoValue {
        isNil ? .typedList([], type: "[]interface {}") : .list(elements)
    }

    private static func has(_ values: [GoValue]) throws -> GoValue {
        if values[1].isPlainNil { return .bool(false) }
        return .bool(try elements(values[1], "find has on type").contains { DeepEquality.equal(values[0], $0) })
    }

    private static func unique(_ elements: [GoValue]) -> [GoValue] {
        var seen = Set<[UInt8]>()
        var result: [GoValue] = []
        for element in elements {
            if case .string(let text) = element {
                if seen.insert(Array(text.utf8)).inserted { result.append(element) }
            } else if !result.contains(where: { DeepEquality.equal($0, element) }) {
                result.append(element)
            }
        }
        return result
    }

    private static func slice(_ values: [GoValue]) throws -> GoValue {
        guard let elements = values[0].elements else {
            if values[0].isPlainNil { throw nilPointer }
            throw GoError("list should be type of slice or array but \(values[0].kindName)")
        }
        if elements.isEmpty { return .null }
        let start = values.count > 1 ? Int(NumberCast.int(values[1])) : 0
        let end = values.count > 2 ? Int(NumberCast.int(values[2])) : elements.count
        guard start >= 0, start <= end, end <= elements.count else { throw GoError("reflect.Value.Slice: slice index out of bounds") }
        let part = Array(elements[start..<end])
        if case .typedList(_, let type) = values[0] { return .typedList(part, type: type) }
        return .list(part)
    }

    private static func chunk(_ values: [GoValue]) throws -> GoValue {
        let size = values[0].argumentInt
        let elements = try elements(values[1], "chunk type")
        guard size > 0 else { throw GoError("runtime error: makeslice: len out of range") }
        var chunks: [GoValue] = []
        var index = 0
        while index < elements.count {
            let end = min(elements.count, index.addingReportingOverflow(size).overflow ? elements.count : index + size)
            chunks.append(.list(Array(elements[index..<end])))
            index = end
        }
        return .typedList(chunks, type: "[][]interface {}")
    }
}
