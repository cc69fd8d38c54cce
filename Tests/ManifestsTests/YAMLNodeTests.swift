import Testing

@testable import Manifests

/// YAML that is read and written again with its styles, as go-yaml v3 does it; the expected texts are kustomize's.
@Suite struct YAMLNodeTests {
    @Test(arguments: [
        ("a: 1\n", "a: 1\n"), ("a:   'x'\n\n\nb: \"y\"\n", "a: 'x'\nb: \"y\"\n"),
        ("a:\n    - b\n    -   c: 1\n        d: 2\n", "a:\n- b\n- c: 1\n  d: 2\n"),
        ("- - a\n  - b\n- c\n", "- - a\n  - b\n- c\n"), ("{a: 1,  b: [x,y]}", "{a: 1, b: [x, y]}\n"), ("a: {\n  b: c,\n}\n", "a: {b: c}\n"),
        ("a: [http://x, 'q', {b: c}]", "a: ['http://x', 'q', {b: c}]\n"), ("a: |\n  x\n    y\n", "a: |\n  x\n    y\n"),
        ("a: |+\n  x\n\n", "a: |+\n  x\n\n"), ("a: |2-\n   x\n", "a: |2-\n   x\n"),
        ("a: >\n  one\n  two\n\n  three\n", "a: >\n  one two\n\n  three\n\n"),
        ("a: b\n  c\n", "a: b c\n"), ("a:\nb: ~\nc: ''\n", "a:\nb: ~\nc: ''\n"), ("a: &x {b: 1}\nc: *x\n", "a: &x {b: 1}\nc: *x\n"),
        ("? a\n: b\n", "a: b\n"), ("a: \"x\\ty\"\n", "a: \"x\\ty\"\n"), ("a: []\nb: {}\n", "a: []\nb: {}\n"), ("x", "x\n"),
        ("a: |\n  x\ty\n", "a: |\n  x\ty\n"),
    ]) func stylesAreKept(_ text: String, _ expected: String) throws {
        let node = try #require(YAMLNodeReader.read(text))
        #expect(String(decoding: YAMLEmitter.text(node), as: UTF8.self) == expected)
    }

    @Test(arguments: ["", "a: [", "a: !!str 1", "!x {}", "# nothing\n"]) func whatIsNoPlainDocumentIsNone(_ text: String) {
        #expect(YAMLNodeReader.read(text) == nil)
    }

    @Test(arguments: [
        ("a: 'x'\n", "a: 'y'\n"), ("a: x\n", "a: y\n"), ("a: [1, {b: \"x\"}]\n", "a: [1, {b: \"y\"}]\n"), ("a: |\n  x\n", "a: |\n  y\n"),
    ]) func changedScalarsKeepTheirStyle(_ text: String, _ expected: String) throws {
        var node = try #require(YAMLNodeReader.read(text))
        let old = try #require(try YAMLLoader.load(Array(text.utf8), file: "", options: .init(schema: .kustomize)).first?.value)
        let new = try #require(try YAMLLoader.load(Array(expected.utf8), file: "", options: .init(schema: .kustomize)).first?.value)
        node.update(from: old, to: new)
        #expect(String(decoding: YAMLEmitter.text(node), as: UTF8.self) == expected)
    }

    @Test func textThatReadsAsSomethingElseGetsQuotes() throws {
        var node = try #require(YAMLNodeReader.read("a: x\nb: [y]\n"))
        node.update(from: ["a": "x", "b": ["y"]], to: ["a": "1", "b": ["y", true], "c": ["d": "e"]])
        #expect(String(decoding: YAMLEmitter.text(node), as: UTF8.self) == "a: \"1\"\nb: [y, true]\nc:\n  d: e\n")
    }
}
