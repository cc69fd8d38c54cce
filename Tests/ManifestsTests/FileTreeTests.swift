import Manifests
import Testing

@Suite struct FileTreeTests {
    @Test func joinsPaths() {
        #expect(TreePath.join("a/b", "../c/./d") == "a/c/d")
        #expect(TreePath.join("a", "../..") == nil)
        #expect(TreePath.join("a", "/etc/passwd") == nil)
        #expect(TreePath.join("", "a//b/") == "a/b")
    }

    @Test func followsLinksWithinTheTree() throws {
        var tree = MemoryFileTree(["base/app/x.yaml": "x"])
        tree.addLink(to: "../base", at: "env/link")
        tree.addLink(to: "link/app", at: "env/second")
        #expect(try tree.resolve("env/second/x.yaml") == "base/app/x.yaml")
        #expect(try tree.resolve("env/second/none") == nil)
    }

    @Test(arguments: ["../../etc/passwd", "/etc/passwd"]) func refusesLinksThatLeadOut(target: String) {
        var tree = MemoryFileTree()
        tree.addLink(to: target, at: "env/link")
        #expect(throws: Diagnostic.self) { try tree.resolve("env/link") }
    }

    @Test func refusesCircles() {
        var tree = MemoryFileTree()
        tree.addLink(to: "b", at: "a")
        tree.addLink(to: "a", at: "b")
        #expect(throws: Diagnostic.self) { try tree.resolve("a") }
    }

    @Test func listsByTheBytesOfNames() throws {
        let tree = MemoryFileTree(["b": "", "a/x": "", "B": "", "é": ""])
        #expect(try tree.list("").map(\.name) == ["B", "a", "b", "é"])
    }
}
