import Manifests

/// Reads a kustomization file as kustomize does: strict about fields and their types, whatever the case of their names,
/// with the fields of old put into those of today.
struct KustomizationReader {
    private static let fieldNames = [
        "kind", "apiVersion", "metadata", "openapi", "namePrefix", "nameSuffix", "namespace", "commonLabels", "labels",
        "commonAnnotations", "patchesStrategicMerge", "patchesJson6902", "patches", "images", "imageTags", "replacements",
        "replicas", "vars", "sortOptions", "resources", "components", "crds", "bases", "configMapGenerator",
        "secretGenerator", "helmGlobals", "helmCharts", "helmChartInflationGenerator", "generatorOptions",
        "configurations", "generators", "transformers", "validators", "buildMetadata",
    ]

    private var file: KustomizationFile

    static func read(_ bytes: [UInt8], path: String) throws(Diagnostic) -> KustomizationFile {
        let options = YAMLLoader.Options(schema: .kubernetes, allowsDuplicateKeys: true)
        let documents = try YAMLLoader.load(bytes, file: path, options: options)
        var reader = KustomizationReader(file: KustomizationFile(path: path, bytes: bytes))
        // Like sigs.k8s.io/yaml, which reads the first document and no other.
        let value = documents.first?.value ?? .null
        do throws(FieldDecoder.Fault) {
            try reader.read(FieldDecoder(value: value, pointer: ""))
        } catch {
            throw reader.file.diagnostic(error)
        }
        return reader.file
    }

    private init(file: KustomizationFile) { self.file = file }

    private mutating func read(_ decoder: FieldDecoder) throws(FieldDecoder.Fault) {
        let fields = try decoder.fields(Self.fieldNames)
        try readHeader(fields, decoder)
        file.resources = try texts(fields, "resources") + texts(fields, "bases")
        file.components = try texts(fields, "components")
        file.configurations = try texts(fields, "configurations")
        file.crds = try texts(fields, "crds")
        file.generators = try texts(fields, "generators")
        file.transformers = try texts(fields, "transformers")
        file.validators = try texts(fields, "validators")
        file.openAPI = try fields.map("openapi")
        file.namePrefix = try fields.string("namePrefix")
        file.nameSuffix = try fields.string("nameSuffix")
        file.namespace = try fields.string("namespace")
        file.commonLabels = try fields.map("commonLabels")
        file.commonAnnotations = try fields.map("commonAnnotations")
        file.patchesStrategicMerge = try texts(fields, "patchesStrategicMerge")
        file.buildMetadata = try fields.strings("buildMetadata")
        if let decoder = fields["generatorOptions"] { file.generatorOptions = try GeneratorOptions(decoder) }
        if let decoder = fields["sortOptions"] { file.sortOptions = try SortField(decoder) }
        for decoder in try fields.list("labels") { file.labels.append(try LabelField(decoder)) }
        for decoder in try fields.list("patchesJson6902") { file.patchesJSON6902.append(try PatchField(decoder)) }
        for decoder in try fields.list("patches") { file.patches.append(try PatchField(decoder)) }
        for decoder in try fields.list("images") { file.images.append(try ImageField(decoder)) }
        for decoder in try fields.list("imageTags") { file.images.append(try ImageField(decoder)) }
        for decoder in try fields.list("replacements") { file.replacements.append(try ReplacementField(decoder)) }
        for decoder in try fields.list("replicas") { file.replicas.append(try ReplicaField(decoder)) }
        for decoder in try fields.list("vars") { file.variables.append(try VariableField(decoder)) }
        for decoder in try fields.list("configMapGenerator") {
            file.configMapGenerators.append(try GeneratorField(decoder, isSecret: false))
        }
        for decoder in try fields.list("secretGenerator") {
            file.secretGenerators.append(try GeneratorField(decoder, isSecret: true))
        }
        try readHelm(fields)
        warn(fields)
        try refuseEmpty(fields, decoder)
    }

    private mutating func readHeader(_ fields: FieldDecoder.Fields, _ decoder: FieldDecoder) throws(FieldDecoder.Fault) {
        let kind = try fields.string("kind")
        file.isComponent = kind == "Component"
        if let decoder = fields["kind"], !kind.isEmpty, kind != "Kustomization", kind != "Component" {
            throw decoder.fault("the kind should be Kustomization or Component, not '\(kind)'")
        }
        let version = try fields.string("apiVersion")
        let expected = file.isComponent ? KustomizationFile.componentVersion : KustomizationFile.version
        if let decoder = fields["apiVersion"], !version.isEmpty, version != expected {
            throw decoder.fault(
                "the apiVersion of a \(file.isComponent ? "Component" : "Kustomization") should be \(expected), not '\(version)'")
        }
        if let metadata = try fields["metadata"]?.fields(["name", "namespace", "labels", "annotations"]) {
            _ = try (metadata.string("name"), metadata.string("namespace"))
            _ = try (metadata.map("labels"), metadata.map("annotations"))
        }
    }

    private mutating func readHelm(_ fields: FieldDecoder.Fields) throws(FieldDecoder.Fault) {
        let home = try fields["helmGlobals"]?.fields(["chartHome", "configHome"]).string("chartHome") ?? ""
        for decoder in try fields.list("helmCharts") { file.helmCharts.append(try ChartField(decoder, home: home)) }
        for decoder in try fields.list("helmChartInflationGenerator") { file.helmCharts.append(try ChartField(legacy: decoder)) }
    }

    private func texts(_ fields: FieldDecoder.Fields, _ name: String) throws(FieldDecoder.Fault) -> [LocatedText] {
        var texts: [LocatedText] = []
        for decoder in try fields.list(name) { texts.append(LocatedText(text: try decoder.string(), pointer: decoder.pointer)) }
        return texts
    }

    /// kustomize's warnings, in its order.
    private mutating func warn(_ fields: FieldDecoder.Fields) {
        let replacements = [
            ("bases", "resources"), ("commonLabels", "labels"), ("imageTags", "images"), ("patchesJson6902", "patches"),
            ("patchesStrategicMerge", "patches"), ("vars", "replacements"),
        ]
        for (old, new) in replacements {
            guard let decoder = fields[old] else { continue }
            file.warnings.append(
                file.diagnostic(
                    "'\(old)' is deprecated", at: decoder.pointer,
                    advice: "use '\(new)' instead; 'kustomize edit fix' updates the file"))
        }
    }

    private func refuseEmpty(_ fields: FieldDecoder.Fields, _ decoder: FieldDecoder) throws(FieldDecoder.Fault) {
        for (name, field) in fields.decoders where name != "kind" && name != "apiVersion" {
            switch field.value {
            case .string(let text) where text.isEmpty: continue
            // Fields of old are moved to others, and nothing is left of an empty list.
            case .array(let items) where items.isEmpty && ["bases", "imageTags", "helmChartInflationGenerator"].contains(name):
                continue
            default: return
            }
        }
        throw decoder.fault("the kustomization is empty", advice: "list what it consists of under 'resources'")
    }
}
