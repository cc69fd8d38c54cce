import CLibgit2
package import Manifests
import Synchronization

/// The files of a commit, read straight out of the object database. Nothing is checked out; links are not followed.
///
/// May be used from several tasks at once. Parsed folders are kept, so that a path costs one look-up per component once
/// its folders are known. A submodule shows as a folder that cannot be listed: its files belong to another repository.
package final class GitTree: FileTree {
    /// No manifest, chart or values file comes near it, and a small packed object can unpack to any size.
    static let fileBytesMax = 256 << 20

    private let repository: GitRepository
    private let root: ObjectID
    /// Parsed folders by path.
    private let folders: Mutex<[String: TreeListing]>

    init(repository: GitRepository, root: ObjectID) {
        self.repository = repository
        self.root = root
        folders = Mutex([:])
    }

    package func entry(at path: String) throws -> FileTreeEntry? {
        guard !path.isEmpty else { return .folder }
        guard let found = try find(path) else { return nil }
        return try entry(found, at: path)
    }

    package func list(_ folder: String) throws -> [FileTreeItem] {
        guard let listing = try listing(of: folder) else {
            throw Diagnostic("no such folder in this commit", at: SourcePosition(file: folder))
        }
        return try listing.entries.map { found in
            FileTreeItem(name: found.name, entry: try entry(found, at: folder.isEmpty ? found.name : "\(folder)/\(found.name)"))
        }
    }

    package func read(_ path: String) throws -> [UInt8] {
        let place = SourcePosition(file: path)
        guard let found = try find(path) else { throw Diagnostic("no such file in this commit", at: place) }
        switch found.kind {
        case .file: break
        case .folder: throw Diagnostic("is a folder, not a file", at: place)
        case .link: throw Diagnostic("is a symbolic link, not a file", at: place)
        case .submodule: throw Self.submodule(place)
        }
        let bytes = try blob(found.id, place)
        if bytes.count < 1024, bytes.starts(with: Self.lfsMark) {
            throw Diagnostic(
                "is kept in Git LFS, of which the commit holds a pointer only", at: place,
                advice: "keep files that are rendered in Git itself")
        }
        return bytes
    }

    /// The id of the blob or tree at a path: equal ids mean equal content. `nil` when nothing is there.
    package func objectID(at path: String) throws -> String? {
        path.isEmpty ? root.hex : try find(path)?.id.hex
    }

    private static let lfsMark = Array("version https://git-lfs.github.com/spec/".utf8)

    private static func submodule(_ place: SourcePosition) -> Diagnostic {
        Diagnostic(
            "is a submodule, whose files are in another repository", at: place,
            advice: "keep the files in this repository, or plan that repository by itself")
    }

    private func entry(_ found: TreeListing.Entry, at path: String) throws -> FileTreeEntry {
        switch found.kind {
        case .file: .file
        case .folder, .submodule: .folder
        case .link: .link(target: String(decoding: try blob(found.id, SourcePosition(file: path)), as: UTF8.self))
        }
    }

    private func blob(_ id: ObjectID, _ place: SourcePosition) throws(Diagnostic) -> [UInt8] {
        try repository.read(place) { handle throws(Libgit2Error) in
            let size = try handle.size(of: id, on: place.file)
            guard size <= Self.fileBytesMax else { return .failure(Diagnostic("is larger than \(Self.fileBytesMax >> 20) MiB", at: place)) }
            return .success(try handle.withObject(id, on: place.file) { _, bytes in Array(bytes) })
        }
    }

    private func find(_ path: String) throws(Diagnostic) -> TreeListing.Entry? {
        let bytes = path.utf8
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return try listing(of: "")?[path[...].utf8] }
        let name = path[path.index(after: slash)...].utf8
        return try listing(of: String(path[..<slash]))?[name]
    }

    /// The folder's entries; `nil` when there is no folder at the path.
    private func listing(of folder: String) throws(Diagnostic) -> TreeListing? {
        if let known = folders.withLock({ $0[folder] }) { return known }
        guard !folder.isEmpty else { return try load(root, at: "") }
        // From the deepest known folder downwards. A loop: a path may have any number of components.
        var listing = try self.listing(of: "")
        var end = folder.startIndex
        while true {
            let start = end
            end = folder[start...].utf8.firstIndex(of: UInt8(ascii: "/")) ?? folder.endIndex
            guard let entry = listing?[folder[start..<end].utf8] else { return nil }
            let path = String(folder[..<end])
            switch entry.kind {
            case .folder:
                if let known = folders.withLock({ $0[path] }) { listing = known } else { listing = try load(entry.id, at: path) }
            case .submodule: throw Self.submodule(SourcePosition(file: path))
            case .file, .link: return nil
            }
            guard end < folder.endIndex else { return listing }
            end = folder.utf8.index(after: end)
        }
    }

    private func load(_ id: ObjectID, at folder: String) throws(Diagnostic) -> TreeListing {
        let place = SourcePosition(file: folder)
        let listing = try repository.read(place) { handle throws(Libgit2Error) -> Result<TreeListing, Diagnostic> in
            let parsed = try handle.withObject(id, on: folder) { type, bytes in type == GIT_OBJECT_TREE ? TreeListing(bytes) : nil }
            return parsed.map { .success($0) } ?? .failure(Diagnostic("the folder's tree object \(id.hex) is damaged", at: place))
        }
        folders.withLock { $0[folder] = listing }
        return listing
    }
}
