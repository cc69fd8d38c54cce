import Git
import Manifests
import Testing

@Suite struct ResolveTests {
    private func diagnostic(_ body: () async throws -> Void) async -> Diagnostic? {
        do { try await body() } catch { return error as? Diagnostic }
        return nil
    }

    @Test func branchesTagsAndIds() async throws {
        let folder = try TestFolder()
        try await folder.makeRepository()
        let first = try await folder.git("rev-parse", "HEAD")
        try await folder.git("tag", "-a", "v1.0", "-m", "one")
        try await folder.git("checkout", "-q", "-b", "feature/x")
        try folder.write("a: 2\n", to: "repo/apps/web/a.yaml")
        let second = try await folder.commit("second\n\nmore words")
        try await folder.git("update-ref", "refs/remotes/origin/far", first)
        let repository = try await folder.open()
        let table = [
            ("HEAD", second), ("@", second), ("main", first), ("feature/x", second), ("v1.0", first), ("refs/tags/v1.0", first),
            ("refs/heads/main", first), ("heads/main", first), (first, first), (String(first.prefix(8)), first), ("HEAD~1", first),
            ("HEAD^", first), ("feature/x~1^0", first), ("origin/far", first), ("far", first), (first.uppercased(), first), ("~1", first),
        ]
        for (revision, id) in table {
            let found = try await repository.resolve(revision)
            #expect(found.id == id, "\(revision)")
        }
        let commit = try await repository.resolve("HEAD")
        #expect(commit.summary == "second")
        #expect(commit.authorName == "Ada" && commit.committerName == "Grace" && commit.authorEmail == "ada@example.org")
        #expect(commit.authoredAtText == "2026-01-02T02:04:05Z" && commit.committedAtText == "2026-01-02T03:04:05Z")
        #expect(commit.parents == [first])
        try await folder.git("checkout", "-q", "--detach", first)
        #expect(try await repository.resolve("HEAD").id == first)
        #expect(try repository.commit(second) == commit)
    }

    @Test func unknownNamesGetNearOnes() async throws {
        let folder = try TestFolder()
        try await folder.makeRepository()
        try await folder.git("branch", "production")
        let repository = try await folder.open()
        let error = await diagnostic { _ = try await repository.resolve("prodction") }
        #expect(error?.message.contains("no branch, tag or commit 'prodction'") == true)
        #expect(error?.advice == "did you mean 'production'?")
        for bad in [
            "", "-x", "main:apps", "a..b", "a b", "main@{1}", String(repeating: "x", count: 2000), "HEAD~99999999999999999999", "HEAD~7",
            "main^9", "\u{1B}[31m", "~", "^^^", "refs/", "refs/heads/", "deadbeef", String(repeating: "0", count: 40),
        ] {
            let error = await diagnostic { _ = try await repository.resolve(bad) }
            #expect(error != nil, "\(bad)")
            #expect(error?.message.contains("\u{1B}") != true)
        }
    }

    @Test func aBranchAndATagOfOneName() async throws {
        let folder = try TestFolder()
        try await folder.makeRepository()
        try await folder.git("tag", "both")
        try await folder.commit("second")
        try await folder.git("branch", "both")
        let repository = try await folder.open()
        let error = await diagnostic { _ = try await repository.resolve("both") }
        #expect(error?.message == "'both' is both a branch and a tag, of different commits")
        #expect(try await repository.resolve("refs/tags/both").summary == "first")
    }

    @Test func ambiguousShortId() async throws {
        let folder = try TestFolder()
        try await folder.makeRepository()
        // 400 commits share four digits with another by the birthday rule (65,536 prefixes).
        var script = ""
        for index in 0..<700 {
            script += "commit refs/heads/many\ncommitter C <c@example.org> \(1_000_000 + index) +0000\ndata 1\nx\n"
        }
        try folder.write(script, to: "import")
        try await folder.git("config", "alias.load", "!git fast-import --quiet < '\(folder.path)/import'")
        try await folder.git("load")
        let ids = try await folder.git("rev-list", "--all").split(separator: "\n").map(String.init)
        let groups = Dictionary(grouping: ids) { String($0.prefix(4)) }
        let shared = try #require(groups.first { $0.value.count > 1 }?.key)
        let repository = try await folder.open()
        let error = await diagnostic { _ = try await repository.resolve(shared) }
        #expect(error?.message.contains("is ambiguous") == true, "\(String(describing: error))")
    }

    @Test func emptyRepository() async throws {
        let folder = try TestFolder()
        folder.makeFolder("repo")
        try await folder.git("init", "-q", "-b", "main")
        let repository = try await folder.open()
        for revision in ["HEAD", "main"] {
            let error = await diagnostic { _ = try await repository.resolve(revision) }
            #expect(error?.message.hasSuffix("has no commits yet") == true, "\(String(describing: error))")
        }
    }

    @Test func history() async throws {
        let folder = try TestFolder()
        try await folder.makeRepository()
        let first = try await folder.git("rev-parse", "HEAD")
        try folder.write("a: 2\n", to: "repo/apps/web/a.yaml")
        let second = try await folder.commit("second")
        try folder.write("c: 1\n", to: "repo/other/c.yaml")
        let third = try await folder.commit("third")
        let repository = try await folder.open()
        let head = try repository.commit(third)
        #expect(try repository.isAncestor(first, of: third))
        #expect(try repository.isAncestor(third, of: third))
        #expect(try !repository.isAncestor(third, of: first))
        #expect(try repository.log(from: third, excluding: first, limit: 10).map(\.id) == [third, second])
        #expect(try repository.log(from: third, excluding: nil, limit: 2).map(\.id) == [third, second])
        let changes = try repository.lastChanges(of: ["apps/web/a.yaml", "apps/b.yaml", "apps", "other", "none", ""], from: head)
        #expect(changes["apps/web/a.yaml"]?.id == second)
        #expect(changes["apps/b.yaml"]?.id == first)
        #expect(changes["apps"]?.id == second)
        #expect(changes["other"]?.id == third)
        #expect(changes["none"] == nil)
        #expect(changes[""]?.id == third)
        #expect(try repository.signature(of: head) == nil)
        #expect(try repository.lastChange(of: "apps/b.yaml", from: head)?.id == first)
        try await folder.git("rm", "-q", "apps/b.yaml")
        let fourth = try repository.commit(try await folder.commit("fourth"))
        #expect(try repository.lastChange(of: "apps/b.yaml", from: fourth) == nil)
        let removals = try repository.lastChanges(of: ["apps/b.yaml", "none"], from: fourth, includesRemovals: true)
        #expect(removals.mapValues(\.id) == ["apps/b.yaml": fourth.id])
    }

    @Test func signedTagAndCommit() async throws {
        let folder = try TestFolder()
        try await folder.makeRepository()
        let body = "tree \(try await folder.git("rev-parse", "HEAD^{tree}"))\nauthor A <a@b.c> 1 +0000\ncommitter A <a@b.c> 1 +0000\n"
        let signature = "-----BEGIN SSH SIGNATURE-----\n abc\n -----END SSH SIGNATURE-----"
        try folder.write("\(body)gpgsig \(signature)\n\nsigned\n", to: "object")
        let id = try await folder.git("hash-object", "-t", "commit", "-w", "../object")
        try folder.write(
            "object \(id)\ntype commit\ntag s\ntagger A <a@b.c> 1 +0000\n\nwords\n-----BEGIN SSH SIGNATURE-----\nabc\n-----END SSH SIGNATURE-----\n",
            to: "tag")
        try await folder.git("update-ref", "refs/tags/s", try await folder.git("hash-object", "-t", "tag", "-w", "../tag"))
        let repository = try await folder.open()
        let found = try #require(try repository.signature(of: try repository.commit(id)))
        #expect(found.signature == "-----BEGIN SSH SIGNATURE-----\nabc\n-----END SSH SIGNATURE-----")
        #expect(String(decoding: found.signedPayload, as: UTF8.self) == "\(body)\nsigned\n")
        let tag = try #require(try repository.signature(ofTag: "s"))
        #expect(tag.signature.hasPrefix("-----BEGIN SSH SIGNATURE-----\nabc"))
        #expect(String(decoding: tag.signedPayload, as: UTF8.self).hasSuffix("\nwords\n"))
    }
}
