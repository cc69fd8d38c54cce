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

    /// The schema of the built-in kinds, read once.
    static let builtIn = MergeSchema(builtIn: builtInText)

    func root(_ kind: GroupVersionKind) -> Node? { kinds[kind].map(Node.type) }

    func field(_ name: String, of node: Node?) -> Node? {
        switch node {
        case .type(let type): types[type]?[name] ?? typeValues[type]
        case .map(let value): value
        case .fields(let fields): fields[name]
        case .list, nil: nil
        }
    }

    // MARK: The built-in table

    private init(builtIn text: StaticString) {
        let bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let parts = line.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let name = String(decoding: parts[0], as: UTF8.self)
            for kind in parts[1].split(separator: UInt8(ascii: ";")) {
                let names = kind.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
                    .map { String(decoding: $0, as: UTF8.self) }
                guard names.count == 3 else { continue }
                kinds[GroupVersionKind(group: names[0], version: names[1], kind: names[2])] = name
            }
            var fields: [String: Node] = [:]
            for field in parts[2].split(separator: UInt8(ascii: " ")) {
                let end = field.firstIndex { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "*") }
                guard let end else { continue }
                fields[String(decoding: field[..<end], as: UTF8.self)] = Self.node(field[end...])
            }
            types[name] = fields
        }
    }

    private static func node(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Node? {
        guard let first = text.first else { return nil }
        let rest = text.dropFirst()
        switch first {
        case UInt8(ascii: ">"): return .type(String(decoding: rest, as: UTF8.self))
        case UInt8(ascii: "*"): return .map(node(rest))
        default:
            guard rest.first == UInt8(ascii: "!") else { return .list(keys: nil, element: node(rest)) }
            let end = rest.firstIndex { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "*") } ?? rest.endIndex
            let keys = rest[..<end].dropFirst().split(separator: UInt8(ascii: "+")).map { String(decoding: $0, as: UTF8.self) }
            return .list(keys: keys, element: node(rest[end...]))
        }
    }

    // MARK: A schema of the user's

    /// Reads the `definitions` of an OpenAPI v2 document, as the `openapi` field of a kustomization names it.
    init(openAPI document: Value) {
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

    /// This schema, with what another one says first.
    func overridden(by other: MergeSchema) -> MergeSchema {
        var schema = self
        schema.types.merge(other.types) { $1 }
        schema.typeValues.merge(other.typeValues) { $1 }
        schema.kinds.merge(other.kinds) { $1 }
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
