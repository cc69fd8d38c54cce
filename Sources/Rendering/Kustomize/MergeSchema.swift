import Manifests

/// Which lists a strategic-merge patch merges, and by which keys: what kustomize takes out of the OpenAPI schema.
struct MergeSchema: Sendable {
    /// The part of the schema that describes one value.
    indirect enum Node: Sendable {
        /// A mapping of a known type, by the type's name.
        case type(String)
        /// A mapping whose values all have one type.
        case map(Node?)
        /// A list; `keys` is `nil` when it is replaced as a whole, and empty for a list of scalars that is merged.
        case list(keys: [String]?, element: Node?)
        /// A mapping described where it is used.
        case fields([String: Node])
    }

    private var types: [String: [String: Node]] = [:]
    private var typeValues: [String: Node] = [:]
    private var kinds: [GroupVersionKind: String] = [:]
    /// Whether the built-in table says what this schema does not. A build without merges never reads the table.
    private var isOverBuiltIn: Bool

    /// The schema of the built-in kinds.
    static let builtIn = MergeSchema()

    private init() { isOverBuiltIn = true }

    func root(_ kind: GroupVersionKind) -> Node? {
        (kinds[kind] ?? (isOverBuiltIn ? MergeSchemaTable.builtIn.definition(of: kind) : nil)).map(Node.type)
    }

    func field(_ name: String, of node: Node?) -> Node? {
        switch node {
        case .type(let type):
            if let fields = types[type] { return fields[name] ?? typeValues[type] }
            return (isOverBuiltIn ? MergeSchemaTable.builtIn.field(name, of: type) : nil) ?? typeValues[type]
        case .map(let value): return value
        case .fields(let fields): return fields[name]
        case .list, nil: return nil
        }
    }

    // MARK: A schema of the user's

    /// Reads the `definitions` of an OpenAPI v2 document, as the `openapi` field of a kustomization names it.
    init(openAPI document: Value) {
        isOverBuiltIn = false
        for definition in document["definitions"]?.object ?? Object() {
            let name = Self.shortName(definition.key)
            var fields: [String: Node] = [:]
            for property in definition.value["properties"]?.object ?? Object() {
                fields[property.key] = Self.node(property.value, depth: 0)
            }
            types[name] = fields
            if let values = definition.value["additionalProperties"] { typeValues[name] = Self.node(values, depth: 0) }
            for kind in definition.value["x-kubernetes-group-version-kind"]?.array ?? [] {
                let kind = GroupVersionKind(
                    group: kind["group"]?.string ?? "", version: kind["version"]?.string ?? "", kind: kind["kind"]?.string ?? "")
                kinds[kind] = name
            }
        }
    }

    /// The built-in schema, with what this one says first.
    var overBuiltIn: MergeSchema {
        var schema = self
        schema.isOverBuiltIn = true
        return schema
    }

    /// The name of a definition as the built-in table has it.
    private static func shortName(_ name: String) -> String {
        for prefix in [
            "io.k8s.apimachinery.pkg.apis.", "io.k8s.apiextensions-apiserver.pkg.apis.", "io.k8s.kube-aggregator.pkg.apis.",
            "io.k8s.api.", "io.k8s.",
        ] where name.hasPrefix(prefix) {
            return String(name.dropFirst(prefix.count))
        }
        return name
    }

    private static func node(_ schema: Value, depth: Int) -> Node? {
        guard depth < 64 else { return nil }
        if let reference = schema["$ref"]?.string {
            return .type(shortName(TreePath.name(reference)))
        }
        if let items = schema["items"] {
            let strategies = (schema["x-kubernetes-patch-strategy"]?.string ?? "").split(separator: ",")
            var keys: [String]?
            if strategies.contains("merge") {
                keys =
                    schema["x-kubernetes-list-map-keys"]?.array?.compactMap(\.string)
                    ?? schema["x-kubernetes-patch-merge-key"]?.string.map { [$0] } ?? []
            }
            return .list(keys: keys, element: node(items, depth: depth + 1))
        }
        if let properties = schema["properties"]?.object {
            var fields: [String: Node] = [:]
            for property in properties { fields[property.key] = node(property.value, depth: depth + 1) }
            return .fields(fields)
        }
        if let values = schema["additionalProperties"], values.object != nil { return .map(node(values, depth: depth + 1)) }
        return nil
    }
}
