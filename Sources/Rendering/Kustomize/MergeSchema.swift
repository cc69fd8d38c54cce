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

    /// The fields of a definition.
    private enum Fields: Sendable {
        case known([String: Node])
        /// Where they stand in the built-in table. A build meets few of its definitions, so none is read before it is met.
        case builtIn(Range<Int>)

        subscript(name: String) -> Node? {
            switch self {
            case .known(let nodes): nodes[name]
            case .builtIn(let range): MergeSchema.builtInField(name, in: range)
            }
        }
    }

    private var types: [String: Fields] = [:]
    private var typeValues: [String: Node] = [:]
    private var kinds: [GroupVersionKind: String] = [:]

    /// The schema of the built-in kinds, read once.
    static let builtIn = MergeSchema()

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

    private typealias Text = Slice<UnsafeBufferPointer<UInt8>>

    private static var builtInBytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: builtInText.utf8Start, count: builtInText.utf8CodeUnitCount)
    }

    /// Notes where each definition of the built-in table stands, and which kinds it is of.
    private init() {
        let bytes = Self.builtInBytes
        let (bar, semicolon) = (UInt8(ascii: "|"), UInt8(ascii: ";"))
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let first = line.firstIndex(of: bar), let second = line[(first + 1)...].firstIndex(of: bar) else { continue }
            let name = String(decoding: line[..<first], as: UTF8.self)
            types[name] = .builtIn(second + 1..<line.endIndex)
            for kind in line[(first + 1)..<second].split(separator: semicolon) {
                let names = kind.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
                    .map { String(decoding: $0, as: UTF8.self) }
                guard names.count == 3 else { continue }
                kinds[GroupVersionKind(group: names[0], version: names[1], kind: names[2])] = name
            }
        }
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "[") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "*")
    }

    private static func builtInField(_ name: String, in range: Range<Int>) -> Node? {
        let bytes = builtInBytes
        for field in bytes[range].split(separator: UInt8(ascii: " ")) {
            guard let end = field.firstIndex(where: isMark), field[..<end].elementsEqual(name.utf8) else { continue }
            return node(field[end...])
        }
        return nil
    }

    private static func node(_ text: Text) -> Node? {
        guard let first = text.first else { return nil }
        let rest = text.dropFirst()
        switch first {
        case UInt8(ascii: ">"): return .type(String(decoding: rest, as: UTF8.self))
        case UInt8(ascii: "*"): return .map(node(rest))
        default:
            guard rest.first == UInt8(ascii: "!") else { return .list(keys: nil, element: node(rest)) }
            let end = rest.firstIndex(where: isMark) ?? rest.endIndex
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
            types[name] = .known(fields)
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
