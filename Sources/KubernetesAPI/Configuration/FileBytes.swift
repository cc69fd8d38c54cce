#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Reads small files: kubeconfigs, certificates, tokens.
enum FileBytes {
    /// Why a file could not be read.
    struct Failure: Error, Hashable {
        var code: Int32
        var message: String

        var isMissing: Bool { code == ENOENT || code == ENOTDIR }
    }

    /// A kubeconfig with a hundred clusters has some megabytes; a device file would never end.
    static let bytesMax = 64 << 20

    static func read(_ path: String) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = chunk.withUnsafeMutableBytes { systemRead(descriptor, $0) }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure()
            }
            if count == 0 { return bytes }
            guard bytes.count + count <= bytesMax else {
                throw Failure(code: EFBIG, message: "it has more than \(bytesMax >> 20) MiB")
            }
            bytes += chunk[..<count]
        }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #else
            Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }

    private static func failure() -> Failure {
        let code = errno
        return Failure(code: code, message: String(cString: strerror(code)).lowercased())
    }
}

/// Paths as text.
enum PathText {
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// A path as seen from a folder; absolute ones stay.
    static func resolve(_ path: String, from folder: String) -> String {
        path.hasPrefix("/") || folder == "." ? path : "\(folder)/\(path)"
    }
}
