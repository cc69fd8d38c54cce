package import Manifests

/// Builds a kustomization as `kustomize build` does (kustomize 5.8, api 0.21).
package enum KustomizeBuild {
    /// Builds the kustomization in a folder.
    ///
    /// Folders that several overlays share are read and built once; those that do not depend on each other are built side
    /// by side. The result never depends on timing.
    /// - Throws: `Diagnostic` with the file and line of the field at fault.
    package static func build(tree: any FileTree, folder: String, options: KustomizeOptions) async throws -> KustomizeResult {
        try await build(tree: IndexedTree(tree), folder: folder, options: options)
    }

    static func build(tree: IndexedTree, folder: String, options: KustomizeOptions) async throws -> KustomizeResult {
        let graph = try await KustomizationGraph.read(tree: tree, folder: folder, options: options)
        let file = try graph.folder(graph.root).file
        let (schema, isBuiltIn) = try MergeSchemaChoice.choice(graph)
        // What is merged by a schema of the root's own is nobody else's.
        var builder = Builder(graph: consume graph, schema: schema, sharing: isBuiltIn ? options.sharing : nil)
        var built = try await builder.build()
        let warnings = (consume builder).warnings
        built.map.removeDeleted()
        NameHash.apply(to: &built.map)
        try await ReferenceFixing.run(&built.map, built.configuration.nameReference)
        try Variables.resolve(built.variables, specs: built.configuration.variableReference, in: &built.map)
        if built.map.resources.contains(where: isLocal) { built.map.replaceAll(built.map.resources.filter { !isLocal($0) }) }
        try sort(&built.map, file, options.order)
        return KustomizeResult(manifests: manifests((consume built).map.resources, metadata: file.buildMetadata), warnings: warnings)
    }

    /// One YAML stream of a build's objects.
    /// - Throws: `Diagnostic` when an object holds a number that JSON cannot say (`.inf`, `.nan`).
    package static func yaml(_ manifests: [Manifest]) throws(Diagnostic) -> [UInt8] {
        var text: [UInt8] = []
        try write(manifests) { text += $0 }
        return text
    }

    /// Writes the YAML stream of a build's objects piece by piece; nothing at all when one of them cannot be written.
    /// - Throws: `Diagnostic` when an object holds a number that JSON cannot say (`.inf`, `.nan`).
    package static func write(_ manifests: [Manifest], to output: ([UInt8]) -> Void) throws(Diagnostic) {
        for manifest in manifests where manifest.value.hasNonFiniteNumber {
            throw Diagnostic(
                "the object holds a number that is not finite", at: manifest.source, object: manifest.reference.id,
                advice: "put it into quotes if it is meant as text")
        }
        var emitter = YAMLEmitter(capacity: pieceBytes + pieceBytes / 4)
        for manifest in manifests {
            emitter.separator()
            emitter.document(manifest.value)
            if emitter.bytes.count >= pieceBytes { emitter.flush(output) }
        }
        emitter.flush(output)
    }

    /// How much is written at a time.
    private static let pieceBytes = 32 << 10

    /// Objects for tools alone are not printed.
    private static func isLocal(_ resource: Resource) -> Bool {
        guard let text = resource.annotation("config.kubernetes.io/local-config") else { return false }
        return text != "false"
    }

    private static func sort(_ map: inout ResourceMap, _ file: KustomizationFile, _ order: KustomizeOptions.Order) throws {
        guard let field = file.sortOptions else {
            if order == .legacy { SortOrder.legacy(&map) }
            return
        }
        switch field.order {
        case "fifo":
            guard !field.hasLegacyOptions else {
                throw file.diagnostic("legacySortOptions are set, and the order is 'fifo'", at: field.pointer)
            }
        case "legacy":
            SortOrder.legacy(
                &map, first: field.hasLegacyOptions ? field.first ?? [] : SortOrder.firstByDefault,
                last: field.hasLegacyOptions ? field.last ?? [] : SortOrder.lastByDefault)
        default:
            throw file.diagnostic(
                "'\(field.order)' is no order", at: field.pointer, advice: "sortOptions.order is 'legacy' or 'fifo'")
        }
    }

    private static func manifests(_ resources: [Resource], metadata: [String]) -> [Manifest] {
        let hasOrigins = metadata.contains("originAnnotations")
        let hasTransformations = metadata.contains("transformerAnnotations")
        let hasLabel = metadata.contains("managedByLabel")
        return resources.map { resource in
            var resource = resource
            if hasLabel { resource.addManagedByLabel() }
            resource.finishAnnotations(origins: hasOrigins, transformations: hasTransformations)
            return Manifest(value: resource.value, source: resource.source)
        }
    }
}

extension Resource {
    fileprivate mutating func addManagedByLabel() {
        let entry = (key: "app.kubernetes.io/managed-by", value: "kustomize-v5.8.1")
        guard case .object(var labels)? = value["metadata"]?["labels"] else {
            return setMetadata("labels", .object([entry.key: .string(entry.value)]))
        }
        labels[entry.key] = .string(entry.value)
        setMetadata("labels", .object(labels))
    }

    /// Takes out what kustomize keeps for itself, and writes the origin where it is asked for. Annotations become texts
    /// by it, and an empty mapping of annotations goes.
    fileprivate mutating func finishAnnotations(origins: Bool, transformations: Bool) {
        let annotations = value["metadata"]?["annotations"]
        let hasOrigin = origins && origin != nil
        let hasTransformations = transformations && !self.transformations.isEmpty
        if let annotations, !hasOrigin, !hasTransformations, Self.isPlain(annotations) { return }
        guard annotations != nil || hasOrigin || hasTransformations else { return }
        var entries = metadataMap("annotations").filter { entry in
            !BuildAnnotations.all.contains(entry.key) && entry.key != Origin.annotation
                && entry.key != Origin.transformationsAnnotation
        }
        if hasOrigin, let origin { entries.append((Origin.annotation, origin.text())) }
        if hasTransformations { entries.append((Origin.transformationsAnnotation, Origin.text(self.transformations))) }
        setMetadataMap("annotations", entries)
    }

    /// Whether annotations are texts alone and none of kustomize's own.
    private static func isPlain(_ annotations: Value) -> Bool {
        guard case .object(let object) = annotations, !object.isEmpty else { return false }
        return object.members.allSatisfy { member in
            guard case .string = member.value else { return false }
            return !BuildAnnotations.all.contains(member.key) && member.key != Origin.annotation
                && member.key != Origin.transformationsAnnotation
        }
    }
}
