internal import Manifests

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The calls to the operating system that commands make.
enum Platform {
    static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }

    /// Ends the process at once, with what was printed. What libraries do at an ordinary end would run beside threads that still use
    /// them, or are loading them.
    static func leave(_ code: Int32) -> Never {
        fflush(nil)
        _exit(code)
    }

    static var workingDirectory: String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard getcwd(&buffer, buffer.count) != nil else { return "/" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    static var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    static var environment: [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let line = String(cString: text)
            if let equals = line.utf8.firstIndex(of: UInt8(ascii: "=")) {
                variables[String(line[..<equals])] = String(line[line.utf8.index(after: equals)...])
            }
            entry += 1
        }
        return variables
    }

    /// The home folder: `HOME`, else what the system's user database says.
    static func homeDirectory(_ variables: [String: String]) -> String {
        if let home = variables["HOME"], !home.isEmpty { return home }
        guard let user = getpwuid(getuid()), let folder = user.pointee.pw_dir else { return "/" }
        return String(cString: folder)
    }

    static func userName(_ variables: [String: String]) -> String {
        if let user = getpwuid(getuid()), let name = user.pointee.pw_name { return String(cString: name) }
        return variables["USER"] ?? variables["LOGNAME"] ?? "uid \(getuid())"
    }

    /// The path of this very program, links followed.
    static var executable: String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        #if os(Linux)
            let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
            guard count > 0 else { return nil }
        #else
            var size = UInt32(buffer.count)
            guard _NSGetExecutablePath(&buffer, &size) == 0 else { return nil }
        #endif
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The bytes of a file.
    static func read(_ path: String) throws(Diagnostic) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("reading it", path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = buffer.withUnsafeMutableBytes { unsafe in
                #if canImport(Glibc)
                    Glibc.read(descriptor, unsafe.baseAddress, unsafe.count)
                #else
                    Darwin.read(descriptor, unsafe.baseAddress, unsafe.count)
                #endif
            }
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw failure("reading it", path)
            }
            bytes += buffer[..<count]
        }
    }

    /// Writes a file whole or not at all: into a neighbour first, which then takes its name.
    static func replace(_ path: String, with bytes: [UInt8], mode: mode_t = 0o644) throws(Diagnostic) {
        let neighbour = "\(path).\(getpid()).tmp"
        let descriptor = open(neighbour, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("writing it", path) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let fault = failure("writing it", path)
                close(descriptor)
                unlink(neighbour)
                throw fault
            }
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0, close(descriptor) == 0, rename(neighbour, path) == 0 else {
            let fault = failure("writing it", path)
            unlink(neighbour)
            throw fault
        }
    }

    /// Appends to a file, which is made if there is none.
    static func append(_ bytes: [UInt8], to path: String) throws(Diagnostic) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("writing it", path) }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("writing it", path) }
            rest = rest.dropFirst(count)
        }
    }

    /// Makes a folder, and those above it.
    static func makeFolder(_ path: String) throws(Diagnostic) {
        guard !isFolder(path) else { return }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try makeFolder(String(path[..<slash])) }
        guard mkdir(path, 0o755) == 0 || errno == EEXIST && isFolder(path) else { throw failure("making the folder", path) }
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The repository around a folder on disk, else the whole file system, as the root that overlays reach their bases
    /// through; and the folder's path below it.
    static func repositoryRoot(around path: String) throws(Diagnostic) -> (root: String, folder: String) {
        guard let resolved = realpath(path, nil) else { throw failure("opening it", path) }
        defer { free(resolved) }
        let absolute = String(cString: resolved)
        var root = absolute
        while !root.isEmpty, !exists("\(root)/.git") { root = String(root[..<(root.lastIndex(of: "/") ?? root.startIndex)]) }
        let folder = absolute.dropFirst(root.count).drop { $0 == "/" }
        return (root.isEmpty ? "/" : root, String(folder))
    }

    static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Of the terminal that standard error goes to; the usual size when it does not say.
    static var terminalSize: (rows: Int, columns: Int) {
        var size = winsize()
        guard ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 else { return (24, 80) }
        return (Int(size.ws_row), Int(size.ws_col))
    }

    /// Whether a person can be asked: the process has a terminal, wherever its output goes.
    static var hasTerminal: Bool {
        let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return isatty(2) == 1
    }

    static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 && !isFolder(path) }

    private static func failure(_ doing: String, _ path: String) -> Diagnostic {
        Diagnostic("\(doing): \(String(cString: strerror(errno)))", at: SourcePosition(file: path))
    }
}
