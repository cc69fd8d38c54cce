internal import Manifests
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A folder for a while that nobody else can enter, for what `ssh-keygen` takes from files alone. It goes with its owner.
final class PrivateFolder: Sendable {
    let path: String
    private let names = Mutex<Set<String>>([])

    /// - Parameter base: Where temporary files are, such as `/tmp`.
    init(in base: String) throws(Diagnostic) {
        // mkdtemp puts letters of its own in the place of the six X.
        var template = Array("\(base)/plumb-\(String(repeating: "X", count: 6))".utf8CString)
        guard mkdtemp(&template) != nil else { throw Self.failure("making a temporary folder in \(base)") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        for name in names.withLock({ $0 }) { unlink("\(path)/\(name)") }
        // What programs left besides, such as gpg's keyrings.
        if rmdir(path) != 0 { Self.empty(path, depth: 0) }
    }

    /// Takes a folder away with what is in it; links are not followed.
    private static func empty(_ folder: String, depth: Int) {
        guard depth < 4, let stream = opendir(folder) else { return }
        var found: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != ".", name != ".." { found.append("\(folder)/\(name)") }
        }
        closedir(stream)
        for path in found where unlink(path) != 0 { empty(path, depth: depth + 1) }
        rmdir(folder)
    }

    /// Writes a file, in place of one of the same name.
    /// - Returns: Its path.
    func write(_ bytes: [UInt8], as name: String) throws(Diagnostic) -> String {
        let file = "\(path)/\(name)"
        names.withLock { _ = $0.insert(name) }
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("writing \(file)") }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { buffer in
                #if canImport(Glibc)
                    Glibc.write(descriptor, buffer.baseAddress, buffer.count)
                #else
                    Darwin.write(descriptor, buffer.baseAddress, buffer.count)
                #endif
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("writing \(file)") }
            rest = rest.dropFirst(count)
        }
        return file
    }

    private static func failure(_ doing: String) -> Diagnostic {
        Diagnostic("\(doing): \(String(cString: strerror(errno)))", advice: "TMPDIR names another folder for temporary files")
    }
}
