package import Manifests

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// open(2), under a name that a type's own `open` does not hide.
func systemOpen(_ path: String, _ flags: Int32, _ mode: mode_t = 0o600) -> Int32 { open(path, flags, mode) }

/// write(2), likewise.
func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int { write(descriptor, bytes, count) }

/// read(2), likewise.
func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int { read(descriptor, bytes, count) }

/// Small files: read whole, written atomically with mode 0600.
package enum FileAccess {
    /// The bytes of a file; `nil` when there is none.
    package static func read(_ path: String) throws(Diagnostic) -> [UInt8]? {
        let descriptor = systemOpen(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("read", path)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = buffer.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// Writes a file under a temporary name and renames it.
    package static func writeAtomically(_ bytes: [UInt8], to path: String) throws(Diagnostic) {
        let temporary = "\(path).\(getpid()).tmp"
        let descriptor = systemOpen(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("write", temporary) }
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { buffer -> Int in
                guard let base = buffer.baseAddress else { return 0 }
                return systemWrite(descriptor, base + offset, buffer.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                close(descriptor)
                throw failure("write", temporary)
            }
            offset += count
        }
        close(descriptor)
        guard rename(temporary, path) == 0 else { throw failure("write", path) }
    }

    /// Makes a folder and those above it.
    package static func makeFolder(_ path: String) throws(Diagnostic) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeFolder(String(path[..<slash]))
            if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        }
        throw failure("make the folder", path)
    }

    /// A fresh folder for temporary files.
    package static func makeTemporaryFolder() throws(Diagnostic) -> String {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        // mkdtemp puts letters of its own in the place of the six X.
        var template = Array("\(base)/plumb-sandbox.\(String(repeating: "X", count: 6))".utf8CString)
        guard mkdtemp(&template) != nil else { throw failure("make a folder in", base) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func failure(_ verb: String, _ path: String) -> Diagnostic {
        Diagnostic("cannot \(verb) '\(path)': \(String(cString: strerror(errno)))")
    }
}
