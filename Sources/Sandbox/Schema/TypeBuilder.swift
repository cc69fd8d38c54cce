import Manifests
import Schemas

/// Turns OpenAPI schemas into type nodes.
struct TypeBuilder {
    private let components: Object
    private let isBuiltIn: Bool
    private var named: [String: TypeNode] = [:]
    private let pointers: [String: Set<String>]
    private let nulls: [String: Set<String>]
    private let omittedZeros: [String: Set<String>]
    private let omittedLists: [String: Set<String>]

    /// The types of the built-in kinds, by component name.
    static let builtIn: [String: TypeNode] = {
        var builder = TypeBuilder(components: BuiltInSchemas.components, isBuiltIn: true)
        for member in BuiltInSchemas.components { _ = builder.namedType(member.key) }
        return builder.named
    }()

    static let objectMeta: TypeNode =
        builtIn["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"] ?? TypeNode.deduced

    private init(components: Object, isBuiltIn: Bool) {
        self.components = components
        self.isBuiltIn = isBuiltIn
        pointers = Self.table(GoTypeTraits.pointerFields)
        nulls = Self.table(GoTypeTraits.nullFields)
        omittedZeros = Self.table(GoTypeTraits.omittedZeroFields)
        omittedLists = Self.table(GoTypeTraits.omittedEmptyLists)
    }

    private static func table(_ text: String) -> [String: Set<String>] {
        var table: [String: Set<String>] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            if let first = words.first { table[first] = Set(words.dropFirst()) }
        }
        return table
    }

    /// The type of a custom resource's version, with the fields that every object has.
    static func customResource(schema: Value) -> TypeNode {
        var builder = TypeBuilder(components: Object(), isBuiltIn: false)
        let node = TypeNode()
        builder.fill(node, from: schema, depth: 0)
        node.shape = .map
        let string = TypeNode()
        string.shape = .string
        for name in ["apiVersion", "kind"] { builder.add(FieldNode(type: string), name, to: node) }
        builder.add(FieldNode(type: objectMeta), "metadata", to: node)
        return node
    }

    private func add(_ field: FieldNode, _ name: String, to node: TypeNode) {
        if node.fields.updateValue(field, forKey: name) == nil { node.fieldOrder.append(name) }
    }

    private mutating func namedType(_ name: String) -> TypeNode {
        if let known = named[name] { return known }
        let node = TypeNode()
        named[name] = node
        node.name = Self.shortName(name)
        guard let schema = components[name] else { return node }
        fill(node, from: schema, depth: 0)
        if name.hasSuffix(".resource.Quantity") {
            node.isQuantity = true
            node.shape = .numberOrString
        }
        return node
    }

    static func shortName(_ name: String) -> String {
        for prefix in [
            "io.k8s.api.", "io.k8s.apimachinery.pkg.apis.", "io.k8s.apiextensions-apiserver.pkg.apis.",
            "io.k8s.kube-aggregator.pkg.apis.",
        ] where name.hasPrefix(prefix) { return String(name.dropFirst(prefix.count)) }
        return name
    }

    /// The node that a schema refers to, or a new one for an inlined schema.
    private mutating func type(of schema: Value, depth: Int) -> TypeNode {
        var reference = schema["$ref"]?.string
        if isBuiltIn, reference == nil, let all = schema["allOf"]?.array, all.count == 1 {
            reference = all[0]["$ref"]?.string
        }
        if let reference, let slash = reference.lastIndex(of: "/") {
            return namedType(String(reference[reference.index(after: slash)...]))
        }
        let node = TypeNode()
        fill(node, from: schema, depth: depth + 1)
        return node
    }

    private mutating func fill(_ node: TypeNode, from schema: Value, depth: Int) {
        // The parser's own bound on nesting keeps this recursion short.
        node.preservesUnknown = schema["x-kubernetes-preserve-unknown-fields"]?.bool == true
        node.isEmbeddedResource = schema["x-kubernetes-embedded-resource"]?.bool == true
        node.isNullable = schema["nullable"]?.bool == true
        node.defaultValue = schema["default"]
        node.format = schema["format"]?.string ?? ""
        node.required = (schema["required"]?.array ?? []).compactMap(\.string)
        node.isAtomic = schema["x-kubernetes-map-type"]?.string == "atomic"
        node.shape = shape(of: schema)
        if node.shape == .list {
            let listType = schema["x-kubernetes-list-type"]?.string ?? "atomic"
            node.isAtomic = listType == "atomic"
            node.isSet = listType == "set"
            node.listKeys = (schema["x-kubernetes-list-map-keys"]?.array ?? []).compactMap(\.string)
        }
        if let items = schema["items"] { node.element = type(of: items, depth: depth) }
        switch schema["additionalProperties"] {
        case .object(let object): node.element = type(of: .object(object), depth: depth)
        case .bool(true): node.preservesUnknown = true
        default: break
        }
        fillFields(of: node, from: schema, depth: depth)
        fillRules(of: node, from: schema, depth: depth)
    }

    private func shape(of schema: Value) -> TypeNode.Shape {
        if schema["x-kubernetes-int-or-string"]?.bool == true { return .numberOrString }
        switch schema["type"]?.string {
        case "string": return .string
        case "integer": return .integer
        case "number": return .number
        case "boolean": return .boolean
        case "array": return .list
        case "object":
            // A built-in "object" that declares nothing is raw JSON.
            let isRaw = isBuiltIn && schema["properties"] == nil && schema["additionalProperties"] == nil
            return isRaw ? .any : .map
        default:
            if schema["format"]?.string == "int-or-string" { return .numberOrString }
            return schema["properties"] != nil ? .map : .any
        }
    }

    private mutating func fillFields(of node: TypeNode, from schema: Value, depth: Int) {
        guard let properties = schema["properties"]?.object else { return }
        for member in properties {
            let type = type(of: member.value, depth: depth)
            var field = FieldNode(type: type, defaultValue: member.value["default"])
            field.patchMergeKey = member.value["x-kubernetes-patch-merge-key"]?.string
            if let strategy = member.value["x-kubernetes-patch-strategy"]?.string {
                field.patchStrategy = strategy.split(separator: ",").map(String.init)
            }
            if isBuiltIn { field.presence = presence(of: member.key, in: node, type: type, default: field.defaultValue) }
            add(field, member.key, to: node)
        }
    }

    private func presence(of key: String, in node: TypeNode, type: TypeNode, default value: Value?) -> FieldNode.Presence {
        if nulls[node.name]?.contains(key) == true { return .always(.null) }
        switch type.shape {
        case .string, .integer, .number, .boolean:
            if pointers[node.name]?.contains(key) == true { return .kept }
            if let value, Self.isZero(value), omittedZeros[node.name]?.contains(key) != true { return .always(value) }
            return .omittedWhenEmpty
        case .list, .map:
            if type.shape == .map, case .object(let object)? = value, object.isEmpty { return .always(value ?? .null) }
            let isCollection = type.shape == .list || type.fields.isEmpty
            if isCollection, node.required.contains(key), omittedLists[node.name]?.contains(key) != true {
                return .always(.null)
            }
            return isCollection ? .omittedWhenEmpty : .kept
        case .numberOrString, .any: return .kept
        }
    }

    static func isZero(_ value: Value) -> Bool {
        switch value {
        case .string(let string): string.isEmpty
        case .int(let int): int == 0
        case .unsigned(let unsigned): unsigned == 0
        case .double(let double): double == 0
        case .bool(let bool): !bool
        case .null: true
        case .array(let array): array.isEmpty
        case .object(let object): object.isEmpty
        }
    }

    private mutating func fillRules(of node: TypeNode, from schema: Value, depth: Int) {
        var rules = ValidationRules()
        rules.enumeration = schema["enum"]?.array ?? []
        rules.minimum = Self.double(schema["minimum"])
        rules.maximum = Self.double(schema["maximum"])
        rules.isMinimumExclusive = schema["exclusiveMinimum"]?.bool == true
        rules.isMaximumExclusive = schema["exclusiveMaximum"]?.bool == true
        rules.multipleOf = Self.double(schema["multipleOf"])
        rules.minLength = Self.int(schema["minLength"])
        rules.maxLength = Self.int(schema["maxLength"])
        rules.pattern = schema["pattern"]?.string
        rules.minItems = Self.int(schema["minItems"])
        rules.maxItems = Self.int(schema["maxItems"])
        rules.uniqueItems = schema["uniqueItems"]?.bool == true
        rules.minProperties = Self.int(schema["minProperties"])
        rules.maxProperties = Self.int(schema["maxProperties"])
        if !isBuiltIn {
            rules.allOf = (schema["allOf"]?.array ?? []).map { type(of: $0, depth: depth) }
            rules.anyOf = (schema["anyOf"]?.array ?? []).map { type(of: $0, depth: depth) }
            rules.oneOf = (schema["oneOf"]?.array ?? []).map { type(of: $0, depth: depth) }
            rules.not = schema["not"].map { type(of: $0, depth: depth) }
        }
        if !rules.isEmpty { node.rules = rules }
    }

    private static func double(_ value: Value?) -> Double? {
        switch value {
        case .int(let int): Double(int)
        case .double(let double): double
        default: nil
        }
    }

    private static func int(_ value: Value?) -> Int? { value?.int.flatMap { Int(exactly: $0) } }
}
