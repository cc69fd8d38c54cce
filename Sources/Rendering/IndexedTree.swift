import Manifests
import Synchronization

/// A tree that looks up each folder once: a build asks for the same folders over and over, and on disk every question is
/// a call of the operating system for each part of the path.
///
/// The first name that is asked for in a folder is looked up alone, and only a second one lists it: of the folders above a
/// repository one name each is wanted, whatever else stands in them. A build sees each name as it was when it first asked.
final class IndexedTree: FileTree {
    private let tree: any FileTree
    private let folders: Mutex<[String: Listing]>

    /// Linux's PATH_MAX.
    private static let pathBytesMax = 4096

    private enum Listing {
        /// One name has been looked up.
        case passed(name: String, FileTreeEntry?)
        case entries([String: FileTreeEntry])
        /// A folder that may be passed through but not listed: its entries are asked for one by one.
        case closed
    }

    init(_ tree: any FileTree) {
        self.tree = tree
        folders = Mutex([:])
    }

    func entry(at path: String) throws -> FileTreeEntry? {
        guard !path.isEmpty else { return .folder }
        // No file system takes such a path, and keeping its parts would cost more than asking.
        guard path.utf8.count <= Self.pathBytesMax else { return try tree.entry(at: path) }
        let folder = TreePath.parent(path)
        let name = TreePath.name(path)
        guard let known = folders.withLock({ $0[folder] }) else {
            let entry = try tree.entry(at: path)
            folders.withLock { if $0[folder] == nil { $0[folder] = .passed(name: name, entry) } }
            return entry
        }
        switch known {
        case .passed(let passed, let entry):
            if passed == name { return entry }
            let listing = try list(folder, keeping: passed, entry)
            folders.withLock { $0[folder] = listing }
            if case .entries(let entries) = listing { return entries[name] }
            return try tree.entry(at: path)
        case .entries(let entries): return entries[name]
        case .closed: return try tree.entry(at: path)
        }
    }

    func list(_ folder: String) throws -> [FileTreeItem] { try tree.list(folder) }

    func read(_ path: String) throws -> [UInt8] { try tree.read(path) }

    /// - Parameters:
    ///   - name: What was looked up before, and stays as it was found.
    private func list(_ folder: String, keeping name: String, _ entry: FileTreeEntry?) throws -> Listing {
        guard try folder.isEmpty || self.entry(at: folder) == .folder else { return .entries([:]) }
        guard let items = try? tree.list(folder) else { return .closed }
        var entries: [String: FileTreeEntry] = [:]
        entries.reserveCapacity(items.count)
        for item in items { entries[item.name] = item.entry }
        entries[name] = entry
        return .entries(entries)
    }
}
