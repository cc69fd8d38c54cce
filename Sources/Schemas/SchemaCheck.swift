package import Manifests

/// Checks an object against an OpenAPI schema without a server: of a built-in kind, or of a custom resource's version.
///
/// It finds what every API server refuses: unknown fields, values of a wrong type, missing fields, values outside of an
/// enumeration, a range or a pattern. What a kind's own rules and admission say is the server's to find.
package struct SchemaCheck: Sendable {
    /// What is wrong, and with which field (`spec.ports[0].port`).
    package struct Fault: Hashable, Sendable {
        package var field: String
        package var message: String
    }

    private let schema: Value
    private let isBuiltIn: Bool

    /// More faults than this are not worth reading.
    private static let faultsMax = 10
    /// A pattern of a definition is somebody's text: on longer values it may take for ever.
    private static let patternLengthMax = 1000

    /// The schema of a built-in kind; `nil` when there is none.
    package init?(builtIn kind: GroupVersionKind) {
        guard let schema = Self.builtIn[kind].flatMap({ BuiltInSchemas.components[$0] }) else { return nil }
        self.schema = schema
        isBuiltIn = true
    }

    /// The schema of a version in a CustomResourceDefinition's object; `nil` when it has none.
    package init?(definition: Value, version: String) {
        let versions = definition.at("spec", "versions")?.array ?? []
        guard let schema = versions.first(where: { $0["name"]?.string == version })?.at("schema", "openAPIV3Schema") else { return nil }
        self.schema = schema
        isBuiltIn = false
    }

    /// Component names by kind.
    private static let builtIn: [GroupVersionKind: String] = {
        var names: [GroupVersionKind: String] = [:]
        for member in BuiltInSchemas.components {
            for kind in member.value["x-kubernetes-group-version-kind"]?.array ?? [] {
                let key = GroupVersionKind(
                    group: kind["group"]?.string ?? "", version: kind["version"]?.string ?? "", kind: kind["kind"]?.string ?? "")
                names[key] = member.key
            }
        }
        return names
    }()

    /// What is wrong with an object, at most ten things; `status` is not looked at.
    package func faults(of object: Value) -> [Fault] {
        guard case .object(var members) = object else { return [] }
        // What every object has, and what only servers write.
        let metadata = members["metadata"]
        for key in ["apiVersion", "kind", "metadata", "status"] { members[key] = nil }
        var faults: [Fault] = []
        check(.object(members), schema, at: "", into: &faults, isRoot: true)
        if let metadata, let type = BuiltInSchemas.components["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"] {
            check(metadata, type, at: "metadata", into: &faults)
        }
        return faults
    }

    private func resolved(_ schema: Value) -> Value {
        let reference = schema["$ref"]?.string ?? (schema["allOf"]?.array).flatMap { $0.count == 1 ? $0[0]["$ref"]?.string : nil }
        guard let reference, let slash = reference.lastIndex(of: "/") else { return schema }
        return BuiltInSchemas.components[String(reference[reference.index(after: slash)...])] ?? Value.object(Object())
    }

    private func check(_ value: Value, _ schema: Value, at path: String, into faults: inout [Fault], isRoot: Bool = false) {
        guard faults.count < Self.faultsMax else { return }
        let schema = resolved(schema)
        // A null is a field that is not there; for lists and enumerations it is the server's to say.
        if value.isNull { return }
        if let type = schema["type"]?.string, schema["x-kubernetes-int-or-string"]?.bool != true {
            guard Self.isOf(type, value) else {
                faults.append(Fault(field: path, message: "must be \(Self.article(type)), and this is \(value.kindDescription)"))
                return
            }
        } else if let alternatives = schema["oneOf"]?.array ?? schema["anyOf"]?.array {
            let types = alternatives.compactMap { $0["type"]?.string }
            if types.count == alternatives.count, !types.contains(where: { Self.isOf($0, value) }) {
                let wanted = types.map(Self.article).joined(separator: " or ")
                faults.append(Fault(field: path, message: "must be \(wanted), and this is \(value.kindDescription)"))
                return
            }
        }
        checkRules(value, schema, at: path, into: &faults)
        switch value {
        case .object(let object): check(object, schema, at: path, into: &faults, isRoot: isRoot)
        case .array(let items):
            guard let element = schema["items"] else { return }
            for (index, item) in items.enumerated() { check(item, element, at: "\(path)[\(index)]", into: &faults) }
        case .null, .bool, .int, .unsigned, .double, .string: return
        }
    }

    private func check(_ object: Object, _ schema: Value, at path: String, into faults: inout [Fault], isRoot: Bool) {
        let properties = schema["properties"]?.object ?? Object()
        let isOpen =
            schema["x-kubernetes-preserve-unknown-fields"]?.bool == true || schema["additionalProperties"]?.bool == true
            || (properties.isEmpty && schema["additionalProperties"] == nil)
        for member in object {
            let field = Self.join(path, member.key)
            if let inner = properties[member.key] {
                check(member.value, inner, at: field, into: &faults)
            } else if let inner = schema["additionalProperties"], inner.object != nil {
                check(member.value, inner, at: field, into: &faults)
            } else if schema["x-kubernetes-embedded-resource"]?.bool == true, ["apiVersion", "kind", "metadata"].contains(member.key) {
                continue
            } else if !isOpen {
                let near = NearMatch.candidates(for: member.key, among: properties.map(\.key)).first
                faults.append(Fault(field: field, message: "is no field of this kind" + (near.map { "; did you mean '\($0)'?" } ?? "")))
            }
        }
        for name in schema["required"]?.array?.compactMap(\.string) ?? [] where object[name].map(\.isNull) ?? true {
            if isRoot, ["apiVersion", "kind", "metadata", "status"].contains(name) { continue }
            let property = properties[name].map(resolved)
            // Built-in kinds are said to require lists that the server takes as empty (a role's rules).
            let isOptional = property?["default"] != nil || (isBuiltIn && property?["type"]?.string == "array")
            if !isOptional, properties[name]?["default"] == nil {
                faults.append(Fault(field: Self.join(path, name), message: "is required"))
            }
        }
    }

    private func checkRules(_ value: Value, _ schema: Value, at path: String, into faults: inout [Fault]) {
        func fault(_ message: String) { faults.append(Fault(field: path, message: message)) }
        if let allowed = schema["enum"]?.array, !allowed.contains(value) {
            let words = allowed.prefix(12).map { $0.string ?? String(decoding: JSONWriter.compact($0), as: UTF8.self) }
            fault("must be one of \(words.joined(separator: ", "))")
        }
        switch value {
        case .int, .unsigned, .double:
            guard let number = Self.number(value) else { return }
            if let least = Self.number(schema["minimum"]), number < least { fault("must not be less than \(NumberText.json(least))") }
            if let most = Self.number(schema["maximum"]), number > most { fault("must not be more than \(NumberText.json(most))") }
        case .string(let text):
            let length = text.unicodeScalars.count
            if let least = schema["minLength"]?.int, length < least { fault("must have at least \(least) characters") }
            if let most = schema["maxLength"]?.int, length > most { fault("must have at most \(most) characters") }
            if let pattern = schema["pattern"]?.string, length <= Self.patternLengthMax, Self.matches(text, pattern) == false {
                fault("must match '\(pattern)'")
            }
        case .array(let items):
            if let least = schema["minItems"]?.int, items.count < least { fault("must have at least \(least) items") }
            if let most = schema["maxItems"]?.int, items.count > most { fault("must have at most \(most) items") }
        case .object(let object):
            if let least = schema["minProperties"]?.int, object.count < least { fault("must have at least \(least) members") }
            if let most = schema["maxProperties"]?.int, object.count > most { fault("must have at most \(most) members") }
        case .null, .bool: return
        }
    }

    private static func number(_ value: Value?) -> Double? {
        switch value {
        case .int(let int): Double(int)
        case .unsigned(let unsigned): Double(unsigned)
        case .double(let double): double
        default: nil
        }
    }

    /// `nil` when the pattern is not understood.
    private static func matches(_ text: String, _ pattern: String) -> Bool? {
        guard let expression = try? Regex(pattern) else { return nil }
        return text.firstMatch(of: expression) != nil
    }

    private static func isOf(_ type: String, _ value: Value) -> Bool {
        switch (type, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool), ("integer", .int), ("number", .int),
            ("integer", .unsigned), ("number", .unsigned), ("number", .double):
            true
        case ("integer", .double(let double)): double.rounded() == double
        case ("object", _), ("array", _), ("string", _), ("boolean", _), ("integer", _), ("number", _): false
        default: true
        }
    }

    private static func article(_ type: String) -> String {
        switch type {
        case "object": "a mapping"
        case "array": "a list"
        case "string": "text"
        case "boolean": "true or false"
        case "integer": "a whole number"
        default: "a number"
        }
    }

    private static func join(_ path: String, _ name: String) -> String {
        let plain = name.utf8.allSatisfy { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "[") }
        if !plain { return "\(path)[\"\(name)\"]" }
        return path.isEmpty ? name : "\(path).\(name)"
    }
}
