import Manifests

/// Variables (the field `vars`): `$(NAME)` in the fields that may hold them stands for a field of some resource.
enum Variables {
    /// Notes the variables of a kustomization at the resources that they read.
    /// - Throws: `Diagnostic` when several resources match, or the name is taken.
    static func merge(
        _ incoming: [VariableField], into known: inout [VariableField], _ map: inout ResourceMap,
        position: (VariableField) -> SourcePosition
    ) throws {
        for variable in incoming {
            let id = ResourceID(kind: variable.kind, name: variable.objectName, namespace: variable.namespace)
            let anyNamespace = variable.namespace.isEmpty && !id.isClusterScoped
            let places = map.places { other in
                other.name == id.name && other.kind == id.kind && (anyNamespace || other.effectiveNamespace == id.effectiveNamespace)
            }
            guard places.count <= 1 else {
                throw Diagnostic("\(places.count) resources match the object of the variable '\(variable.name)'", at: position(variable))
            }
            if let place = places.first { map.update(place) { $0.variables.append(variable.name) } }
        }
        for variable in incoming {
            guard !known.contains(where: { $0.name == variable.name }) else {
                throw Diagnostic("the variable '\(variable.name)' is defined already", at: position(variable))
            }
            known.append(variable)
        }
    }

    static func merge(_ incoming: [VariableField], into known: inout [VariableField]) throws {
        for variable in incoming {
            guard !known.contains(where: { $0.name == variable.name }) else {
                throw Diagnostic("the variable '\(variable.name)' is defined already in another base")
            }
            known.append(variable)
        }
    }

    /// Replaces the variables in all resources.
    static func resolve(_ variables: [VariableField], specs: [FieldSpec], in map: inout ResourceMap) throws {
        guard !variables.isEmpty else { return }
        var values: [String: Value] = [:]
        for variable in variables { values[variable.name] = try value(of: variable, in: map) }
        var list = FieldSpecList(specs)
        try map.updateAll { resource in
            for spec in list.specs(for: resource.gvk) where NameReferences.leadsSomewhere(resource.value, spec.path.segments[...]) {
                do {
                    try FieldWalker.apply(spec, to: &resource.value) { try expand(&$0, values) }
                } catch let fault as Diagnostic {
                    throw Diagnostic(fault.message, at: resource.source, object: resource.currentID.description, advice: fault.advice)
                }
            }
        }
    }

    private static func value(of variable: VariableField, in map: ResourceMap) throws -> Value {
        guard let resource = map.resources.first(where: { $0.variables.contains(variable.name) }) else {
            throw Diagnostic("no resource matches the object of the variable '\(variable.name)'")
        }
        let path = FieldPath.splitKeepingBrackets(variable.fieldPath).flatMap(indexed)
        guard let found = try? FieldLookup.find(resource.value, path) else {
            throw Diagnostic(
                "the field '\(variable.fieldPath)' of the variable '\(variable.name)' is missing", at: resource.source,
                object: resource.currentID.description)
        }
        guard found.isNull else { return found }
        // kustomize takes the text that stands there.
        let pointer = JSONPointer.text(path)
        return .string(resource.blanks.contains(pointer) ? "" : resource.texts[pointer] ?? "null")
    }

    /// `containers[0]` is the element 0 of `containers`.
    private static func indexed(_ part: String) -> [String] {
        guard part.hasSuffix("]"), let open = part.lastIndex(of: "[") else { return [part] }
        let number = part[part.index(after: open)...].dropLast()
        guard !number.isEmpty, number.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return [part] }
        let name = String(part[..<open])
        return name.isEmpty ? [String(number)] : [name, String(number)]
    }

    // MARK: Expansion

    private static func expand(_ value: inout Value, _ values: [String: Value]) throws {
        switch value {
        case .string(let text): value = expanded(text, values)
        case .object(var object):
            value = .null
            defer { value = .object(object) }
            for index in object.members.indices {
                if case .string(let text) = object.members[index].value { object.members[index].value = expanded(text, values) }
            }
        case .array(var items):
            value = .null
            defer { value = .array(items) }
            for index in items.indices {
                guard case .string(let text) = items[index] else {
                    throw Diagnostic("a list that may hold variables holds texts alone, and here is \(items[index].kindDescription)")
                }
                items[index] = expanded(text, values)
            }
        case .null, .bool, .int, .unsigned, .double: return
        }
    }

    private static func scalar(_ value: Value) -> Value? {
        guard ScalarText.isScalar(value), !value.isNull else { return Optional.none }
        return value
    }

    /// `$(NAME)` becomes the value, and keeps its type when it is the whole text; `$$` is a dollar sign.
    static func expanded(_ text: String, _ values: [String: Value]) -> Value {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "$")) else { return .string(text) }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            guard byte == UInt8(ascii: "$"), index + 1 < bytes.count else {
                result.append(byte)
                index += 1
                continue
            }
            switch bytes[index + 1] {
            case UInt8(ascii: "$"):
                result.append(byte)
                index += 2
            case UInt8(ascii: "("):
                guard let end = bytes[(index + 2)...].firstIndex(of: UInt8(ascii: ")")) else {
                    result.append(contentsOf: [byte, UInt8(ascii: "(")])
                    index += 2
                    continue
                }
                let name = String(decoding: bytes[(index + 2)..<end], as: UTF8.self)
                let value = values[name].flatMap(scalar)
                if index == 0, end == bytes.count - 1, let value { return value }
                result.append(contentsOf: value.map { Array(ScalarText.text($0).utf8) } ?? Array(bytes[index...end]))
                index = end + 1
            default:
                // Go writes the byte after the sign as a character of its own.
                result.append(byte)
                result.append(contentsOf: String(UnicodeScalar(bytes[index + 1])).utf8)
                index += 2
            }
        }
        return .string(String(decoding: result, as: UTF8.self))
    }
}
