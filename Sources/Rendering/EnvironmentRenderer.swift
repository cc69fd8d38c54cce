package import Manifests

/// Renders an environment folder by what stands in it.
package enum EnvironmentRenderer {
    /// The desired objects of a folder: of its chart where it is one; of its kustomization where it has one; of the
    /// kustomization that Flux would generate where only folders below it have some; else of all YAML and JSON in it. The
    /// objects of the charts that the options name come after them.
    /// - Throws: `Diagnostic` or `Diagnostics` with file and line; a folder that is missing is an error that names the
    ///   folders beside it, never an empty result.
    package static func render(
        tree: any FileTree, folder: String, options: KustomizeOptions = KustomizeOptions(), charts: ChartOptions = ChartOptions()
    ) async throws -> RenderedEnvironment {
        let tree = IndexedTree(tree)
        var rendered = RenderedEnvironment(manifests: [])
        let isLeftOut = charts.isFolderOptional && !charts.releases.isEmpty
        let isThere = try isFolder(folder, in: tree)
        if isThere || !isLeftOut {
            rendered = try await renderFolder(tree: tree, folder: folder, options: options, charts: charts)
        }
        guard !charts.releases.isEmpty else { return rendered }
        let renderer = ChartRenderer(tree: tree, options: charts)
        for release in charts.releases {
            let objects = try await renderer.render(release)
            rendered.manifests += objects.manifests
            rendered.warnings += objects.warnings
            rendered.lookups += objects.lookups
        }
        let duplicates = DuplicateCheck.faults(in: rendered.manifests)
        if !duplicates.isEmpty { throw Diagnostics(duplicates) }
        return rendered
    }

    /// Whether the folder holds a chart, or the releases name any: what the target can do matters then.
    package static func hasCharts(tree: any FileTree, folder: String, charts: ChartOptions) throws -> Bool {
        if !charts.releases.isEmpty { return true }
        guard let resolved = try tree.resolve(folder) else { return false }
        return try isChart(resolved, in: tree)
    }

    private static func renderFolder(
        tree: IndexedTree, folder: String, options: KustomizeOptions, charts: ChartOptions
    ) async throws -> RenderedEnvironment {
        let resolved = try existingFolder(folder, in: tree)
        var options = options
        switch try kind(of: resolved, in: tree) {
        case .chart:
            let name = charts.folderRelease ?? (resolved.isEmpty ? "release-name" : TreePath.name(resolved))
            let release = ChartRelease(location: .path(resolved), name: name, namespace: charts.namespace)
            return try await ChartRenderer(tree: tree, options: charts).render(release)
        case .plain: return try await PlainYAMLRenderer(tree: tree, folder: resolved).render()
        case .kustomization: break
        case .generated:
            options.generatesKustomization = true
            // Flux lets kustomizations read all of the source.
            options.loadRestrictor = .none
        }
        let built = try await KustomizeBuild.build(tree: tree, folder: resolved, options: options)
        return RenderedEnvironment(manifests: built.manifests, warnings: built.warnings)
    }

    private enum Kind {
        case chart
        case plain
        case kustomization
        case generated
    }

    private static func isChart(_ folder: String, in tree: any FileTree) throws -> Bool {
        guard let file = try tree.resolve(TreePath.child(folder, "Chart.yaml")) else { return false }
        return try tree.entry(at: file) == .file
    }

    private static func isFolder(_ folder: String, in tree: any FileTree) throws -> Bool {
        guard let resolved = try tree.resolve(folder) else { return false }
        return try tree.entry(at: resolved) == .folder
    }

    private static func kind(of folder: String, in tree: any FileTree) throws -> Kind {
        if try isChart(folder, in: tree) { return .chart }
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
