import Dispatch
import Manifests
import Rendering

/// The input is a kustomization over a small tree that has some of everything.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzKustomization(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    var tree = MemoryFileTree([
        "base/kustomization.yaml": "resources: [a.yaml]\ncommonLabels: {a: b}\n",
        "base/a.yaml":
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 1, template: {spec: {containers: [{name: c, image: 'i:1', env: [{name: A, value: $(V)}]}]}}}\n",
        "part/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: p-\n",
        "a.yaml":
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {x: '1'}}\ndata: {a: '1', f.json: '{\"a\": [1, {\"b\": 2}]}', g.yaml: 'a: {b: c}'}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n",
        "p.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: null, b: x}\n",
        "p.json": "[{\"op\": \"add\", \"path\": \"/data/z\", \"value\": {\"a\": 1}}]",
        "f.txt": "text\n", "e.env": "A=1\nB=2\n",
        "charts/c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
        "charts/c/templates/t.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: t}\ndata: {v: {{ .Values.v | quote }}}\n",
    ])
    tree.add(Array(UnsafeBufferPointer(start: bytes, count: count)), at: "kustomization.yaml")
    Fuzzing.build(tree)
    return 0
}

/// Waits for a build.
enum Fuzzing {
    static func build(_ tree: MemoryFileTree) {
        let done = DispatchSemaphore(value: 0)
        Task {
            let result = try? await KustomizeBuild.build(tree: tree, folder: "", options: KustomizeOptions(order: .legacy))
            if let result { _ = try? KustomizeBuild.yaml(result.manifests) }
            done.signal()
        }
        done.wait()
    }
}
