import Manifests

/// Which schema a build merges by: the one that the `openapi` field names, or the built-in one.
enum MergeSchemaChoice {
    /// The versions of Kubernetes whose schema kustomize has built in.
    private static let versions = ["v1.21.2"]

    /// The schema, and whether it is the built-in one.
    static func choice(_ graph: KustomizationGraph) throws -> (schema: MergeSchema, isBuiltIn: Bool) {
        // The first kustomization that names a schema decides for the whole build, the root before all.
        var pending = [graph.root]
        var seen: Set<KustomizationGraph.Key> = []
        while let key = pending.popLast() {
            guard seen.insert(key).inserted, case .success(let folder)? = graph.folders[key] else { continue }
            if let schema = try schema(folder) {
                // Below the root the built-in schema is in use already when the field is read, and is added to.
                return (key == graph.root ? schema : MergeSchema.builtIn.overridden(by: schema), false)
            }
            pending.append(contentsOf: folder.folders.map(\.key).reversed())
        }
        return (.builtIn, true)
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
