/// A read-only tree of files: a commit's tree, a folder on disk, memory. All that rendering reads goes through it.
///
/// Paths are relative to the tree's root, with `/` between components, no leading or trailing `/`, no `.` or `..`;
/// the root is the empty path. Nothing outside the root can be named, whatever links or `..` a repository holds.
package protocol FileTree: Sendable {
    /// What stands at a path, links not followed; `nil` when there is nothing.
    func entry(at path: String) throws -> FileTreeEntry?
    /// The names in a folder with what they are, links not followed, sorted by the bytes of the name.
    func list(_ folder: String) throws -> [FileTreeItem]
    /// The bytes of a file.
    func read(_ path: String) throws -> [UInt8]
}

/// What stands at a path of a tree.
package enum FileTreeEntry: Hashable, Sendable {
    case file
    case folder
    /// A symbolic link and the text that it holds.
    case link(target: String)
}

/// A name in a folder.
package struct FileTreeItem: Hashable, Sendable {
    package var name: String
    package var entry: FileTreeEntry

    package init(name: String, entry: FileTreeEntry) {
        self.name = name
        self.entry = entry
    }
}
