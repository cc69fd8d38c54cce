import Manifests

/// What `generatorOptions` and the `options` of a generator say.
struct GeneratorOptions: Sendable {
    var labels: [(key: String, value: String)] = []
    var annotations: [(key: String, value: String)] = []
    var disablesNameSuffixHash = false
    var isImmutable = false

    init(_ decoder: FieldDecoder) throws(FieldDecoder.Fault) {
        let fields = try decoder.fields(["labels", "annotations", "disableNameSuffixHash", "immutable"])
        labels = try fields.map("labels")
        annotations = try fields.map("annotations")
        disablesNameSuffixHash = try fields.bool("disableNameSuffixHash")
        isImmutable = try fields.bool("immutable")
    }

    /// The generator's own options with the kustomization's: its own win where both name a key, and true wins.
    static func merged(own: GeneratorOptions?, shared: GeneratorOptions?) -> GeneratorOptions? {
        guard let shared else { return own }
        guard var merged = own else { return shared }
        merged.labels = merge(merged.labels, shared.labels)
        merged.annotations = merge(merged.annotations, shared.annotations)
        merged.disablesNameSuffixHash = merged.disablesNameSuffixHash || shared.disablesNameSuffixHash
        merged.isImmutable = merged.isImmutable || shared.isImmutable
        return merged
    }

    private static func merge(
        _ own: [(key: String, value: String)], _ shared: [(key: String, value: String)]
    ) -> [(key: String, value: String)] {
        (own + shared.filter { entry in !own.contains { $0.key == entry.key } }).sorted { UTF8Order.isLess($0.key, $1.key) }
    }
}

/// One entry of `configMapGenerator` or `secretGenerator`.
struct GeneratorField: Sendable {
    var name: String
    var namespace: String
    var behavior: Resource.GenerationBehavior
    var literals: [LocatedText]
    var files: [LocatedText]
    var environmentFiles: [LocatedText]
    var options: GeneratorOptions?
    /// The type of a secret.
    var type: String
    var pointer: String

    init(_ decoder: FieldDecoder, isSecret: Bool) throws(FieldDecoder.Fault) {
        pointer = decoder.pointer
        var names = ["name", "namespace", "behavior", "literals", "files", "envs", "env", "options"]
        if isSecret { names.append("type") }
        let fields = try decoder.fields(names)
        name = try fields.string("name")
        namespace = try fields.string("namespace")
        behavior = Resource.GenerationBehavior(try fields.string("behavior"))
        literals = try Self.texts(fields, "literals")
        files = try Self.texts(fields, "files")
        environmentFiles = try Self.texts(fields, "envs")
        if let decoder = fields["env"] {
            let text = try decoder.string()
            if !text.isEmpty { environmentFiles.append(LocatedText(text: text, pointer: decoder.pointer)) }
        }
        if let decoder = fields["options"] { options = try GeneratorOptions(decoder) }
        type = try fields.string("type")
    }

    private static func texts(_ fields: FieldDecoder.Fields, _ name: String) throws(FieldDecoder.Fault) -> [LocatedText] {
        var texts: [LocatedText] = []
        for decoder in try fields.list(name) { texts.append(LocatedText(text: try decoder.string(), pointer: decoder.pointer)) }
        return texts
    }
}
