package import Manifests

/// Renders an environment folder by what stands in it.
package enum EnvironmentRenderer {
    /// The desired objects of a folder.
    /// - Throws: `Diagnostic` or `Diagnostics` with file and line; a folder that is missing is an error that names the
    ///   folders beside it, never an empty result.
    package static func render(tree: any FileTree, folder: String) async throws -> RenderedEnvironment {
        let resolved = try existingFolder(folder, in: tree)
        return try await PlainYAMLRenderer(tree: tree, folder: resolved).render()
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
