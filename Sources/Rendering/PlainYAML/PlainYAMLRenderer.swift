package import Manifests

/// Renders a folder of plain YAML and JSON: every `.yaml`, `.yml` and `.json` below it, in the order of paths.
///
/// Files and folders whose names begin with a dot are passed over, as Flux and kubectl's users expect of `.github`,
/// `.sops.yaml` and the like. Symbolic links are followed within the tree.
package struct PlainYAMLRenderer: Sendable {
    private let tree: any FileTree
    private let folder: String

    package init(tree: any FileTree, folder: String) {
        self.tree = tree
        self.folder = folder
    }

    /// How deep folders may nest, links included: a link to a folder above it would go on for ever.
    static let depthMax = 64

    package func render() async throws -> RenderedEnvironment {
        var files: [(shown: String, read: String)] = []
        try collect(folder, shownAs: folder, depth: 0, into: &files)
        let manifests = try await read(files)
        // plumb's own configuration may stand at the root of a repository that is one environment.
        let objects = manifests.filter { !($0.apiVersion.hasPrefix("plumb.dev/") && $0.kind == "Configuration") }
        let duplicates = DuplicateCheck.faults(in: objects)
        if !duplicates.isEmpty { throw Diagnostics(duplicates) }
        return RenderedEnvironment(manifests: objects)
    }

    private func collect(_ folder: String, shownAs shown: String, depth: Int, into files: inout [(shown: String, read: String)]) throws {
        guard depth < Self.depthMax else {
            throw Diagnostic("folders nest deeper than \(Self.depthMax) levels", at: SourcePosition(file: shown))
        }
        for item in try tree.list(folder) where !item.name.hasPrefix(".") {
            let path = TreePath.child(folder, item.name)
            let shownPath = TreePath.child(shown, item.name)
            switch item.entry {
            case .file:
                if Self.isManifestFile(item.name) { files.append((shownPath, path)) }
            case .folder:
                try collect(path, shownAs: shownPath, depth: depth + 1, into: &files)
            case .link:
                try collectLink(path, name: item.name, shownAs: shownPath, depth: depth, into: &files)
            }
        }
    }

    private func collectLink(
        _ path: String, name: String, shownAs shown: String, depth: Int, into files: inout [(shown: String, read: String)]
    ) throws {
        guard let resolved = try tree.resolve(path) else {
            if Self.isManifestFile(name) {
                throw Diagnostic("this symbolic link points to nothing", at: SourcePosition(file: shown))
            }
            return
        }
        switch try tree.entry(at: resolved) {
        case .file: if Self.isManifestFile(name) { files.append((shown, resolved)) }
        case .folder: try collect(resolved, shownAs: shown, depth: depth + 1, into: &files)
        case .link, nil: return
        }
    }

    private static func isManifestFile(_ name: String) -> Bool {
        name.hasSuffix(".yaml") || name.hasSuffix(".yml") || name.hasSuffix(".json")
    }

    /// Reads the files side by side; the result stands in the order of the files, faults of all files are reported together.
    private func read(_ files: [(shown: String, read: String)]) async throws -> [Manifest] {
        let size = max(1, min(64, files.count / 8))
        let chunks = stride(from: 0, to: files.count, by: size).map { files[$0..<min($0 + size, files.count)] }
        let results = try await BoundedTasks.map(chunks, limit: BoundedTasks.processors) { [tree] chunk in
            chunk.map { file in Result { try ManifestReader.manifests(in: tree.read(file.read), file: file.shown) } }
        }
        return try ResultCollection.values(results.flatMap { $0 }).flatMap { $0 }
    }
}
