import Manifests
import Rendering
import Testing

/// What Helm's engine made of templates that once came out otherwise here.
@Suite struct TemplateFidelityTests {
    private func render(_ expression: String) throws -> String {
        let tree = MemoryFileTree([
            "Chart.yaml": "apiVersion: v2\nname: t\nversion: 1.0.0\n", "values.yaml": "n: null\nl: [null]\n",
            "templates/t.yaml": "x: {{ print (\(expression)) | quote }}\n",
        ])
        let output = try HelmRenderer.render(HelmChart.load(tree: tree, folder: ""), HelmRelease(name: "r", namespace: "n"))
        return try #require(YAMLLoader.load(output.text, file: "").first?.value["x"]?.string)
    }

    @Test(arguments: [
        // `#` keeps the point and the zeros of numbers.
        ("printf \"%#g %#.3e %#.0f\" 4.0 4.0 4.0", "4.00000 4.000e+00 4."), ("printf \"%#.3g|%#x\" 0.00001 1.0", "1.00e-05|0x1.0000p+00"),
        ("printf \"%+#5.0d\" 42.0", "%!d(float64=+4.e+01)"), ("printf \"%#6.2g|\" 100.0", "1.0e+02|"),
        // Zones without a name are told by their distance, with minutes; some have a number for a name.
        ("toDate \"2006-01-02T15:04:05Z07:00\" \"2020-12-31T22:00:00+02:00\"", "2020-12-31 22:00:00 +0200 +0200"),
        ("toDate \"2006-01-02 -0700 MST\" \"2020-12-31 +0200 +02\"", "2020-12-31 00:00:00 +0200 +02"),
        ("toDate \"2006-01-02 MST\" \"2020-12-31 GMT+3\"", "2020-12-31 03:00:00 +0300 GMT+3"),
        ("toDate \"2006-01-02 MST\" \"2020-12-31 ABCD\"", "0001-01-01 00:00:00 +0000 UTC"),
        ("toDate \"15:04:05.000\" \"01:02:03.1234\"", "0001-01-01 00:00:00 +0000 UTC"),
        // What follows the first document is not looked at.
        ("fromYaml \"a: 1\\n---\\nb: [\"", "map[a:1]"),
        ("(fromYaml \"a: *nope\").Error", "error converting YAML to JSON: yaml: unknown anchor 'nope' referenced"),
        (
            "hasPrefix \"error converting YAML to JSON: unsupported map key of type: %!s(<nil>), key: <nil>\" (fromYaml \"a: 1\\n~: x\").Error",
            "true"
        ),
        ("fromToml \"[a]\\n[a]\"", "map[Error:toml: line 2: Key 'a' has already been defined.]"),
        ("fromToml \"[a.b]\\n[a]\\nc = 1\"", "map[a:map[b:map[] c:1]]"),
        ("fromToml \"[[a]]\\n[a.b]\\n[[a]]\\n[a.b]\" | toJson", #"{"a":[{"b":{}},{"b":{}}]}"#),
        ("fromToml \"a =\"", #"map[Error:toml: line 1 (last key "a"): unexpected EOF; expected value]"#),
        ("fromToml \"true\"", "map[Error:toml: line 1: unexpected EOF; expected key separator '=']"),
    ])
    func values(_ expression: String, _ expected: String) throws { #expect(try render(expression) == expected) }

    @Test(arguments: [
        ("len nil", "error calling len: reflect: call of reflect.Value.Type on zero Value"),
        ("len .Values.n", "error calling len: len of nil pointer"),
        ("eq (dict \"a\" 1) (list 1 true)", "non-comparable types map[a:%!s(int=1)]: map[string]interface {}, []interface {}: [1 true]"),
    ])
    func errors(_ expression: String, _ part: String) {
        let error = #expect(throws: Diagnostic.self) { try render(expression) }
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }
}
