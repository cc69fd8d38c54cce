import Manifests
import Rendering
import Testing

/// Templates that would not end, or take all memory, end with an error.
@Suite(.serialized) struct HelmLimitsTests {
    private func render(_ template: String, limits: EvaluationLimits = EvaluationLimits()) throws -> Int {
        let tree = MemoryFileTree([
            "Chart.yaml": "apiVersion: v2\nname: t\nversion: 1.0.0\n",
            "values.yaml": "loop: '{{ tpl .Values.loop . }}'\n",
            "templates/_h.tpl":
                "{{ define \"again\" }}{{ include \"again\" . }}{{ end }}{{ define \"on\" }}{{ template \"on\" . }}{{ end }}"
                + "{{ define \"wide\" }}xxxxxxxxxxxxxxxx{{ template \"wide\" . }}{{ template \"wide\" . }}{{ end }}",
            "templates/t.yaml": template,
        ])
        let chart = try HelmChart.load(tree: tree, folder: "")
        return try HelmRenderer.render(chart, HelmRelease(name: "r", namespace: "n"), limits: limits).text.count
    }

    private static let small: EvaluationLimits = {
        var limits = EvaluationLimits()
        limits.memoryBytesMax = 96 << 20
        limits.outputBytesMax = 4 << 20
        limits.textBytesMax = 1 << 20
        limits.elementsMax = 100_000
        limits.nestingsMax = 50_000
        // The other bounds are what is tried here: on a busy machine this one must not come first.
        limits.secondsMax = 600
        return limits
    }()

    @Test(arguments: [
        ("{{ include \"again\" . }}", "nested reference name: again"),
        ("{{ template \"on\" . }}", "template depth"),
        ("{{ tpl .Values.loop . }}", "error calling tpl"),
        ("{{ template \"wide\" . }}", "template"),
    ])
    func recursionEnds(_ template: String, _ part: String) {
        let error = #expect(throws: Diagnostic.self) { try render(template, limits: Self.small) }
        #expect(error?.message.contains(part) == true, "\(error?.message.prefix(400) ?? "")")
    }

    @Test(arguments: [
        ("{{ repeat 2000000 \"x\" }}", "repeat makes a text of more than"),
        ("{{ range until 1000000000 }}{{ end }}", "a list of more than 100000 elements"),
        ("{{ range 1000000000 }}xxxxxxxxxxxxxxxx{{ end }}", "the output exceeds 4 MiB"),
        ("{{ $x := \"x\" }}{{ range until 100 }}{{ $x = print $x $x }}{{ end }}", "print makes a text of more than 1 MiB"),
        ("{{ $x := \"x\" }}{{ range until 100 }}{{ $x = cat $x $x }}{{ end }}", "1 MiB"),
        ("{{ $x := list 1 }}{{ range until 100 }}{{ $x = concat $x $x }}{{ end }}", "concat makes a list of more than 100000 elements"),
        // One list in itself so often that its text has no end.
        ("{{ $x := list 1 }}{{ range until 60 }}{{ $x = list $x $x }}{{ end }}{{ print $x }}", "print makes a text of more than 1 MiB"),
        ("{{ $x := list 1 }}{{ range until 60 }}{{ $x = list $x $x }}{{ end }}{{ toJson $x }}", "a text of more than 4 MiB"),
        ("{{ $x := list 1 }}{{ range until 60 }}{{ $x = list $x $x }}{{ end }}{{ toYaml $x }}", "a text of more than 4 MiB"),
        ("{{ $x := dict }}{{ range until 60 }}{{ $x = dict \"a\" $x \"b\" $x }}{{ end }}{{ toToml $x }}", "TOML"),
        ("{{ $t := repeat 900000 \"x\" }}{{ $l := list $t $t $t $t $t $t $t $t }}{{ toJson $l }}", "a text of more than 4 MiB"),
        ("{{ $t := repeat 900000 \"x\" }}{{ join $t (list 1 2 3 4) }}", "1 MiB"),
        ("{{ regexReplaceAll \"x\" (repeat 100000 \"x\") (repeat 100 \"y\") }}", "1 MiB"),
        ("{{ splitList \"\" (repeat 500000 \"x\") | len }}", "100000 parts"),
        ("{{ regexFindAll \"x\" (repeat 500000 \"x\") -1 | len }}", "100000 times"),
        ("{{ $x := list }}{{ range until 90000 }}{{ $x = list $x }}{{ end }}", "put into others more than 50000 times"),
        ("{{ $x := dict }}{{ range until 90000 }}{{ $x = dict \"a\" $x }}{{ end }}", "put into others more than 50000 times"),
        ("{{ indent 900000 \"a\\nb\\nc\" }}", "indent makes a text"),
        ("{{ wrapWith 1 (repeat 1000 \"-\") (repeat 100000 \"x\") }}", "1 MiB"),
        // Many texts, none of them long.
        ("{{ $l := list }}{{ range $i, $_ := until 90000 }}{{ $l = append $l (repeat 50000 (print $i)) }}{{ end }}", "of memory"),
    ])
    func growthEnds(_ template: String, _ part: String) {
        let error = #expect(throws: Diagnostic.self) { try render("x: {{ \"\" }}" + template, limits: Self.small) }
        #expect(error?.message.contains(part) == true, "\(error?.message.prefix(400) ?? "")")
    }

    @Test(arguments: [
        // As deep as it may nest, and freed again.
        ("{{ $x := list }}{{ range until 49000 }}{{ $x = list $x }}{{ end }}{{ len $x }}"),
        ("{{ $d := dict }}{{ $_ := set $d \"self\" $d }}{{ len $d }}{{ kindOf $d.self.self.self }}"),
    ])
    func nestingIsAllowed(_ template: String) throws {
        #expect(try render("x: \"" + template + "\"", limits: Self.small) > 0)
    }

    @Test func timeEnds() {
        var limits = Self.small
        limits.secondsMax = 0.2
        let error = #expect(throws: Diagnostic.self) { try render("{{ range 1000000000000 }}{{ end }}", limits: limits) }
        #expect(error?.message.contains("rendering takes longer than") == true)
        let slow =
            "{{ regexMatch \"(x+x+)+y\" (repeat 900000 \"x\") }}{{ range 10000000 }}{{ regexFind \"(x|xx|xxx)*$\" (repeat 90000 \"x\") }}{{ end }}"
        #expect(throws: Diagnostic.self) { try render(slow, limits: limits) }
    }

    /// A map that contains itself prints, compares and copies without end but for the bounds.
    @Test(arguments: [
        "print $d", "toJson $d", "toYaml $d", "deepCopy $d", "deepEqual $d (deepCopy (dict))", "toToml $d", "merge (dict) $d",
        "toYamlPretty $d",
    ])
    func cyclesEnd(_ call: String) {
        // Either an error or a text that was cut; never a crash.
        _ = try? render("x: {{ $d := dict }}{{ $_ := set $d \"self\" $d }}{{ \(call) | quote }}", limits: Self.small)
    }

    /// Alternatives that lead back to the schema double at each level.
    @Test func schemasEnd() throws {
        let tree = MemoryFileTree([
            "Chart.yaml": "apiVersion: v2\nname: t\nversion: 1.0.0\n",
            "values.schema.json": ##"{"$schema": "http://json-schema.org/draft-07/schema#", "anyOf": [{"$ref": "#"}, {"$ref": "#"}]}"##,
        ])
        let chart = try HelmChart.load(tree: tree, folder: "")
        let error = #expect(throws: Diagnostic.self) { try HelmRenderer.render(chart, HelmRelease(name: "r", namespace: "n")) }
        #expect(error?.message.contains("lead into one another more than") == true, "\(error?.message ?? "")")
    }

    /// As many as a template can name in a reasonable file.
    @Test func manyVariablesAndTemplatesAreParsed() throws {
        let variables = (0..<20_000).map { "{{ $v\($0) := \($0) }}" }.joined() + "{{ $v19999 }}"
        let templates = (0..<20_000).map { "{{ define \"t\($0)\" }}\($0){{ end }}" }.joined() + "{{ template \"t7\" }}"
        #expect(try render("x: " + variables) > 0)
        #expect(try render("x: " + templates) > 0)
    }
}
