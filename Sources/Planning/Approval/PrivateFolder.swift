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
        var template = Array("\(base)/plumb-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Self.failure("making a temporary folder in \(base)") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        for name in names.withLock({ $0 }) { unlink("\(path)/\(name)") }
        rmdir(path)
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
