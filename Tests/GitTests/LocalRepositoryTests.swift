import Git
import Manifests
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct LocalRepositoryTests {
    @Test func uncommittedChanges() async throws {
        let folder = try TestFolder()
        try await folder.makeRepository()
        try folder.write("*.tmp\n", to: "repo/.gitignore")
        try await folder.commit("ignore")
        let repository = try await folder.open()
        #expect(try repository.uncommittedChanges(under: "") == [])
        try folder.write("a: 2\n", to: "repo/apps/web/a.yaml")
        try folder.write("x", to: "repo/apps/x.tmp")
        try folder.write("x", to: "repo/new/y.yaml")
        try folder.write("c: 1\n", to: "repo/apps/staged.yaml")
        try await folder.git("add", "apps/staged.yaml")
        unlink("\(folder.path)/repo/apps/b.yaml")
        #expect(try repository.uncommittedChanges(under: "") == ["apps/b.yaml", "apps/staged.yaml", "apps/web/a.yaml", "new/"])
        #expect(try repository.uncommittedChanges(under: "apps/web") == ["apps/web/a.yaml"])
        #expect(try repository.uncommittedChanges(under: "ap") == [])
    }

    @Test func linkedWorkTreeBareAndSparse() async throws {
        let folder = try TestFolder()
        try await folder.makeRepository()
        let first = try await folder.git("rev-parse", "HEAD")
        try await folder.git("worktree", "add", "-q", "-b", "side", "../linked")
        try folder.write("s: 1\n", to: "linked/apps/s.yaml")
        let side = try await folder.commit("side", in: "linked")
        try await folder.git("clone", "-q", "--bare", "repo", "bare.git", in: "")
        try await folder.git("sparse-checkout", "set", "apps/web")
        let sparse = try await folder.open()
        #expect(try await sparse.resolve("HEAD").id == first)
        #expect(try sparse.uncommittedChanges(under: "") == [])
        let tree = try sparse.tree(at: await sparse.resolve("HEAD"))
        #expect(try tree.read("apps/b.yaml") == Array("b: 1\n".utf8))
        let linked = try await folder.open("linked/apps")
        #expect(try await linked.resolve("HEAD").id == side)
        #expect(try linked.uncommittedChanges(under: "") == [])
        // A second handle is opened for a second reader.
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 { group.addTask { try await linked.resolve("HEAD").id } }
            for try await id in group { #expect(id == side) }
        }
        let bare = try await folder.open("bare.git")
        #expect(try await bare.resolve("HEAD").id == first)
        #expect(bare.workFolder == nil)
        #expect(try bare.uncommittedChanges(under: "") == [])
    }

    @Test func remoteURLHasNoCredentials() async throws {
        let folder = try TestFolder()
        try await folder.makeRepository()
        let repository = try await folder.open()
        #expect(repository.remoteURL() == nil)
        try await folder.git("remote", "add", "origin", "https://me:s3cret@example.org/x.git")
        #expect(try await folder.open().remoteURL() == "https://example.org/x.git")
    }

    @Test func noRepository() async throws {
        let folder = try TestFolder()
        let environment = folder.environment()
        for (path, words) in [("/proc", "no Git repository at or above '/proc'"), ("\(folder.path)/none", "no such file")] {
            let location = try GitLocation(parsing: path, relativeTo: "/")
            let error = await #expect(throws: Diagnostic.self) { try await GitRepository.open(location, environment: environment) }
            #expect(error?.message.contains(words) == true, "\(String(describing: error))")
        }
    }

    @Test func sha256Repository() async throws {
        let folder = try TestFolder()
        folder.makeFolder("repo")
        try await folder.git("init", "-q", "--object-format=sha256")
        try await folder.commit("first")
        for location in ["repo", "file://\(folder.path)/repo"] {
            let error = await #expect(throws: Diagnostic.self) { try await folder.open(location) }
            #expect(error?.message.contains("SHA-256") == true, "\(String(describing: error))")
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a folder away"))
    func repositoryOfAnotherUser() async throws {
        let folder = try TestFolder()
        try await folder.makeRepository()
        chown("\(folder.path)/repo", 12345, 12345)
        let error = await #expect(throws: Diagnostic.self) { try await folder.open() }
        #expect(error?.message.contains("belongs to another user") == true)
        try folder.write("[safe]\n\tdirectory = \(folder.path)/repo\n", to: "config")
        var environment = folder.environment()
        environment.variables["GIT_CONFIG_GLOBAL"] = "\(folder.path)/config"
        _ = try await GitRepository.open(GitLocation(parsing: "repo", relativeTo: folder.path), environment: environment)
    }
}
