import Git
import Manifests
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Both ways to fetch fill the same cache: each test runs with the `git` program and with libgit2's network.
@Suite struct FetchTests {
    private func cacheFolder(_ folder: TestFolder) throws -> String {
        let stream = try #require(opendir("\(folder.path)/cache/git"))
        defer { closedir(stream) }
        var found: [String] = []
        while let record = readdir(stream) {
            let name = withUnsafePointer(to: &record.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
            }
            if !name.hasPrefix("."), !name.hasSuffix(".lock") { found.append(name) }
        }
        #expect(found.count == 1, "\(found)")
        return "\(folder.path)/cache/git/\(try #require(found.first))"
    }

    @Test(arguments: [true, false])
    func incremental(program: Bool) async throws {
        let folder = try TestFolder()
        try await folder.makeRepository()
        try await folder.git("branch", "gone/deep")
        try await folder.git("tag", "-a", "v1", "-m", "one")
        let url = "file://\(folder.path)/repo"
        let before = try await folder.open(url, program: program)
        let first = try await before.resolve("HEAD")
        #expect(first.summary == "first")
        #expect(before.originDescription == url)
        #expect(before.workFolder == nil)
        #expect(try before.tree(at: first).read("apps/b.yaml") == Array("b: 1\n".utf8))
        #expect(try before.branchesAndTags() == ["gone/deep", "main", "v1"])
        try await folder.git("branch", "-D", "gone/deep")
        try await folder.git("branch", "gone")
        let second = try await folder.commit("second")
        #expect(try await folder.open(url, fetch: false, program: program).resolve("main").id == first.id)
        let after = try await folder.open(url, program: program)
        #expect(try await after.resolve("HEAD").id == second)
        #expect(try await after.resolve("origin/main").id == second)
        #expect(try await after.resolve("v1").id == first.id)
        #expect(try after.branchesAndTags() == ["gone", "main", "v1"])
        // A handle that was opened before sees what came later.
        #expect(try before.commit(second).summary == "second")
        // History that was written anew replaces what was there.
        try await folder.git("commit", "-q", "--allow-empty", "--amend", "-m", "amended")
        try await folder.git("tag", "-f", "v1")
        #expect(try await folder.open(url, program: program).resolve("v1").summary == "amended")
        // The remote's HEAD may stand on no commit.
        try await folder.git("symbolic-ref", "HEAD", "refs/heads/unborn")
        let unborn = try await folder.open(url, program: program)
        #expect(try await unborn.resolve("main").summary == "amended")
    }

    @Test(arguments: [true, false])
    func brokenCachesAreMadeAnew(program: Bool) async throws {
        let folder = try TestFolder()
        try await folder.makeRepository()
        let url = "file://\(folder.path)/repo"
        _ = try await folder.open(url, program: program)
        let cache = try cacheFolder(folder)
        let damages: [@Sendable () throws -> Void] = [
            { unlink("\(cache)/HEAD") },
            { try folder.write("nonsense", to: String("\(cache)/config".dropFirst(folder.path.utf8.count + 1))) },
            { rename("\(cache)/objects", "\(folder.path)/objects-\(getpid())") },
            { try folder.write("x", to: String("\(cache)/packed-refs.lock".dropFirst(folder.path.utf8.count + 1))) },
            { try folder.write("x", to: String("\(cache)/refs/heads/main.lock".dropFirst(folder.path.utf8.count + 1))) },
        ]
        for damage in damages {
            try damage()
            let id = try await folder.commit("next")
            #expect(try await folder.open(url, program: program).resolve("main").id == id)
        }
        _ = try cacheFolder(folder)
    }

    @Test(arguments: [true, false])
    func severalAtOnce(program: Bool) async throws {
        let folder = try TestFolder()
        try await folder.makeRepository()
        let id = try await folder.git("rev-parse", "HEAD")
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<6 { group.addTask { try await folder.open("file://\(folder.path)/repo", program: program).resolve("HEAD").id } }
            for try await found in group { #expect(found == id) }
        }
    }

    @Test(arguments: [true, false])
    func emptyAndMissing(program: Bool) async throws {
        let folder = try TestFolder()
        folder.makeFolder("repo")
        try await folder.git("init", "-q", "-b", "main")
        let repository = try await folder.open("file://\(folder.path)/repo", program: program)
        let empty = await #expect(throws: Diagnostic.self) { try await repository.resolve("HEAD") }
        #expect(empty?.message.contains("has no commits yet") == true, "\(String(describing: empty))")
        let missing = await #expect(throws: Diagnostic.self) { try await folder.open("file://\(folder.path)/none", program: program) }
        #expect(missing?.message.contains("there is no repository") == true, "\(String(describing: missing))")
    }

    @Test func aCommitThatNoBranchLeadsTo() async throws {
        let folder = try TestFolder()
        try await folder.makeRepository()
        let lost = try await folder.commit("lost")
        try await folder.git("reset", "-q", "--hard", "HEAD~1")
        try await folder.git("config", "uploadpack.allowAnySHA1InWant", "true")
        let repository = try await folder.open("file://\(folder.path)/repo")
        #expect(try await repository.resolve(lost).summary == "lost")
        #expect(try await folder.open("file://\(folder.path)/repo").resolve(String(lost.prefix(10))).summary == "lost")
        let unknown = String(repeating: "ab", count: 20)
        let error = await #expect(throws: Diagnostic.self) { try await repository.resolve(unknown) }
        #expect(error?.message.contains("there is no commit \(unknown)") == true, "\(String(describing: error))")
    }

    @Test(arguments: [true, false])
    func unreachableHost(program: Bool) async throws {
        let folder = try TestFolder()
        // Port 1 of the loopback address: nobody listens there.
        for text in ["https://me:s3cret@127.0.0.1:1/a.git", "https://localhost:1/a.git", "ssh://git@127.0.0.1:1/a.git"] {
            var environment = folder.environment(program: program)
            environment.variables["PLUMB_GIT_TOKEN"] = "t0ken"
            let location = try GitLocation(parsing: text, relativeTo: "/")
            let lines = Mutex<[String]>([])
            let error = await #expect(throws: Diagnostic.self) {
                try await GitRepository.open(location, environment: environment) { line in lines.withLock { $0.append(line) } }
            }
            let all = "\(error?.description ?? "")\(lines.withLock { $0 }.joined())"
            #expect(error?.message.contains("cannot fetch") == true, "\(all)")
            #expect(all.contains("127.0.0.1") || all.contains("localhost"))
            #expect(!all.contains("s3cret") && !all.contains("t0ken"))
        }
        let plain = try GitLocation(parsing: "http://me:s3cret@example.org/a", relativeTo: "/")
        let error = await #expect(throws: Diagnostic.self) {
            try await GitRepository.open(plain, environment: folder.environment(program: program))
        }
        #expect(error?.message.contains("unencrypted") == true)
    }

    /// A server that accepts and says nothing.
    @Test(arguments: [true, false])
    func silentServer(program: Bool) async throws {
        let folder = try TestFolder()
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(server) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(server, $0, length)
                listen(server, 8)
                getsockname(server, $0, &length)
            }
        }
        let port = UInt16(bigEndian: address.sin_port)
        let location = try GitLocation(parsing: "http://127.0.0.1:\(port)/a", relativeTo: "/")
        var environment = folder.environment(program: program)
        environment.variables["PLUMB_GIT_TIMEOUT"] = "1"
        let limited = environment
        let error = await #expect(throws: Diagnostic.self) { try await GitRepository.open(location, environment: limited) }
        #expect(
            error?.message.contains("without progress") == true || error?.message.contains("Operation too slow") == true,
            "\(String(describing: error))")
        environment.variables["PLUMB_GIT_TIMEOUT"] = "600"
        let patient = environment
        let task = Task { try await GitRepository.open(location, environment: patient) }
        try await Task.sleep(for: .milliseconds(300))
        if program {
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        } else {
            // The first fetch's thread still holds the lock; the second waits for it and stops when cancelled.
            task.cancel()
            await #expect(throws: (any Error).self) { try await task.value }
        }
    }
}
