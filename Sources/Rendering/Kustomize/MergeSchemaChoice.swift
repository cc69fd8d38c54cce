import Manifests

/// Which schema a build merges by: the one that the `openapi` field names, or the built-in one.
enum MergeSchemaChoice {
    /// The versions of Kubernetes whose schema kustomize has built in.
    private static let versions = ["v1.21.2"]

    /// The schema, and whether it is the built-in one.
    static func choice(_ graph: KustomizationGraph) throws -> (schema: MergeSchema, isBuiltIn: Bool) {
        let isNamed = graph.folders.values.contains { folder in
            if case .success(let folder) = folder { return !folder.file.openAPI.isEmpty }
            return false
        }
        guard isNamed else { return (.builtIn, true) }
        var search = Search(graph: graph)
        try search.visit(graph.root)
        guard let schema = search.schema else { return (.builtIn, true) }
        // What kustomize has parsed of the built-in schema by then stays.
        return (search.usesBuiltIn ? schema.overBuiltIn : schema, false)
    }

    /// The way of a build through its kustomizations up to the first one that names a schema, which decides for all.
    private struct Search {
        let graph: KustomizationGraph
        var schema: MergeSchema?
        /// Whether something on the way needed the built-in schema: a merge, or a kind that is not known to have a namespace.
        var usesBuiltIn = false
        private var seen: Set<KustomizationGraph.Key> = []

        init(graph: KustomizationGraph) { self.graph = graph }

        mutating func visit(_ key: KustomizationGraph.Key) throws {
            guard schema == nil, seen.insert(key).inserted, case .success(let folder)? = graph.folders[key] else { return }
            schema = try MergeSchemaChoice.schema(folder)
            for entry in folder.resources + folder.generators + folder.components + folder.transformers where schema == nil {
                switch entry {
                case .folder(let child): try visit(child)
                case .resources(let resources):
                    if resources.contains(where: { MergeSchema.builtIn.root($0.gvk) == nil }) { usesBuiltIn = true }
                case .fault: continue
                }
            }
            if schema == nil, MergeSchemaChoice.merges(folder) { usesBuiltIn = true }
        }
    }

    /// Whether a kustomization has patches that are merged.
    private static func merges(_ folder: KustomizationGraph.Folder) -> Bool {
        if !folder.file.patchesStrategicMerge.isEmpty { return true }
        return folder.file.patches.contains { field in
            let patch = try? PatchReader.patch(field, folder.file.path, folder.loader, schema: .builtIn) { folder.file.position($0) }
            guard case .strategic? = patch?.content else { return false }
            return true
        }
    }

    private static func schema(_ folder: KustomizationGraph.Folder) throws -> MergeSchema? {
        let field = folder.file.openAPI
        let version = field.first { $0.key == "version" }?.value
        guard let path = field.first(where: { $0.key == "path" })?.value else {
            guard let version, !version.isEmpty else { return nil }
            guard versions.contains(version) else {
                throw folder.file.diagnostic(
                    "the OpenAPI version '\(version)' is not built in", at: "/openapi/version",
                    advice: "built in is \(versions.joined(separator: ", ")); give another schema with openapi.path")
            }
            return .builtIn
        }
        guard version == nil else {
            throw folder.file.diagnostic("openapi has both a path and a version", at: "/openapi", advice: "remove one of them")
        }
        do {
            let (bytes, resolved) = try folder.loader.named(path)
            let documents = try YAMLLoader.load(
                bytes, file: resolved, options: .init(schema: .kubernetes, allowsDuplicateKeys: true))
            return MergeSchema(openAPI: documents.first?.value ?? .null)
        } catch let fault as Diagnostic {
            if let position = fault.position, position.line > 0 { throw fault }
            throw folder.file.diagnostic(fault.message, at: "/openapi/path", advice: fault.advice)
        }
    }
}
