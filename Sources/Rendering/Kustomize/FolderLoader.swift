import Manifests

/// Reads the files that a kustomization names, within what it may read.
struct FolderLoader: Sendable {
    let tree: any FileTree
    /// The kustomization's folder, no link on its path.
    let root: String
    let restrictor: KustomizeOptions.LoadRestrictor
    /// What was fetched of the files that the kustomization names by URL.
    var remoteFiles: [String: Result<[UInt8], Diagnostic>] = [:]
    /// What was fetched of the charts that the kustomization lists, by the pointers of their entries.
    var charts: [String: Result<HelmChart, Diagnostic>] = [:]

    /// The bytes of a file, named relative to the kustomization or by URL.
    /// - Throws: `Diagnostic` without a place: who asks knows the field.
    func load(_ path: String) throws -> [UInt8] { try named(path).bytes }

    /// The bytes of a file, and what errors in it call it: its path in the tree or its URL.
    func named(_ path: String) throws -> (bytes: [UInt8], file: String) {
        if let fetched = remoteFiles[path] { return (try fetched.get(), RemoteBaseURL.redacted(path)) }
        let resolved = try resolve(path)
        return (try tree.read(resolved), resolved)
    }

    static let remoteAdvice =
        "allow it with --allow-remote-bases, or for an environment with 'allowRemoteBases: true' in plumb.yaml; or copy it into the repository"

    /// The path in the tree of a file that may be read.
    func resolve(_ path: String) throws -> String {
        let resolved = try locate(path)
        guard try tree.entry(at: resolved) == .file else { throw Diagnostic("'\(path)' is a folder, and a file is expected") }
        if restrictor == .rootOnly { try restrict(resolved, written: path) }
        return resolved
    }

    private func restrict(_ resolved: String, written path: String) throws {
        let folder = TreePath.parent(resolved)
        guard root.isEmpty || folder == root || folder.hasPrefix(root + "/") else {
            throw Diagnostic(
                "the file '\(path)' is not in or below the kustomization's folder '\(Self.named(root))'",
                advice: "move the file, make it a base of its own, or allow it with --load-restrictor LoadRestrictionsNone")
        }
    }

    /// The path in the tree of what a kustomization names, links followed.
    func locate(_ path: String) throws -> String {
        guard !path.isEmpty else { throw Diagnostic("a path is empty") }
        if path.hasPrefix("http://") || path.hasPrefix("https://") {
            throw Diagnostic("'\(RemoteBaseURL.redacted(path))' is a URL, and is not fetched", advice: Self.remoteAdvice)
        }
        guard !path.hasPrefix("/") else {
            throw Diagnostic("the path '\(path)' is absolute", advice: "write it relative to the kustomization")
        }
        guard let joined = TreePath.join(root, path) else {
            throw Diagnostic("the path '\(path)' leads out of the repository")
        }
        guard let resolved = try tree.resolve(joined) else { throw missing(path, joined) }
        return resolved
    }

    private func missing(_ path: String, _ joined: String) -> Diagnostic {
        var advice: String?
        let parent = TreePath.parent(joined)
        if let folder = try? tree.resolve(parent), let items = try? tree.list(folder) {
            let near = NearMatch.candidates(for: TreePath.name(joined), among: items.map(\.name))
            if let name = near.first {
                advice = "\(Self.named(parent)) has '\(name)'; correct the name or add the file"
            }
        }
        return Diagnostic("'\(path)' does not exist", advice: advice ?? "correct the name or add the file")
    }

    static func named(_ folder: String) -> String { folder.isEmpty ? "." : folder }
}
