import Manifests

/// The transformers that the fields of a kustomization ask for, in the order in which kustomize runs them.
struct FieldTransformers {
    let folder: KustomizationGraph.Folder
    let configuration: TransformerConfiguration
    let schema: MergeSchema

    private var file: KustomizationFile { folder.file }

    func steps() throws -> [TransformerStep] {
        var steps = try strategicMerges() + patches()
        let namespace = NamespaceTransformer(namespace: file.namespace, specs: configuration.namespace)
        if !file.namespace.isEmpty { steps.append(TransformerStep(kind: "NamespaceTransformer", apply: namespace.apply)) }
        let prefix = NameTransformer(part: .prefix(file.namePrefix), specs: configuration.namePrefix)
        if !file.namePrefix.isEmpty { steps.append(TransformerStep(kind: "PrefixTransformer", apply: prefix.apply)) }
        let suffix = NameTransformer(part: .suffix(file.nameSuffix), specs: configuration.nameSuffix)
        if !file.nameSuffix.isEmpty { steps.append(TransformerStep(kind: "SuffixTransformer", apply: suffix.apply)) }
        steps += try labels()
        let annotations = MetadataTransformer(entries: file.commonAnnotations, specs: configuration.commonAnnotations)
        if !file.commonAnnotations.isEmpty { steps.append(TransformerStep(kind: "AnnotationsTransformer", apply: annotations.apply)) }
        steps += try jsonPatches()
        let file = self.file
        for field in file.replicas {
            let transformer = ReplicaTransformer(
                name: field.name, count: field.count, specs: configuration.replicas, position: { file.position(field.pointer) })
            steps.append(TransformerStep(kind: "ReplicaCountTransformer", apply: transformer.apply))
        }
        for field in file.images {
            let transformer = try located(field.pointer) { try ImageTransformer(field, specs: configuration.images) }
            steps.append(TransformerStep(kind: "ImageTagTransformer", apply: transformer.apply))
        }
        if !file.replacements.isEmpty {
            let transformer = try ReplacementReader.transformer(file.replacements, loader: folder.loader) { file.position($0) }
            steps.append(TransformerStep(kind: "ReplacementTransformer", apply: transformer.apply))
        }
        return steps
    }

    /// Gives a fault without a place that of the field.
    private func located<Result>(_ pointer: String, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let fault as Diagnostic {
            throw fault.position == nil ? file.diagnostic(fault.message, at: pointer, advice: fault.advice) : fault
        }
    }

    private func labels() throws -> [TransformerStep] {
        guard !file.labels.isEmpty || !file.commonLabels.isEmpty else { return [] }
        var steps: [TransformerStep] = []
        for label in file.labels {
            var specs = label.fieldSpecs
            try located(label.pointer) {
                try FieldSpec.merge(configuration.labels, into: &specs)
                if label.includesSelectors {
                    try FieldSpec.merge(configuration.commonLabels, into: &specs)
                } else {
                    if label.includesTemplates { try FieldSpec.merge(configuration.templateLabels, into: &specs) }
                    try FieldSpec.merge([FieldSpec(path: "metadata/labels", isCreated: true)], into: &specs)
                }
            }
            let transformer = MetadataTransformer(entries: label.pairs, specs: specs)
            steps.append(TransformerStep(kind: "LabelTransformer", apply: transformer.apply))
        }
        let common = MetadataTransformer(entries: file.commonLabels, specs: configuration.commonLabels)
        steps.append(TransformerStep(kind: "LabelTransformer", apply: common.apply))
        return steps
    }

    // MARK: Patches

    private func strategicMerges() throws -> [TransformerStep] {
        guard !file.patchesStrategicMerge.isEmpty else { return [] }
        var patches: [Resource] = []
        for text in file.patchesStrategicMerge { patches += try PatchReader.strategic(text, file, folder.loader) }
        guard !patches.isEmpty else {
            throw file.diagnostic("the patches are empty", at: "/patchesStrategicMerge")
        }
        for index in patches.indices { patches[index].makeMetadataTexts() }
        let all = patches
        let patcher = StrategicPatcher(schema: schema)
        return [
            TransformerStep(kind: "PatchStrategicMergeTransformer") { map in
                for patch in all {
                    _ = try patcher.apply(patch, toItsTargetIn: &map)
                    map.removeDeleted()
                }
            }
        ]
    }

    private func patches() throws -> [TransformerStep] {
        let file = self.file
        return try file.patches.map { field in
            let patch = try PatchReader.patch(field, file.path, folder.loader, schema: schema) { file.position($0) }
            return TransformerStep(kind: "PatchTransformer", apply: patch.apply)
        }
    }

    private func jsonPatches() throws -> [TransformerStep] {
        let file = self.file
        return try file.patchesJSON6902.map { field in
            let patch = try PatchReader.operations(field, file.path, folder.loader) { file.position($0) }
            return TransformerStep(kind: "PatchJson6902Transformer", apply: patch.apply)
        }
    }
}
