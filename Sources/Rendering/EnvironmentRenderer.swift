package import Manifests

/// Renders an environment folder by what stands in it.
package enum EnvironmentRenderer {
    /// The desired objects of a folder: of its kustomization where it has one; of the kustomization that Flux would generate
    /// where only folders below it have some; else of all YAML and JSON in it.
    /// - Throws: `Diagnostic` or `Diagnostics` with file and line; a folder that is missing is an error that names the
    ///   folders beside it, never an empty result.
    package static func render(
        tree: any FileTree, folder: String, options: KustomizeOptions = KustomizeOptions()
    ) async throws -> RenderedEnvironment {
        let resolved = try existingFolder(folder, in: tree)
        var options = options
        switch try kind(of: resolved, in: tree) {
        case .plain: return try await PlainYAMLRenderer(tree: tree, folder: resolved).render()
        case .kustomization: break
        case .generated: options.generatesKustomization = true
        }
        let built = try await KustomizeBuild.build(tree: tree, folder: resolved, options: options)
        return RenderedEnvironment(manifests: built.manifests, warnings: built.warnings)
    }

    private enum Kind {
        case plain
        case kustomization
        case generated
    }

    private static func kind(of folder: String, in tree: any FileTree) throws -> Kind {
        if try hasKustomization(folder, in: tree) { return .kustomization }
        return try hasKustomizationBelow(folder, in: tree, depth: 0) ? .generated : .plain
    }

    private static func hasKustomization(_ folder: String, in tree: any FileTree) throws -> Bool {
        for name in KustomizationFile.names {
            guard let file = try tree.resolve(TreePath.child(folder, name)) else { continue }
            if try tree.entry(at: file) == .file { return true }
        }
        return false
    }

    private static func hasKustomizationBelow(_ folder: String, in tree: any FileTree, depth: Int) throws -> Bool {
        guard depth < PlainYAMLRenderer.depthMax else { return false }
        for item in try tree.list(folder) where item.entry == .folder && !item.name.hasPrefix(".") {
            let path = TreePath.child(folder, item.name)
            if try hasKustomization(path, in: tree) || hasKustomizationBelow(path, in: tree, depth: depth + 1) { return true }
        }
        return false
    }

    private static func existingFolder(_ folder: String, in tree: any FileTree) throws -> String {
        guard let resolved = try tree.resolve(folder) else {
            let parent = TreePath.parent(folder)
            var advice = "check the environment's path and the revision"
            if let items = try? tree.list(parent) {
                let folders = items.filter { $0.entry == .folder }.map { TreePath.child(parent, $0.name) }
                if let near = NearMatch.candidates(for: folder, among: folders).first {
                    advice = "did you mean '\(near)'?"
                } else if !folders.isEmpty, !parent.isEmpty {
                    advice = "'\(parent)' has \(folders.prefix(10).map { "'\(TreePath.name($0))'" }.joined(separator: ", "))"
                }
            }
            throw Diagnostic("there is no such folder", at: SourcePosition(file: folder), advice: advice)
        }
        guard try tree.entry(at: resolved) == .folder else {
            throw Diagnostic("this is a file; an environment is a folder", at: SourcePosition(file: folder))
        }
        return resolved
    }
}
