import Git
import Subprocess
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

struct GitCommandFailure: Error { var text: String }

/// A temporary folder with repositories made by the `git` program, gone with the value.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/plumb-git-XXXXXX\0".utf8CString)
        guard let made = mkdtemp(&template), let real = realpath(made, nil) else { throw GitCommandFailure(text: "mkdtemp") }
        defer { free(real) }
        path = String(cString: real)
    }

    deinit {
        func remove(_ path: String) {
            if let stream = opendir(path) {
                while let record = readdir(stream) {
                    let name = withUnsafePointer(to: &record.pointee.d_name) {
                        $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
                    }
                    if name == "." || name == ".." { continue }
                    var status = stat()
                    guard lstat("\(path)/\(name)", &status) == 0 else { continue }
                    if status.st_mode & S_IFMT == S_IFDIR { remove("\(path)/\(name)") } else { unlink("\(path)/\(name)") }
                }
                closedir(stream)
            }
            rmdir(path)
        }
        remove(path)
    }

    static let program = GitEnvironment.findGitProgram(variables: ["PATH": "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin"])

    var variables: [String: String] {
        [
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/opt/homebrew/bin", "HOME": path, "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Grace", "GIT_COMMITTER_EMAIL": "grace@example.org",
            "GIT_AUTHOR_DATE": "2026-01-02T03:04:05+01:00", "GIT_COMMITTER_DATE": "2026-01-02T04:04:05+01:00",
        ]
    }

    func environment(program: Bool = true) -> GitEnvironment {
        GitEnvironment(
            variables: variables, homeDirectory: path, cacheDirectory: "\(path)/cache", gitProgram: program ? Self.program : nil)
    }

    /// Runs `git` in a folder below this one and returns its output without the last line break.
    @discardableResult
    func git(_ arguments: String..., in folder: String = "repo", more: [String: String] = [:]) async throws -> String {
        var custom: [Environment.Key: String] = [:]
        for (name, value) in variables.merging(more, uniquingKeysWith: { $1 }) { custom[Environment.Key(stringLiteral: name)] = value }
        let result = try await Subprocess.run(
            .path(FilePath(try #require(Self.program))), arguments: Arguments(arguments), environment: .custom(custom),
            workingDirectory: FilePath("\(path)/\(folder)"), input: .none, output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            throw GitCommandFailure(text: "git \(arguments): \(result.standardError)")
        }
        var text = result.standardOutput
        while text.hasSuffix("\n") { text.removeLast() }
        return text
    }

    func makeFolder(_ name: String) {
        var made = path
        for component in name.split(separator: "/") {
            made += "/\(component)"
            mkdir(made, 0o755)
        }
    }

    func write(_ text: String, to file: String) throws {
        if let slash = file.lastIndex(of: "/") { makeFolder(String(file[..<slash])) }
        let stream = fopen("\(path)/\(file)", "w")
        guard let stream else { throw GitCommandFailure(text: "cannot write \(file)") }
        defer { fclose(stream) }
        fputs(text, stream)
    }

    /// A repository `repo` with one commit on `main`.
    func makeRepository(_ name: String = "repo") async throws {
        makeFolder(name)
        try await git("init", "-q", "-b", "main", in: name)
        try write("a: 1\n", to: "\(name)/apps/web/a.yaml")
        try write("b: 1\n", to: "\(name)/apps/b.yaml")
        try await commit("first", in: name)
    }

    @discardableResult
    func commit(_ message: String, in folder: String = "repo") async throws -> String {
        try await git("add", "-A", in: folder)
        try await git("commit", "-q", "--allow-empty", "-m", message, in: folder)
        return try await git("rev-parse", "HEAD", in: folder)
    }

    func open(_ name: String = "repo", fetch: Bool = true, program: Bool = true) async throws -> GitRepository {
        let location = try GitLocation(parsing: name, relativeTo: path)
        return try await GitRepository.open(location, environment: environment(program: program), fetch: fetch)
    }
}
