import Manifests

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Folders on disk as the cache needs them.
enum CacheFolder {
    /// Makes a folder and those above it, for this user only.
    static func create(_ path: String) throws(Diagnostic) {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else { throw Diagnostic("'\(path)' is no folder") }
            return
        }
        let parent = TreePath.parent(path)
        if !parent.isEmpty { try create(parent) }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw Diagnostic(
                "cannot create the cache folder '\(path)': \(SystemError.text(errno))",
                advice: "set XDG_CACHE_HOME to a folder that can be written")
        }
    }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    static func move(_ path: String, to target: String) throws(Diagnostic) {
        guard rename(path, target) == 0 else {
            throw Diagnostic("cannot move '\(path)' to '\(target)': \(SystemError.text(errno))")
        }
    }

    /// Removes a folder with all in it, as far as it can; links are removed, not followed.
    static func remove(_ path: String) {
        for name in names(in: path) {
            let inner = "\(path)/\(name)"
            var status = stat()
            guard lstat(inner, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR { remove(inner) } else { unlink(inner) }
        }
        rmdir(path)
    }

    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let record = readdir(stream) {
            let name = withUnsafePointer(to: &record.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
