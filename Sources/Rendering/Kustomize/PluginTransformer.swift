import Manifests

/// A built-in transformer with a configuration of its own (`apiVersion: builtin`).
struct PluginTransformer {
    let plugin: Resource
    let loader: FolderLoader
    let schema: MergeSchema

    private var place: SourcePosition { plugin.source }

    func steps() throws -> [TransformerStep] {
        guard plugin.apiVersion == "builtin" else {
            throw Diagnostic(
                "the transformer '\(plugin.kind)' (\(plugin.apiVersion)) is no built-in one, and others are not run", at: place,
                advice: "plugins and functions outside of kustomize are not supported")
        }
        let decoder = FieldDecoder(value: plugin.value, pointer: "", ignoresUnknownFields: true, convertsScalars: true)
        do { return [TransformerStep(kind: plugin.kind, apply: try transformer(decoder))] } catch let fault as FieldDecoder.Fault {
            throw Diagnostic("\(fault.message) at \(fault.pointer)", at: place, advice: fault.advice)
        }
    }

    private func transformer(_ decoder: FieldDecoder) throws -> (inout ResourceMap) throws -> Void {
        switch plugin.kind {
        case "AnnotationsTransformer": return try entries(decoder, "annotations").apply
        case "LabelTransformer": return try entries(decoder, "labels").apply
        case "HashTransformer": return { NameHash.apply(to: &$0) }
        case "ImageTagTransformer": return try images(decoder)
        case "NamespaceTransformer": return try namespace(decoder).apply
        case "PrefixTransformer": return try names(decoder, isPrefix: true).apply
        case "SuffixTransformer": return try names(decoder, isPrefix: false).apply
        case "PrefixSuffixTransformer":
            let (prefix, suffix) = (try names(decoder, isPrefix: true), try names(decoder, isPrefix: false))
            return { map in
                try prefix.apply(to: &map)
                try suffix.apply(to: &map)
            }
        case "PatchTransformer":
            let place = self.place
            return try PatchReader.patch(try PatchField(decoder), place.file, loader, schema: schema, position: { _ in place }).apply
        case "PatchJson6902Transformer": return try operations(decoder)
        case "PatchStrategicMergeTransformer": return try strategicMerges(decoder)
        case "ReplacementTransformer": return try replacements(decoder)
        case "ReplicaCountTransformer": return try replicas(decoder)
        case "ValueAddTransformer": return try ValueAdder(decoder, loader: loader).apply
        default:
            throw Diagnostic("there is no built-in transformer '\(plugin.kind)'", at: place)
        }
    }

    private func specs(_ fields: FieldDecoder.Fields) throws -> [FieldSpec] {
        try fields.list("fieldSpecs").map { decoder in try FieldSpec(decoder) }
    }

    private func entries(_ decoder: FieldDecoder, _ name: String) throws -> MetadataTransformer {
        let fields = try decoder.fields([name, "fieldSpecs"])
        return MetadataTransformer(entries: try fields.map(name), specs: try specs(fields))
    }

    private func images(_ decoder: FieldDecoder) throws -> (inout ResourceMap) throws -> Void {
        let fields = try decoder.fields(["imageTag", "fieldSpecs"])
        guard let image = fields["imageTag"] else { return { _ in } }
        return try ImageTransformer(try ImageField(image), specs: try specs(fields)).apply
    }

    private func namespace(_ decoder: FieldDecoder) throws -> NamespaceTransformer {
        let fields = try decoder.fields(["metadata", "fieldSpecs", "unsetOnly", "setRoleBindingSubjects"])
        let text = try fields.string("setRoleBindingSubjects")
        guard let subjects = text.isEmpty ? .defaultOnly : NamespaceTransformer.Subjects(rawValue: text) else {
            throw Diagnostic(
                "'\(text)' is no value of setRoleBindingSubjects", at: place, advice: "it is one of defaultOnly, allServiceAccounts, none")
        }
        let namespace = try fields["metadata"]?.fields(["namespace"]).string("namespace") ?? ""
        return NamespaceTransformer(
            namespace: namespace, specs: try specs(fields), isUnsetOnly: try fields.bool("unsetOnly"), subjects: subjects)
    }

    private func names(_ decoder: FieldDecoder, isPrefix: Bool) throws -> NameTransformer {
        let fields = try decoder.fields(["prefix", "suffix", "fieldSpecs"])
        guard fields["fieldSpecs"] != nil else { throw Diagnostic("fieldSpecs are missing", at: place) }
        let text = try fields.string(isPrefix ? "prefix" : "suffix")
        return NameTransformer(part: isPrefix ? .prefix(text) : .suffix(text), specs: try specs(fields))
    }

    private func replicas(_ decoder: FieldDecoder) throws -> (inout ResourceMap) throws -> Void {
        let fields = try decoder.fields(["replica", "fieldSpecs"])
        guard let replica = fields["replica"] else { throw Diagnostic("replica is missing", at: place) }
        let field = try ReplicaField(replica)
        let place = self.place
        return ReplicaTransformer(name: field.name, count: field.count, specs: try specs(fields), position: { place }).apply
    }

    private func replacements(_ decoder: FieldDecoder) throws -> (inout ResourceMap) throws -> Void {
        let fields = try decoder.fields(["replacements"])
        let list = try fields.list("replacements").map { decoder in try ReplacementField(decoder) }
        let place = self.place
        return try ReplacementReader.transformer(list, loader: loader) { _ in place }.apply
    }

    private func operations(_ decoder: FieldDecoder) throws -> (inout ResourceMap) throws -> Void {
        let fields = try decoder.fields(["target", "path", "jsonOp"])
        var object = Object()
        if let target = fields["target"] { object["target"] = target.value }
        if let path = fields["path"] { object["path"] = path.value }
        if let text = fields["jsonOp"] { object["patch"] = text.value }
        let field = try PatchField(FieldDecoder(value: .object(object), pointer: "", ignoresUnknownFields: true, convertsScalars: true))
        let place = self.place
        return try PatchReader.operations(field, place.file, loader, position: { _ in place }).apply
    }

    private func strategicMerges(_ decoder: FieldDecoder) throws -> (inout ResourceMap) throws -> Void {
        let fields = try decoder.fields(["paths", "patches"])
        let (paths, text) = (try fields.strings("paths"), try fields.string("patches"))
        guard !paths.isEmpty || !text.isEmpty else {
            throw Diagnostic("the transformer has neither paths nor patches", at: place)
        }
        var patches: [Resource] = []
        let place = self.place
        for path in paths {
            if let inline = try? ResourceReader.read(Array(path.utf8), file: place.file) {
                patches += inline
            } else {
                patches += try PatchReader.readObjects(path, loader) { place }
            }
        }
        if !text.isEmpty { patches += try ResourceReader.read(Array(text.utf8), file: place.file) }
        guard !patches.isEmpty else { throw Diagnostic("the patches are empty", at: place) }
        for index in patches.indices { patches[index].makeMetadataTexts() }
        let all = patches
        let patcher = StrategicPatcher(schema: schema)
        return { map in
            for patch in all {
                _ = try patcher.apply(patch, toItsTargetIn: &map)
                map.removeDeleted()
            }
        }
    }
}
