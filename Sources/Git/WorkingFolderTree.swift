internal import CPathOpening
package import Manifests

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A folder on disk as it is now. Links are reported, never followed, so that nothing outside the folder can be reached.
///
/// Each component of a path is opened below the one before it with `O_NOFOLLOW`: a link that is put in place of a folder
/// meanwhile leads nowhere.
package struct WorkingFolderTree: FileTree {
    /// The absolute path of the folder.
    package let root: String
    private let folder: OpenFolder

    /// The folder, open for as long as a tree of it is in use: every look at a path begins there.
    private final class OpenFolder: Sendable {
        let descriptor: CInt

        init(_ descriptor: CInt) { self.descriptor = descriptor }

        deinit { close(descriptor) }
    }

    /// - Parameter root: the folder; links in its own path are followed.
    /// - Throws: `Diagnostic` when it is no folder or cannot be opened.
    package init(root: String) throws(Diagnostic) {
        let descriptor = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Diagnostic("cannot open the folder '\(root)': \(Self.reason(errno))") }
        folder = OpenFolder(descriptor)
        self.root = root
    }

    package func entry(at path: String) throws -> FileTreeEntry? {
        guard !path.isEmpty else { return .folder }
        guard let parent = try openFolder(TreePath.parent(path)) else { return nil }
        defer { close(parent) }
        return try entry(TreePath.name(path), in: parent, at: path)
    }

    package func list(_ folder: String) throws -> [FileTreeItem] {
        guard let descriptor = try openFolder(folder) else { throw Diagnostic("no such folder", at: SourcePosition(file: folder)) }
        guard let stream = fdopendir(descriptor) else {
            defer { close(descriptor) }
            throw Self.failure(folder)
        }
        defer { closedir(stream) }
        var items: [FileTreeItem] = []
        errno = 0
        while let record = readdir(stream) {
            // The bytes are taken from the record in place: a copy of the struct would cut a long name off.
            let name = withUnsafePointer(to: &record.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
            }
            if name != ".", name != "..", let entry = try entry(record, name, in: descriptor, folder) {
                items.append(FileTreeItem(name: name, entry: entry))
            }
            errno = 0
        }
        guard errno == 0 else { throw Self.failure(folder) }
        return items.sorted { UTF8Order.isLess($0.name, $1.name) }
    }

    package func read(_ path: String) throws -> [UInt8] {
        if TreePath.isNormal(path) {
            // In one step where that works; what stands in the way is told by the way in two steps.
            let descriptor = plumb_open_beneath(folder.descriptor, path, Self.readingFlags)
            if descriptor >= 0 { return try Self.contents(descriptor, path) }
        }
        let place = SourcePosition(file: path)
        guard let parent = try openFolder(TreePath.parent(path)), !path.isEmpty else { throw Diagnostic("no such file", at: place) }
        defer { close(parent) }
        let descriptor = openat(parent, TreePath.name(path), Self.readingFlags)
        guard descriptor >= 0 else {
            throw errno == ENOENT
                ? Diagnostic("no such file", at: place)
                : errno == ELOOP ? Diagnostic("is a symbolic link, not a file", at: place) : Self.failure(path)
        }
        return try Self.contents(descriptor, path)
    }

    // Without O_NONBLOCK a named pipe would wait for a writer.
    private static let readingFlags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK

    /// What an open file holds; closes it.
    private static func contents(_ descriptor: CInt, _ path: String) throws(Diagnostic) -> [UInt8] {
        defer { close(descriptor) }
        let place = SourcePosition(file: path)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Diagnostic("is no regular file", at: place) }
        guard status.st_size <= GitTree.fileBytesMax else {
            throw Diagnostic("is larger than \(GitTree.fileBytesMax >> 20) MiB", at: place)
        }
        return try readAll(descriptor, sizeHint: Int(status.st_size), path)
    }

    private static func readAll(_ descriptor: CInt, sizeHint: Int, _ path: String) throws(Diagnostic) -> [UInt8] {
        var isRead = true
        let bytes = [UInt8](unsafeUninitializedCapacity: sizeHint) { buffer, count in
            while count < sizeHint {
                let got = pread(descriptor, buffer.baseAddress.map { $0 + count }, sizeHint - count, off_t(count))
                if got < 0, errno == EINTR { continue }
                isRead = got >= 0
                if got <= 0 { return }
                count += got
            }
        }
        guard isRead else { throw failure(path) }
        return bytes
    }

    /// Opens a folder below the root; `nil` when there is none, or a link or file stands in the way. The caller closes it.
    private func openFolder(_ path: String) throws(Diagnostic) -> CInt? {
        guard TreePath.isNormal(path) else { return try openStepwise(path) }
        let below = plumb_open_beneath(folder.descriptor, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if below >= 0 { return below }
        let reason = errno
        // An old kernel has no such call, and some sandboxes refuse it.
        if reason == ENOSYS || reason == EPERM { return try openStepwise(path) }
        return try missing(path, reason)
    }

    /// Opens a folder one part of the path after the other; the root itself for a path without any.
    private func openStepwise(_ path: String) throws(Diagnostic) -> CInt? {
        // Not a copy of the root's descriptor: what lists a folder would move the place that both read from.
        var descriptor = openat(folder.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path) }
        for component in path.split(separator: "/") where component != "." {
            guard component != ".." else {
                close(descriptor)
                throw Diagnostic("leads out of the folder", at: SourcePosition(file: path))
            }
            let next = openat(descriptor, String(component), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            let reason = errno
            close(descriptor)
            guard next >= 0 else { return try missing(path, reason) }
            descriptor = next
        }
        return descriptor
    }

    private func missing(_ path: String, _ reason: CInt) throws(Diagnostic) -> CInt? {
        if reason == ENOENT || reason == ENOTDIR || reason == ELOOP { return nil }
        errno = reason
        throw Self.failure(path)
    }

    /// What a folder's record says of a file or folder; links and what a file system does not tell are looked up.
    private func entry(
        _ record: UnsafeMutablePointer<dirent>, _ name: String, in descriptor: CInt, _ folder: String
    ) throws(Diagnostic) -> FileTreeEntry? {
        switch CInt(record.pointee.d_type) {
        case CInt(DT_REG): .file
        case CInt(DT_DIR): .folder
        default: try entry(name, in: descriptor, at: TreePath.child(folder, name))
        }
    }

    private func entry(_ name: String, in folder: CInt, at path: String) throws(Diagnostic) -> FileTreeEntry? {
        guard name != "..", name != "." else { throw Diagnostic("leads out of the folder", at: SourcePosition(file: path)) }
        var status = stat()
        guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw Self.failure(path)
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return .folder
        case S_IFREG: return .file
        case S_IFLNK:
            var target = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlinkat(folder, name, &target, target.count)
            guard count >= 0 else { throw Self.failure(path) }
            return .link(target: String(decoding: target[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self))
        default: return nil  // a socket, pipe or device is no part of a tree: Git would not keep it either
        }
    }

    private static func failure(_ path: String) -> Diagnostic {
        Diagnostic("cannot be read: \(reason(errno))", at: SourcePosition(file: path.isEmpty ? "." : path))
    }

    static func reason(_ number: CInt) -> String { SystemError.text(number) }
}
