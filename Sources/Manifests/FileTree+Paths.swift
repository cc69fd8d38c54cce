/// Paths within a `FileTree`.
package enum TreePath {
    /// Joins a relative path to a folder and takes `.` and `..` out; `nil` when it leads above the root or is absolute.
    package static func join(_ folder: String, _ relative: String) -> String? {
        guard !relative.hasPrefix("/") else { return nil }
        // Nothing to take out, as with most paths that people write.
        if isNormal(relative), folder.isEmpty || isNormal(folder) { return child(folder, relative) }
        var components = folder.isEmpty ? [] : folder.split(separator: "/")
        for component in relative.split(separator: "/") {
            switch component {
            case ".": continue
            case "..":
                guard !components.isEmpty else { return nil }
                components.removeLast()
            default: components.append(component)
            }
        }
        var path = ""
        for component in components { path = child(path, String(component)) }
        return path
    }

    /// The path of a name in a folder.
    package static func child(_ folder: String, _ name: String) -> String {
        folder.isEmpty ? name : "\(folder)/\(name)"
    }

    /// The folder that a path stands in; the root's is the root.
    package static func parent(_ path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
        return String(path[..<slash])
    }

    /// The last component.
    package static func name(_ path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(path[path.utf8.index(after: slash)...])
    }

    /// Whether a path is written as a tree's paths are: no empty component, no `.` and no `..`.
    package static func isNormal(_ path: String) -> Bool {
        var length = 0
        var isDotsOnly = true
        for byte in path.utf8 {
            if byte == UInt8(ascii: "/") {
                guard length > 0, !(isDotsOnly && length <= 2) else { return false }
                length = 0
                isDotsOnly = true
            } else {
                length += 1
                if byte != UInt8(ascii: ".") { isDotsOnly = false }
            }
        }
        return length > 0 && !(isDotsOnly && length <= 2)
    }
}

extension FileTree {
    /// How many links one path may lead through.
    private static var linksMax: Int { 40 }

    /// The path with every symbolic link on it followed; `nil` when nothing is there.
    /// - Throws: `Diagnostic` when a link leads out of the tree or the links go round in a circle.
    package func resolve(_ path: String) throws -> String? {
        // A tree follows no links by itself: what it has under the path has no link on the way.
        if TreePath.isNormal(path), let entry = try entry(at: path), entry == .file || entry == .folder { return path }
        var pending = path.split(separator: "/").map(String.init)[...]
        var resolved = ""
        var links = 0
        while let component = pending.popFirst() {
            if component == "." { continue }
            if component == ".." {
                guard !resolved.isEmpty else {
                    throw Diagnostic("a symbolic link leads out of the repository", at: SourcePosition(file: path))
                }
                resolved = TreePath.parent(resolved)
                continue
            }
            let next = resolved.isEmpty ? component : "\(resolved)/\(component)"
            switch try entry(at: next) {
            case nil: return nil
            case .file, .folder: resolved = next
            case .link(let target):
                links += 1
                guard links <= Self.linksMax else {
                    throw Diagnostic("symbolic links go round in a circle", at: SourcePosition(file: path))
                }
                guard !target.hasPrefix("/") else {
                    throw Diagnostic(
                        "the symbolic link '\(next)' leads out of the repository, to '\(target)'", at: SourcePosition(file: path))
                }
                pending = (target.split(separator: "/").map(String.init) + pending)[...]
            }
        }
        return resolved
    }
}
