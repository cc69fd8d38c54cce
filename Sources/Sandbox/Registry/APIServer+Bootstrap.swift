import Manifests

extension APIServer {
    /// Makes what every cluster has: its namespaces; and takes note of what an earlier run left.
    func bootstrap() {
        for name in ["default", "kube-node-lease", "kube-public", "kube-system"] {
            let key = ObjectKey(resource: "namespaces", namespace: "", name: name)
            guard store.object(key) == nil else { continue }
            let namespace: Value = [
                "kind": "Namespace", "apiVersion": "v1",
                "metadata": [
                    "name": .string(name), "uid": .string(Clock.uid()), "creationTimestamp": .string(clock.now),
                    "labels": ["kubernetes.io/metadata.name": .string(name)],
                ],
                "spec": ["finalizers": ["kubernetes"]], "status": ["phase": "Active"],
            ]
            _ = try? store.put(namespace, at: key, expecting: .absent)
        }
        for service in store.list("services", namespace: nil).objects { allocator.reserve(service.value) }
    }
}
