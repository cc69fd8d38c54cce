import Manifests
import Rendering

/// The first byte chooses between an archive, a values file, an assignment and a schema.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzChart(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    let rest = Array(input.dropFirst())
    var tree = MemoryFileTree(["Chart.yaml": "apiVersion: v2\nname: t\nversion: 1.0.0\n", "templates/t.yaml": "a: {{ toJson .Values }}\n"])
    var release = HelmRelease(name: "r", namespace: "n")
    switch input[0] % 4 {
    case 0: tree.add(rest, at: "charts/x.tgz")
    case 1: tree.add(rest, at: "values.yaml")
    case 2: release.assignments = [.typed(String(decoding: rest, as: UTF8.self)), .json(String(decoding: rest, as: UTF8.self))]
    default: tree.add(rest, at: "values.schema.json")
    }
    guard let chart = try? HelmChart.load(tree: tree, folder: "") else { return 0 }
    _ = try? HelmRenderer.render(chart, release)
    return 0
}
