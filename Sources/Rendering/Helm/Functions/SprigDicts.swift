/// Sprig's functions on maps (dict.go). A map is a reference: `set` changes what others see.
enum SprigDicts {
    static let functions: [GoFunction] = [
        GoFunction("dict", [], variadic: .any) { _, values in
            var members: [GoMap.Member] = []
            members.reserveCapacity(values.count / 2 + 1)
            for index in stride(from: 0, to: values.count, by: 2) {
                members.append(
                    .init(key: values[index].sprigText, value: index + 1 < values.count ? values[index + 1] : .string("")))
            }
            return .map(GoMap(unsorted: members))
        },
        GoFunction("get", [.map, .string]) { _, values in values[0].argumentMap[values[1].argumentText] ?? .string("") },
        GoFunction("set", [.map, .string, .any]) { _, values in
            let map = values[0].argumentMap
            guard !map.isNil else { throw GoError("assignment to entry in nil map") }
            map[values[1].argumentText] = values[2]
            return plain(map)
        },
        GoFunction("unset", [.map, .string]) { _, values in
            values[0].argumentMap[values[1].argumentText] = nil
            return plain(values[0].argumentMap)
        },
        GoFunction("hasKey", [.map, .string]) { _, values in .bool(values[0].argumentMap.contains(values[1].argumentText)) },
        GoFunction("pluck", [.string], variadic: .map) { _, values in
            .list(values.dropFirst().compactMap { $0.argumentMap[values[0].argumentText] })
        },
        // Go's order of a map is random; sorted, the result is stable.
        GoFunction("keys", [], variadic: .map) { _, values in .strings(values.flatMap { $0.argumentMap.keys }) },
        GoFunction("values", [.map]) { _, values in .list(values[0].argumentMap.members.map(\.value)) },
        GoFunction("pick", [.map], variadic: .string) { _, values in
            let map = values[0].argumentMap
            return .map(
                GoMap(
                    unsorted: values.dropFirst().compactMap { key in
                        map[key.argumentText].map { .init(key: key.argumentText, value: $0) }
                    }))
        },
        GoFunction("omit", [.map], variadic: .string) { _, values in
            let keys = Set(values.dropFirst().map(\.argumentText))
            return .map(GoMap(unsorted: values[0].argumentMap.members.filter { !keys.contains($0.key) }))
        },
        GoFunction("merge", [.map], variadic: .map) { _, values in try merge(values, overwrites: false) },
        GoFunction("mustMerge", [.map], variadic: .map) { _, values in try merge(values, overwrites: false) },
        GoFunction("mergeOverwrite", [.map], variadic: .map) { _, values in try merge(values, overwrites: true) },
        GoFunction("mustMergeOverwrite", [.map], variadic: .map) { _, values in try merge(values, overwrites: true) },
        GoFunction("deepCopy", [.any]) { _, values in try copy(values[0]) },
        GoFunction("mustDeepCopy", [.any]) { _, values in try copy(values[0]) },
        GoFunction("dig", [], variadic: .any) { _, values in try dig(values) },
        GoFunction("default", [.any], variadic: .any) { _, values in
            values.count < 2 || values[1].isEmptyValue ? values[0] : values[1]
        },
        GoFunction("empty", [.any]) { _, values in .bool(values[0].isEmptyValue) },
        GoFunction("ternary", [.any, .any, .bool]) { _, values in values[2].argumentBool ? values[0] : values[1] },
    ]

    /// The map as a result: functions return plain maps, whatever they were given.
    private static func plain(_ map: GoMap) -> GoValue { .map(map) }

    private static func merge(_ values: [GoValue], overwrites: Bool) throws -> GoValue {
        let destination = values[0].argumentMap.isNil ? GoMap() : values[0].argumentMap
        for source in values.dropFirst() {
            try merge(source.argumentMap, into: destination, overwrites: overwrites, depth: 0)
        }
        return plain(destination)
    }

    /// As `dario.cat/mergo` merges maps: without overwriting, what is empty counts as not set.
    private static func merge(_ source: GoMap, into destination: GoMap, overwrites: Bool, depth: Int) throws {
        guard depth < 1000 else { throw GoError("maps nest deeper than 1000 levels") }
        if source.isSame(as: destination) { return }
        for member in source.members {
            if let meter = WorkMeter.current, !meter.spend(1) { throw GoError(meter.fault ?? "") }
            let existing = destination[member.key]
            if member.value.isPlainNil {
                if overwrites { destination[member.key] = .null }
                continue
            }
            if let sourceMap = member.value.asMap, let destinationMap = existing?.asMap {
                try merge(sourceMap, into: destinationMap, overwrites: overwrites, depth: depth + 1)
                if !destinationMap.isEmpty { continue }
            }
            if member.value.elements != nil, let existing, !isEmpty(existing) {
                if overwrites { destination[member.key] = member.value }
                continue
            }
            if overwrites || existing.map(isEmpty) ?? true { destination[member.key] = member.value }
        }
    }

    private static func isEmpty(_ value: GoValue) -> Bool {
        if case .object(let object) = value, object.kind == "struct" { return false }
        return value.isEmptyValue
    }

    private static func copy(_ value: GoValue) throws -> GoValue {
        if value.isPlainNil { throw GoError("reflect: call of reflect.Value.Type on zero Value") }
        return try deepCopy(value)
    }

    static func deepCopy(_ value: GoValue, depth: Int = 0, _ meter: WorkMeter? = WorkMeter.current) throws -> GoValue {
        guard depth < 1000 else { throw GoError("deepCopy error: values nest deeper than 1000 levels") }
        if let meter, value.isContainer {
            meter.allocate(128)
            guard meter.spend(1) else { throw GoError(meter.fault ?? "") }
        }
        switch value {
        case .map(let map):
            return .map(
                GoMap(
                    unsorted: try map.members.map { .init(key: $0.key, value: try deepCopy($0.value, depth: depth + 1, meter)) },
                    type: map.type))
        case .list(let elements): return .list(try elements.map { try deepCopy($0, depth: depth + 1, meter) })
        case .typedList(let elements, let type):
            return .typedList(try elements.map { try deepCopy($0, depth: depth + 1, meter) }, type: type)
        default: return value
        }
    }

    private static func dig(_ values: [GoValue]) throws -> GoValue {
        guard values.count >= 3 else { throw GoError("dig needs at least three arguments") }
        var dict = values[values.count - 1]
        let keys = values[..<(values.count - 2)]
        for (index, key) in keys.enumerated() {
            guard case .map(let map) = dict, map.type == .generic else {
                throw GoError(
                    "interface conversion: interface {} is \(dict.isPlainNil ? "nil" : dict.typeName), not map[string]interface {}")
            }
            guard let name = key.text else {
                throw GoError("interface conversion: interface {} is \(key.isPlainNil ? "nil" : key.typeName), not string")
            }
            guard let step = map[name] else { return values[values.count - 2] }
            if index == keys.count - 1 { return step }
            dict = step
        }
        return dict
    }
}
