internal import Manifests

/// Sends a chart's objects through a kustomization, as Helm's post-renderers do.
struct PostRenderer {
    let tree: any FileTree
    /// The kustomization's fields; its resources are the chart's objects.
    let fields: Object

    /// The file that the objects stand in for the kustomization. Each has a line of its own, by which its origin is found again.
    private static let objectsFile = ".plumb-chart-objects.yaml"

    /// - Throws: `Diagnostic` when the kustomization cannot be built.
    func process(_ manifests: [Manifest]) async throws -> KustomizeResult {
        var text: [UInt8] = []
        for manifest in manifests {
            text += Array("--- ".utf8) + JSONWriter.compact(manifest.value)
            text.append(0x0A)
        }
        var kustomization = fields
        kustomization["resources"] = .array([.string(Self.objectsFile)] + (fields["resources"]?.array ?? []))
        var built = try await KustomizeBuild.build(
            tree: OverlaidTree(
                base: tree,
                files: [Self.objectsFile: text, "kustomization.yaml": JSONWriter.compact(.object(kustomization))],
                hidden: ["kustomization.yml", "Kustomization"]),
            folder: "", options: KustomizeOptions())
        for index in built.manifests.indices where built.manifests[index].source.file == Self.objectsFile {
            let line = built.manifests[index].source.line
            guard line >= 1, line <= manifests.count else { continue }
            let original = manifests[line - 1]
            built.manifests[index].source = original.source
            built.manifests[index].chart = original.chart
            built.manifests[index].defaultNamespace = original.defaultNamespace
        }
        return built
    }
}

/// A tree with some files of its root replaced.
private struct OverlaidTree: FileTree {
    let base: any FileTree
    let files: [String: [UInt8]]
    let hidden: Set<String>

    func entry(at path: String) throws -> FileTreeEntry? {
        if files[path] != nil { return .file }
        return hidden.contains(path) ? nil : try base.entry(at: path)
    }

    func list(_ folder: String) throws -> [FileTreeItem] {
        let items = try base.list(folder)
        guard folder.isEmpty else { return items }
        let own = files.keys.map { FileTreeItem(name: $0, entry: .file) }
        return (items.filter { files[$0.name] == nil && !hidden.contains($0.name) } + own).sorted { UTF8Order.isLess($0.name, $1.name) }
    }

    func read(_ path: String) throws -> [UInt8] { try files[path] ?? base.read(path) }
}
