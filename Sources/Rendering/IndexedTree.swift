import Manifests
import Synchronization

/// A tree that looks up each folder once: a build asks for the same folders over and over, and on disk every question is
/// a call of the operating system for each part of the path.
///
/// A build sees each folder as it was when it first asked for it.
final class IndexedTree: FileTree {
    private let tree: any FileTree
    private let folders: Mutex<[String: Listing]>

    /// Linux's PATH_MAX.
    private static let pathBytesMax = 4096

    private enum Listing {
        case entries([String: FileTreeEntry])
        case none
        /// A folder that may be passed through but not listed: its entries are asked for one by one.
        case closed
    }

    init(_ tree: any FileTree) {
        self.tree = tree
        folders = Mutex([:])
    }

    func entry(at path: String) throws -> FileTreeEntry? {
        guard !path.isEmpty else { return .folder }
        // Looking up goes from folder to folder above: not for a path that no file system would take.
        guard path.utf8.count <= Self.pathBytesMax else { return try tree.entry(at: path) }
        switch try listing(of: TreePath.parent(path)) {
        case .entries(let entries): return entries[TreePath.name(path)]
        case .none: return nil
        case .closed: return try tree.entry(at: path)
        }
    }

    func list(_ folder: String) throws -> [FileTreeItem] { try tree.list(folder) }

    func read(_ path: String) throws -> [UInt8] { try tree.read(path) }

    private func listing(of folder: String) throws -> Listing {
        if let known = folders.withLock({ $0[folder] }) { return known }
        let listing = try look(folder)
        folders.withLock { $0[folder] = listing }
        return listing
    }

    private func look(_ folder: String) throws -> Listing {
        guard try entry(at: folder) == .folder else { return .none }
        guard let items = try? tree.list(folder) else { return .closed }
        var entries: [String: FileTreeEntry] = [:]
        entries.reserveCapacity(items.count)
        for item in items { entries[item.name] = item.entry }
        return .entries(entries)
    }
}
