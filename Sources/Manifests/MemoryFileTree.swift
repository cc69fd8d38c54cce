/// A tree of files in memory: for tests, and for what was unpacked from an archive.
package struct MemoryFileTree: FileTree {
    private var files: [String: [UInt8]] = [:]
    private var links: [String: String] = [:]
    private var folders: [String: Set<String>] = ["": []]

    package init(_ files: [String: String] = [:]) {
        for (path, text) in files { add(Array(text.utf8), at: path) }
    }

    package mutating func add(_ bytes: [UInt8], at path: String) {
        files[path] = bytes
        addName(path)
    }

    package mutating func addLink(to target: String, at path: String) {
        links[path] = target
        addName(path)
    }

    private mutating func addName(_ path: String) {
        guard !path.isEmpty else { return }
        let parent = TreePath.parent(path)
        let isNew = folders[parent] == nil
        folders[parent, default: []].insert(TreePath.name(path))
        if isNew { addName(parent) }
    }

    package func entry(at path: String) -> FileTreeEntry? {
        if folders[path] != nil { return .folder }
        if let target = links[path] { return .link(target: target) }
        return files[path] == nil ? nil : .file
    }

    package func list(_ folder: String) throws -> [FileTreeItem] {
        guard let names = folders[folder] else { throw Diagnostic("no such folder", at: SourcePosition(file: folder)) }
        return names.sorted(by: UTF8Order.isLess).compactMap { name in
            entry(at: folder.isEmpty ? name : "\(folder)/\(name)").map { FileTreeItem(name: name, entry: $0) }
        }
    }

    package func read(_ path: String) throws -> [UInt8] {
        guard let bytes = files[path] else { throw Diagnostic("no such file", at: SourcePosition(file: path)) }
        return bytes
    }
}
