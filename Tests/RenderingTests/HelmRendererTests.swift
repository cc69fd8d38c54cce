import Foundation
import Manifests
import Rendering
import Testing

/// Charts in `testdata/helm` with what Helm makes of them, and small charts in memory.
@Suite struct HelmRendererTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "testdata/helm")
    static let cases = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()

    private static func tree(_ root: URL) throws -> MemoryFileTree {
        var tree = MemoryFileTree()
        for path in try FileManager.default.subpathsOfDirectory(atPath: root.path) {
            let file = root.appending(path: path)
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder)
            if !isFolder.boolValue { tree.add(Array(try Data(contentsOf: file)), at: path) }
        }
        return tree
    }

    @Test func thereAreCases() { #expect(Self.cases.count >= 3) }

    @Test(arguments: cases) func rendersAsHelmDoes(_ name: String) throws {
        let folder = Self.folder.appending(path: name)
        let chart = try HelmChart.load(tree: try Self.tree(folder.appending(path: "chart")), folder: "")
        var release = HelmRelease(name: "demo", namespace: "apps")
        if let data = try? Data(contentsOf: folder.appending(path: "values.yaml")) {
            release.values = [try ValuesReader.values(Array(data))]
        }
        let output = try HelmRenderer.render(chart, release)
        let expected = try String(contentsOf: folder.appending(path: "expected.yaml"), encoding: .utf8)
        #expect(String(decoding: output.text, as: UTF8.self) == expected)
    }

    private func render(_ template: String, values: String = "", assignments: [HelmRelease.Assignment] = []) throws -> String {
        let tree = MemoryFileTree([
            "Chart.yaml": "apiVersion: v2\nname: t\nversion: 1.0.0\n", "values.yaml": values, "templates/t.yaml": "out: |-\n  " + template,
        ])
        let chart = try HelmChart.load(tree: tree, folder: "")
        let output = try HelmRenderer.render(chart, HelmRelease(name: "r", namespace: "n", assignments: assignments))
        return String(decoding: output.text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropFirst(3)
            .joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test(arguments: [
        ("{{ $x := .Values.none }}{{ $x.y }}-{{ (.Values.none).y }}", "", "-"),
        ("{{ range $i, $_ := until 3 }}{{ $i }}{{ end }}", "", "012"),
        ("{{ set .Values \"a\" 1 | len }}{{ .Values.a }}", "b: 1", "21"),
        ("{{ list nil 1.5 \"a\" true }} {{ dict \"k\" (list 1 2) }}", "", "[<nil> 1.5 a true] map[k:[1 2]]"),
        ("{{ if and false (fail \"no\") }}{{ end }}ok", "", "ok"),
        // Every number of a values file is a float64.
        ("{{ 1000000.0 }} {{ .Values.num }}", "num: 1000000", "1e+06 1e+06"),
        ("{{ toYaml .Values | toJson }}", "o: 0755\nu: 1_000\nx: 0x1F", "\"o: 493\\nu: 1000\\nx: 31\""),
        ("{{ printf \"%d %v %s\" .Values.num .Values.num .Values.num }}", "num: 5", "%!d(float64=5) 5 %!s(float64=5)"),
        ("{{ printf \"%5d|%+s|%d\" \"hi\" (list 1) (list nil \"a\") }}", "", "%!d(string=   hi)|[%!s(int=+1)]|[<nil> %!d(string=a)]"),
        ("{{ fromJson \"{\\\"a\\\":}\" }}", "", "map[Error:invalid character '}' looking for beginning of value]"),
        ("{{ quote .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion }}", "", "\"{v1.36.0 v1.36.0 1 36}\" v1.36.0"),
        ("{{ toJson .Capabilities.KubeVersion }}", "", "{\"Version\":\"v1.36.0\",\"Major\":\"1\",\"Minor\":\"36\"}"),
        ("{{ regexFindAll \"x\" \"abc\" -1 | toJson }} {{ merge nil (dict \"a\" 1) }}", "", "null map[a:1]"),
        ("{{ toYamlPretty (dict \"10\" 1 \"9\" (list 1.5 nil)) | toJson }}", "", "\"\\\"9\\\":\\n  - 1.5\\n  - null\\n\\\"10\\\": 1\""),
        ("{{ js nil }} {{ printf \"%x %b\" 1.5 1.5 }}", "", "\\u003Cno value\\u003E 0x1.8p+00 6755399441055744p-52"),
        // Texts that look the same are not.
        ("{{ eq \"\\u00e9\" \"e\\u0301\" }} {{ list \"\\u00e9\" \"e\\u0301\" | uniq | len }}", "", "false 2"),
    ])
    func evaluates(_ template: String, _ values: String, _ expected: String) throws {
        #expect(try render(template, values: values) == expected)
    }

    @Test(arguments: [
        (
            "{{ .Values.a.b }}",
            "t/templates/t.yaml:2:12\n  executing \"t/templates/t.yaml\" at <.Values.a.b>:\n    nil pointer evaluating interface {}.b"
        ),
        ("{{ required \"a is needed\" .Values.a }}", "execution error at (t/templates/t.yaml:2:5): a is needed"),
        ("{{ nope }}", "parse error at (t/templates/t.yaml:2): function \"nope\" not defined"),
        ("{{ if true }}", "parse error at (t/templates/t.yaml:2): unexpected EOF"),
        (
            "{{ upper 5 }}",
            "t/templates/t.yaml:2:11\n  executing \"t/templates/t.yaml\" at <5>:\n    expected string; found 5"
        ),
        (
            "{{ index .Values \"a\" \"b\" }}",
            "template: t/templates/t.yaml:2:5: executing \"t/templates/t.yaml\" at <index .Values \"a\" \"b\">: error calling index: index of nil pointer"
        ),
    ])
    func refuses(_ template: String, _ message: String) {
        let error = #expect(throws: Diagnostic.self) { try render(template) }
        #expect(error?.message == message)
    }

    @Test(arguments: [
        ("{{ upper (list 1) }}", "at <1>: wrong type for value"),
        ("{{ eq (list 1) (list 2) }}", "non-comparable type [%!s(int=2)]: []interface {}"),
        ("{{ deepCopy nil }}", "reflect: call of reflect.Value.Type on zero Value"),
        ("{{ call (int64 5) }}", "non-function int64 5 of type int64"),
    ])
    func wordsErrorsAsGoDoes(_ template: String, _ part: String) {
        let error = #expect(throws: Diagnostic.self) { try render(template) }
        let message = (error?.message ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(message.contains(part), "\(message)")
    }

    @Test func assignmentsHaveTypes() throws {
        let assignments: [HelmRelease.Assignment] = [
            .typed("a=1,b.c=x,d[1]=y,e={p,q},f\\.g=h,t=true,z=007"), .string("s=5"), .json("j={\"a\":[1,2]},k=3"), .literal("l=a,b=c"),
        ]
        #expect(
            try render("{{ toJson .Values }}", assignments: assignments)
                == "{\"a\":1,\"b\":{\"c\":\"x\"},\"d\":[null,\"y\"],\"e\":[\"p\",\"q\"],\"f.g\":\"h\",\"j\":{\"a\":[1,2]},\"k\":3,\"l\":\"a,b=c\",\"s\":\"5\",\"t\":true,\"z\":\"007\"}"
        )
        #expect(throws: Diagnostic.self) { try render("x", assignments: [.typed("a")]) }
        #expect(throws: Diagnostic.self) { try render("x", assignments: [.typed("a[-1]=2")]) }
    }

    @Test func randomnessIsReported() throws {
        let tree = MemoryFileTree([
            "Chart.yaml": "apiVersion: v2\nname: t\nversion: 1.0.0\n", "templates/a.yaml": "a: {{ randAlphaNum 8 }}\n",
            "templates/b.yaml": "b: {{ uuidv4 }}\n",
        ])
        let output = try HelmRenderer.render(try HelmChart.load(tree: tree, folder: ""), HelmRelease(name: "r", namespace: "n"))
        #expect(Set(output.randomness.map(\.function)) == ["randAlphaNum", "uuidv4"])
        #expect(output.randomness.contains { $0.template == "t/templates/a.yaml" })
    }

    @Test func schemaIsChecked() throws {
        let tree = MemoryFileTree([
            "Chart.yaml": "apiVersion: v2\nname: t\nversion: 1.0.0\n", "values.yaml": "port: high\n",
            "values.schema.json": "{\"type\":\"object\",\"properties\":{\"port\":{\"type\":\"integer\"}}}",
        ])
        let chart = try HelmChart.load(tree: tree, folder: "")
        let error = #expect(throws: Diagnostic.self) { try HelmRenderer.render(chart, HelmRelease(name: "r", namespace: "n")) }
        #expect(error?.message.contains("- at '/port': got string, want integer") == true)
    }
}
