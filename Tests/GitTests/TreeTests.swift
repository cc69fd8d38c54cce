import Git
import Manifests
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct TreeTests {
    /// What both trees have to say of the same files.
    private func check(_ tree: some FileTree) throws {
        #expect(try tree.list("").map(\.name) == ["a", "a-b", "a.b", "apps", "link", "up"])
        #expect(try tree.entry(at: "link") == .link(target: "apps/web"))
        #expect(try tree.entry(at: "up") == .link(target: "../../etc"))
        #expect(try tree.entry(at: "") == .folder)
        #expect(try tree.entry(at: "apps/web") == .folder)
        #expect(try tree.entry(at: "apps/b.yaml") == .file)
        #expect(try tree.entry(at: "none") == nil)
        #expect(try tree.entry(at: "apps/b.yaml/x") == nil)
        #expect(try tree.entry(at: "link/a.yaml") == nil)
        #expect(try tree.list("apps") == [FileTreeItem(name: "b.yaml", entry: .file), FileTreeItem(name: "web", entry: .folder)])
        #expect(try tree.read("apps/web/a.yaml") == Array("a: 1\n".utf8))
        #expect(try tree.resolve("link/a.yaml") == "apps/web/a.yaml")
        for path in ["none", "apps", "link", "link/a.yaml", "", "up"] {
            #expect(throws: Diagnostic.self, "\(path)") { try tree.read(path) }
        }
        #expect(throws: Diagnostic.self) { try tree.list("apps/b.yaml") }
        #expect(throws: Diagnostic.self) { try tree.list("link") }
        #expect(throws: Diagnostic.self) { try tree.list("none/x") }
        #expect(throws: Diagnostic.self) { try tree.resolve("up/passwd") }
    }

    private func makeFiles(_ folder: TestFolder) async throws {
        try await folder.makeRepository()
        for file in ["a/x", "a-b", "a.b"] { try folder.write("x", to: "repo/\(file)") }
        symlink("apps/web", "\(folder.path)/repo/link")
        symlink("../../etc", "\(folder.path)/repo/up")
    }

    @Test func commitTree() async throws {
        let folder = try TestFolder()
        try await makeFiles(folder)
        try await folder.commit("files")
        let repository = try await folder.open("repo/apps")
        #expect(repository.workFolder == "\(folder.path)/repo")
        #expect(repository.originDescription == "\(folder.path)/repo")
        let tree = try repository.tree(at: await repository.resolve("HEAD"))
        try check(tree)
        #expect(try tree.objectID(at: "apps/b.yaml") == (try await folder.git("rev-parse", "HEAD:apps/b.yaml")))
        #expect(try tree.entry(at: Array(repeating: "a", count: 100_000).joined(separator: "/")) == nil)
    }

    @Test func manyReadersAtOnce() async throws {
        let folder = try TestFolder()
        try await folder.makeRepository()
        for index in 0..<200 { try folder.write("n: \(index)\n", to: "repo/many/\(index % 10)/\(index).yaml") }
        try await folder.commit("many")
        let repository = try await folder.open()
        let tree = try repository.tree(at: await repository.resolve("HEAD"))
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<200 {
                group.addTask { try tree.read("many/\(index % 10)/\(index).yaml") == Array("n: \(index)\n".utf8) }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }

    @Test func workingFolder() async throws {
        let folder = try TestFolder()
        folder.makeFolder("repo")
        try folder.write("a: 1\n", to: "repo/apps/web/a.yaml")
        try folder.write("b: 1\n", to: "repo/apps/b.yaml")
        for file in ["a/x", "a-b", "a.b"] { try folder.write("x", to: "repo/\(file)") }
        symlink("apps/web", "\(folder.path)/repo/link")
        symlink("../../etc", "\(folder.path)/repo/up")
        mkfifo("\(folder.path)/repo/apps/pipe", 0o600)
        let tree = try WorkingFolderTree(root: "\(folder.path)/repo")
        try check(tree)
        for path in ["..", "../x", "apps/../../x", "apps/.."] {
            #expect(throws: Diagnostic.self, "\(path)") { try tree.read(path) }
            #expect(throws: Diagnostic.self, "\(path)") { _ = try tree.entry(at: path) }
        }
        #expect(throws: Diagnostic.self) { try tree.read("apps/pipe") }
        #expect(throws: Diagnostic.self) { try WorkingFolderTree(root: "\(folder.path)/none") }
    }

    @Test func submodulesAndLargeFileStorage() async throws {
        let folder = try TestFolder()
        try await folder.makeRepository()
        let id = try await folder.git("rev-parse", "HEAD")
        try await folder.git("update-index", "--add", "--cacheinfo", "160000,\(id),sub")
        try folder.write("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", to: "repo/big.tgz")
        try await folder.git("add", "big.tgz")
        try await folder.git("commit", "-q", "-m", "submodule")
        let repository = try await folder.open()
        let tree = try repository.tree(at: await repository.resolve("HEAD"))
        for body in [{ _ = try tree.list("sub") }, { _ = try tree.read("sub") }, { _ = try tree.read("sub/x") }] {
            let error = #expect(throws: Diagnostic.self) { try body() }
            #expect(error?.message.hasPrefix("is a submodule") == true)
        }
        let error = #expect(throws: Diagnostic.self) { try tree.read("big.tgz") }
        #expect(error?.message.contains("Git LFS") == true)
    }
}
