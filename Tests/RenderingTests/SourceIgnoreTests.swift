import Manifests
import Testing

@testable import Rendering

/// What Flux leaves out of a source.
struct SourceIgnoreTests {
    private func ignore(_ patterns: String, in folder: String = "") throws -> SourceIgnore {
        var ignore = SourceIgnore()
        try ignore.add(fileOf: folder, in: MemoryFileTree([TreePath.child(folder, ".sourceignore"): patterns]))
        return ignore
    }

    @Test(arguments: [
        ("web", "web"), ("web", "web/a.yaml"), ("web", "apps/web/a.yaml"), ("web/", "apps/web/a.yaml"), ("w?b", "apps/web"),
        ("w[aeo]b", "web"), ("*.yml", "apps/a.yml"), ("/web/a?.yaml", "web/ab.yaml"), ("/web", "web/a.yaml"),
        ("web/tests", "web/tests/deep/a.yaml"),
        ("**/tests/*.yaml", "web/tests/a.yaml"), ("**/tests/*.yaml", "tests/a.yaml"), ("/web/**", "web/deep/a.yaml"),
        ("/web/**/a.yaml", "web/a.yaml"), ("/web/**/a.yaml", "web/x/y/a.yaml"), ("/web/**/deep/", "web/x/deep/a.yaml"), ("web   ", "web"),
        ("/*", "apps/a.yaml"), ("*\n!/apps/\n/apps/a.yaml", "apps/a.yaml"), ("# none\n\nweb", "web"), ("a\r\nweb\r\n", "web"),
    ])
    func leavesOut(_ patterns: String, _ path: String) throws {
        #expect(try ignore(patterns).leavesOut(path))
    }

    @Test(arguments: [
        ("web/", "apps/web"), ("we", "web"), ("/web", "apps/web"), ("web/a.yaml", "apps/web/a.yaml"), ("web/a.yaml", "web"),
        ("/web/**foo/a.yaml", "web/foo/a.yaml"), ("w[", "w["), ("**/tests/w[", "tests/w["), ("/*\n!/apps/", "apps/a.yaml"),
        ("/**", "a.yaml"), ("#web", "#web"), ("/web/**/deep/", "web/x/deep"), ("**/a/**/b.yaml", "x/a/c.yaml"), ("   ", "a"), ("/", "a"),
    ])
    func keeps(_ patterns: String, _ path: String) throws {
        #expect(try !ignore(patterns).leavesOut(path))
    }

    @Test func patternsAreAboutWhatIsBelowTheirFolder() throws {
        let ignore = try ignore("a.yaml\n/b.yaml", in: "apps/web")
        #expect(ignore.leavesOut("apps/web/a.yaml"))
        #expect(ignore.leavesOut("apps/web/deep/a.yaml"))
        #expect(ignore.leavesOut("apps/web/b.yaml"))
        #expect(!ignore.leavesOut("apps/web/deep/b.yaml"))
        #expect(!ignore.leavesOut("apps/a.yaml"))
        #expect(!ignore.leavesOut("a.yaml"))
        #expect(!ignore.leavesOut("apps/web"))
    }

    @Test func theLastPatternDecidesAndTheOwnFilesComeAfterTheDefaults() throws {
        var ignore = try ignore("!.sops.yaml\n*.yaml")
        #expect(ignore.leavesOut(".flux.yaml"))
        #expect(ignore.leavesOut("a.yaml"))
        try ignore.add(fileOf: "apps", in: MemoryFileTree(["apps/.sourceignore": "!a.yaml"]))
        #expect(!ignore.leavesOut("apps/a.yaml"))
        #expect(ignore.leavesOut("apps/b.yaml"))
        #expect(try !self.ignore("!.sops.yaml").leavesOut("apps/.sops.yaml"))
    }

    @Test func aFolderOfThatNameIsNoFile() throws {
        var ignore = SourceIgnore()
        try ignore.add(fileOf: "", in: MemoryFileTree([".sourceignore/a.yaml": "b"]))
        #expect(!ignore.leavesOut("b"))
    }

    @Test func generatedKustomizationsHoldWhatTheSourceHolds() async throws {
        func account(_ name: String) -> String { "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: \(name)}\n" }
        let files = [
            ".sourceignore": "/*\n!/apps/\n*-test.yaml\n/apps/gone/", "apps/.sourceignore": "drafts/", "apps/a.yaml": account("a"),
            "apps/a-test.yaml": account("a-test"), "apps/drafts/b.yaml": account("b"), "apps/drafts/.sourceignore": "!kept.yaml",
            "apps/drafts/kept.yaml": account("kept"), "apps/gone/kustomization.yaml": "resources: [x.yaml]",
            "apps/gone/x.yaml": account("x"),
            "apps/own/kustomization.yaml": "resources: [c.yaml]", "apps/own/c.yaml": account("c"),
        ]
        let rendered = try await EnvironmentRenderer.render(tree: MemoryFileTree(files), folder: "apps")
        #expect(rendered.manifests.map(\.name).sorted() == ["a", "c", "kept"])
    }
}
