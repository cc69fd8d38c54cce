import Manifests
import Rendering

private let files: [String: String] = [
    "Chart.yaml": "apiVersion: v2\nname: t\nversion: 1.0.0\n",
    "values.yaml": """
    a: {b: {c: 1}, e: {}, a: x}
    l: [1, two, {x: null}, [3, 4], "", 1.5]
    s: some text
    t: true
    f: 1.5
    n: null
    big: 12345678901234567890
    c: {k1: v1, k2: [a, b], k3: {k4: true}}
    time: 2024-02-29T12:34:56Z
    y: '{{ .Values.a }}'
    j: '{"a": [1, 2.5, null, {"b": "c"}]}'
    """,
    "templates/_h.tpl": "{{ define \"h\" }}<{{ . }}>{{ end }}{{ define \"again\" }}{{ include \"again\" . }}{{ end }}",
    "data/x.txt": "x\ny\n",
]

private let limits: EvaluationLimits = {
    var limits = EvaluationLimits()
    limits.secondsMax = 2
    limits.outputBytesMax = 1 << 20
    limits.textBytesMax = 1 << 20
    limits.elementsMax = 100_000
    limits.nestingsMax = 50_000
    limits.callsMax = 200
    return limits
}()

/// The input chooses how a template is put together, which is then run with values that have every kind of value.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzEvaluator(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    var tree = MemoryFileTree(files)
    tree.add(Array(TemplateGenerator.template(Array(UnsafeBufferPointer(start: bytes, count: count))).utf8), at: "templates/t.yaml")
    guard let chart = try? HelmChart.load(tree: tree, folder: "") else { return 0 }
    _ = try? HelmRenderer.render(chart, HelmRelease(name: "r", namespace: "n"), limits: limits)
    return 0
}
