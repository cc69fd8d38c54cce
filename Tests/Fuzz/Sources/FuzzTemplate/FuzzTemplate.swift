import Manifests
import Rendering

/// The input is a template, rendered with values that have every kind of value.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTemplate(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    var tree = MemoryFileTree([
        "Chart.yaml": "apiVersion: v2\nname: t\nversion: 1.0.0\n",
        "values.yaml": "a: {b: {c: 1}, l: [1, two, {x: null}], s: text, t: true, f: 1.5, n: null}\nz: '{{ .Values.a }}'\n",
        "templates/_h.tpl": "{{ define \"h\" }}{{ . }}{{ end }}",
        "data/x.txt": "x\n",
    ])
    tree.add(Array(UnsafeBufferPointer(start: bytes, count: count)), at: "templates/t.yaml")
    var limits = EvaluationLimits()
    limits.secondsMax = 2
    limits.outputBytesMax = 1 << 20
    limits.textBytesMax = 1 << 20
    limits.elementsMax = 100_000
    guard let chart = try? HelmChart.load(tree: tree, folder: "") else { return 0 }
    _ = try? HelmRenderer.render(chart, HelmRelease(name: "r", namespace: "n"), limits: limits)
    return 0
}
