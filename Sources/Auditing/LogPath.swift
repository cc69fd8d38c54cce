#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Names around a log: `<path>`, the files rotated away `<path>.<n>` (1 is the oldest), torn lines `<path>.torn-<time>`.
enum LogPath {
    static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.utf8.startIndex ? "/" : String(path[..<slash])
    }

    static func name(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(path[path.utf8.index(after: slash)...])
    }

    /// The path with symbolic links followed, so that rotation renames the file and not the link to it.
    static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// The numbers of the files rotated away that exist beside the log, the oldest first.
    static func rotatedNumbers(of path: String) -> [Int] {
        guard let folder = opendir(folder(of: path)) else { return [] }
        defer { closedir(folder) }
        let prefix = Array((name(of: path) + ".").utf8)
        var numbers: [Int] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in Array(bytes.prefix { $0 != 0 }) }
            guard name.starts(with: prefix), let number = number(name[prefix.count...]) else { continue }
            numbers.append(number)
        }
        return numbers.sorted()
    }

    /// `12` out of the ending of `log.12`: decimal digits without a leading zero.
    static func number(_ digits: some Collection<UInt8>) -> Int? {
        guard digits.first != UInt8(ascii: "0"), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    /// Makes names that were created or changed in a folder outlast a power cut.
    static func synchronizeFolder(of path: String) throws(AuditError) {
        let folder = try FileDescriptor(opening: folder(of: path), flags: O_RDONLY | O_DIRECTORY)
        // Some file systems cannot flush a folder and say EINVAL; then there is nothing more to be done.
        if fsync(folder.raw) != 0 && errno != EINVAL { throw AuditError.system("flush the folder of the audit log", path) }
    }
}

/// Which file it is, whatever its name: two paths with the same identity are one file.
struct FileIdentity: Hashable {
    let device: UInt64
    let inode: UInt64

    init(_ status: stat) {
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(status.st_ino)
    }

    /// The file at a path; `nil` when there is none.
    init?(at path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }
}
