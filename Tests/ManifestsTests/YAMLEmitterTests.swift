import Manifests
import Testing

/// What `sigs.k8s.io/yaml` prints for the same values.
@Suite struct YAMLEmitterTests {
    @Test(arguments: [
        ("text", "text"), ("", "\"\""), ("yes", "\"yes\""), ("n", "\"n\""), ("017", "\"017\""), ("1e3", "\"1e3\""), ("1e", "1e"),
        ("0b-1", "\"0b-1\""), (".5", "\".5\""), (".5_", ".5_"), ("12:30", "\"12:30\""), ("2001-1-1", "\"2001-1-1\""),
        ("2001-01-01T10:00:00", "2001-01-01T10:00:00"), ("~", "\"~\""), ("<<", "<<"), ("=", "="), ("NaN", "NaN"), ("a: b", "'a: b'"),
        ("it's: b", "'it''s: b'"), ("- a", "'- a'"), ("#a", "'#a'"), ("a #b", "'a #b'"), ("a#b", "a#b"), (" a", "' a'"),
        ("a\tb", "\"a\\tb\""),
        ("\u{1F600}", "\"\\U0001F600\""), ("é", "é"), ("a\r\nb", "\"a\\r\\nb\""), ("---", "'---'"), ("@a", "'@a'"), ("a,b", "a,b"),
        ("\u{FEFF}a", "\"\\uFEFF\\x61\""),
    ])
    func texts(_ text: String, _ expected: String) {
        #expect(String(decoding: YAMLEmitter.kustomize(.string(text)), as: UTF8.self) == expected + "\n")
    }

    @Test(arguments: [
        (Value.double(1e3), "1000"), (.double(1e21), "1e+21"), (.double(123_456_789.123_456_789), "1.2345678912345679e+08"),
        (.double(1.5e6), "1500000"), (.double(0.1), "0.1"), (.double(1e-7), "1e-07"), (.int(.min), "-9223372036854775808"),
        (.unsigned(.max), "18446744073709551615"), (.null, "null"),
        (.array([]), "[]"), (.object([:]), "{}"),
    ])
    func scalars(_ value: Value, _ expected: String) {
        #expect(String(decoding: YAMLEmitter.kustomize(value), as: UTF8.self) == expected + "\n")
    }

    @Test func aKeyThatWouldMergeGetsQuotes() throws {
        let value: Value = ["<<": ["a": 1], "b": "<<"]
        let text = YAMLEmitter.kustomize(value)
        #expect(String(decoding: text, as: UTF8.self) == "\"<<\":\n  a: 1\nb: <<\n")
        #expect(try YAMLLoader.load(text, file: "", options: .init(schema: .kustomize)).first?.value == value)
    }

    @Test func structure() {
        let value: Value = [
            "list": [["b": 1, "a": [1, [2, 3]]], [:]], "a10": "x", "a9": "y", "_z": nil, "Z": true,
            "text": "one\ntwo\n", "kept": "a\n\n", "bare": "a\nb", "indented": " a\nb\n",
        ]
        let expected = """
            _z: null
            Z: true
            a9: "y"
            a10: x
            bare: |-
              a
              b
            indented: |2
               a
              b
            kept: |+
              a

            list:
            - a:
              - 1
              - - 2
                - 3
              b: 1
            - {}
            text: |
              one
              two

            """
        #expect(String(decoding: YAMLEmitter.kustomize(value), as: UTF8.self) == expected)
    }

    @Test func longTextFolds() {
        let words = Array(repeating: "word", count: 40).joined(separator: " ")
        let text = String(decoding: YAMLEmitter.kustomize(["key": .string(words)]), as: UTF8.self)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("  word") })
        #expect(lines[0].count == 84)
    }

    @Test func longKeysStandBehindAQuestionMark() {
        let key = String(repeating: "k", count: 129)
        #expect(String(decoding: YAMLEmitter.kustomize(.object([key: ["a": 1]])), as: UTF8.self) == "? \(key)\n: a: 1\n")
    }

    @Test func documentsAreSeparated() {
        #expect(String(decoding: YAMLEmitter.kustomize([["a": 1], ["b": "|"]] as [Value]), as: UTF8.self) == "a: 1\n---\nb: '|'\n")
        #expect(YAMLEmitter.kustomize([] as [Value]).isEmpty)
    }

    @Test func foldedTextGoesThroughGoYAML() throws {
        let options = YAMLLoader.Options(schema: .kustomize)
        func text(_ yaml: String) throws -> String? {
            try YAMLLoader.load(Array(yaml.utf8), file: "a", options: options).first?.value["a"]?.string
        }
        #expect(try text("a: >\n  one\n  two\n") == "one two\n")
        #expect(try text("a: >\n  one\n    two\n  three\n") == "one\n\n  two\nthree\n")
        #expect(try text("a: >+\n  one\n\n\n") == "one\n\n\n\n")
    }

    @Test func sourceTextsAreKept() throws {
        let options = YAMLLoader.Options(schema: .kustomize, recordsBlanks: true)
        let document = try #require(
            try YAMLLoader.load(Array("a: 1.10\nb:\nc: [{d: ~, e: }]\nf: 1\n".utf8), file: "a", options: options).first)
        #expect(document.texts == ["/a": "1.10", "/c/0/d": "~"])
        #expect(document.blanks == ["/b", "/c/0/e"])
    }
}
