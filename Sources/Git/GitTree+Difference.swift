internal import Manifests

extension GitTree {
    /// The paths that are not the same in another tree: files and folders, those that are gone too, and the folders above them.
    /// Folders that are the same are not entered.
    package func changedPaths(since old: GitTree) throws -> Set<String> {
        var changed: Set<String> = []
        var pending = [""]
        while let folder = pending.popLast() {
            var ids: [String: (old: String?, new: String?)] = [:]
            for (tree, isNew) in [(old, false), (self, true)] {
                guard try tree.entry(at: folder) == .folder, let items = try? tree.list(folder) else { continue }
                for item in items {
                    let path = TreePath.child(folder, item.name)
                    let id = try tree.objectID(at: path)
                    if isNew { ids[path, default: (nil, nil)].new = id } else { ids[path, default: (nil, nil)].old = id }
                }
            }
            for (path, pair) in ids where pair.old != pair.new {
                changed.insert(path)
                // A submodule cannot be entered, and its id says all.
                let isFolder = try [old, self].contains { try $0.entry(at: path) == .folder }
                if isFolder { pending.append(path) }
            }
        }
        return changed
    }
}
