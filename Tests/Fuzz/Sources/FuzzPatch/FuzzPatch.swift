import Dispatch
import Manifests
import Rendering

/// The input is a patch, strategic or of operations, over a Deployment and a custom resource; then an object itself, under
/// patches that are fixed.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPatch(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let text = Array(UnsafeBufferPointer(start: bytes, count: count))
    var tree = MemoryFileTree([
        "kustomization.yaml":
            "resources: [a.yaml]\npatches:\n- path: p.yaml\n  target: {kind: Deployment}\n- path: p.yaml\n  target: {kind: Thing}\n  options: {allowNameChange: true, allowKindChange: true}\n",
        "a.yaml":
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {a: b}}\nspec:\n  template:\n    spec:\n      containers:\n      - name: c\n        env: [{name: A, value: '1'}, {name: B}]\n        ports: [{containerPort: 80}, {containerPort: 80, protocol: UDP}]\n      - {name: d}\n      volumes: [{name: v, emptyDir: {}}]\n---\napiVersion: e.x/v1\nkind: Thing\nmetadata: {name: t}\nspec: {a: [1, 2, {b: c}], d: ~, e: }\n",
    ])
    tree.add(text, at: "p.yaml")
    build(tree)
    var other = MemoryFileTree([
        "kustomization.yaml":
            "resources: [a.yaml]\nnamePrefix: p-\ncommonLabels: {x: y}\nimages: [{name: i, newTag: '2'}]\npatches:\n- path: p.yaml\n  target: {}\n- path: p.json\n  target: {name: .*}\n",
        "p.yaml":
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template: {spec: {containers: [{name: c, $patch: delete}, {name: n, ports: [{containerPort: 80}]}], volumes: [{$patch: replace}]}}\n",
        "p.json": "[{\"op\": \"add\", \"path\": \"/metadata/annotations/z\", \"value\": \"1\"}]",
    ])
    other.add(text, at: "a.yaml")
    build(other)
    return 0
}

private func build(_ tree: MemoryFileTree) {
    let done = DispatchSemaphore(value: 0)
    Task {
        let result = try? await KustomizeBuild.build(tree: tree, folder: "", options: KustomizeOptions())
        if let result { _ = try? KustomizeBuild.yaml(result.manifests) }
        done.signal()
    }
    done.wait()
}
