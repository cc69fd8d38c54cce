import Manifests
import Rendering
import Testing

@Suite struct PlainYAMLTests {
    private func render(_ files: [String: String], folder: String = "env") async throws -> [Manifest] {
        try await EnvironmentRenderer.render(tree: MemoryFileTree(files), folder: folder).manifests
    }

    private func faults(_ files: [String: String], folder: String = "env") async -> [String] {
        do {
            _ = try await render(files, folder: folder)
            return []
        } catch let error as Diagnostic { return [error.description] } catch let error as Diagnostics {
            return error.all.map(\.description)
        } catch { return ["\(error)"] }
    }

    private func configMap(_ name: String, extra: String = "") -> String {
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: \(name)\n\(extra)"
    }

    @Test func readsFilesInTheOrderOfPaths() async throws {
        let manifests = try await render([
            "env/b.yaml": configMap("b") + "---\n" + configMap("b2"), "env/a/z.yml": configMap("z"), "env/c.txt": "not yaml: [",
            "env/a.json": #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"j"}}"#, "env/.hidden.yaml": "x", "other/x.yaml": "x",
        ])
        #expect(manifests.map(\.name) == ["z", "j", "b", "b2"])
        #expect(manifests.map(\.source.description) == ["env/a/z.yml:1", "env/a.json:1", "env/b.yaml:1", "env/b.yaml:6"])
    }

    @Test func opensListsUp() async throws {
        let list =
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: b}\n"
        let manifests = try await render(["env/l.yaml": "---\n# nothing\n---\n" + list])
        #expect(manifests.map(\.reference.id) == ["ConfigMap/a", "Secret/b"])
        #expect(manifests.map(\.source.line) == [7, 10])
    }

    @Test func readsValuesAsTheAPIMachineryDoes() async throws {
        let data =
            "data:\n  yes_: yes\n  octal: 0777\n  text: 2026-01-01\n  big: 12345678901234567890\n  hex: 0x1F\n  f: 1e3\n  nothing: ~\n"
        let manifest = try #require(try await render(["env/a.yaml": configMap("a", extra: data)]).first)
        let expected: Value = [
            "yes_": true, "octal": 511, "text": "2026-01-01", "big": .double(1.234567890123456789e19), "hex": 31, "f": .double(1000),
            "nothing": nil,
        ]
        #expect(manifest.value["data"] == expected)
    }

    @Test func mergesAnchors() async throws {
        let text = "x: &base {a: '1', b: '2'}\n"
        let manifest = try #require(
            try await render(["env/a.yaml": text + configMap("a", extra: "data:\n  <<: *base\n  b: '3'\n")]).first)
        #expect(manifest.value["data"] == ["b": "3", "a": "1"])
    }

    static let refusals: [(text: String, message: String)] = [
        ("kind: ConfigMap\nmetadata: {name: a}\n", "env/a.yaml:1: this document has no apiVersion"),
        ("\n\n- 1\n", "env/a.yaml:3: this document is a list, not an API object"),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: a-}\n", "this ConfigMap has no metadata.name"),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 1}\n", "metadata.name must be text, and this is an integer"),
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {x: true}}\n", "metadata.labels['x'] must be text"),
        ("a: 1\nb: 2\na: 3\n", "env/a.yaml:3:1: key 'a' stands in this mapping twice"),
        ("a: [1\n", "env/a.yaml:2:1: not valid YAML"),
        ("a: &x [*x]\n", "contains itself"),
        ("\ta: 1\n", "YAML indents with spaces"),
    ]

    @Test(arguments: refusals) func refusesWithFileAndLine(text: String, message: String) async {
        let found = await faults(["env/a.yaml": text])
        #expect(found.count == 1)
        #expect(found.first?.contains(message) == true, "\(found)")
    }

    @Test func refusesTheSameObjectTwiceAndNamesBothPlaces() async {
        let found = await faults(["env/a.yaml": configMap("a"), "env/b.yaml": "\n" + configMap("a")])
        #expect(
            found == [
                "env/b.yaml:2: ConfigMap/a: defined twice: here and at env/a.yaml:1\n  remove one of them, or give them different names or namespaces"
            ])
    }

    @Test func reportsAllFilesTogetherInOrder() async {
        let found = await faults(["env/a.yaml": "[", "env/b.yaml": configMap("b"), "env/c.yaml": "x: 1\n"])
        #expect(found.count == 2)
        #expect(found.first?.hasPrefix("env/a.yaml:") == true)
        #expect(found.last?.hasPrefix("env/c.yaml:1:") == true)
    }

    @Test func refusesAnchorsThatExplode() async {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            text += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ") + "]\n"
        }
        let found = await faults(["env/a.yaml": text])
        #expect(found.first?.contains("anchors expand to more than") == true)
    }

    @Test func refusesAbsurdDepthAndBadText() async {
        let deep = await faults(["env/a.yaml": String(repeating: "- ", count: 5_000) + "x"])
        #expect(deep.first?.contains("nested deeper than") == true, "\(deep)")
        var tree = MemoryFileTree()
        tree.add([0x61, 0x3A, 0x20, 0xFF, 0xFE], at: "env/a.yaml")
        await #expect(throws: (any Error).self) { try await EnvironmentRenderer.render(tree: tree, folder: "env") }
    }

    @Test func namesTheNearestFolder() async {
        let found = await faults(["environments/production/a.yaml": configMap("a")], folder: "environments/prodction")
        #expect(found == ["environments/prodction: there is no such folder\n  did you mean 'environments/production'?"])
    }
}
