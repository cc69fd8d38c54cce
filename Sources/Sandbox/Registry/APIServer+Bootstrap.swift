import Manifests

extension APIServer {
    /// Makes what every cluster has: its namespaces; and takes note of what an earlier run left.
    func bootstrap() {
        for name in ["default", "kube-node-lease", "kube-public", "kube-system"] {
            let key = ObjectKey(resource: "namespaces", namespace: "", name: name)
            guard store.object(key) == nil else { continue }
            var namespace: Value = [
                "kind": "Namespace", "apiVersion": "v1",
                "metadata": [
                    "name": .string(name), "uid": .string(Clock.uid()), "creationTimestamp": .string(clock.now),
                    "labels": ["kubernetes.io/metadata.name": .string(name)],
                ],
                "spec": ["finalizers": ["kubernetes"]], "status": ["phase": "Active"],
            ]
            if let resource = store.registry.resource(group: "", version: "v1", plural: "namespaces") {
                let fields = FieldManager(type: resource.type, apiVersion: "v1", subresource: "", now: clock.now)
                var tracked = namespace
                tracked["spec"] = Decoding.empty(resource)["spec"]
                tracked["status"] = Decoding.empty(resource)["status"]
                let managed = fields.update(
                    tracked, over: Decoding.empty(resource), managed: ManagedFields(), manager: "kube-apiserver")
                namespace.setMetadata("managedFields", managed.value)
            }
            _ = try? store.put(namespace, at: key, expecting: .absent)
        }
        for service in store.list("services", namespace: nil).objects { allocator.reserve(service.value) }
    }
}
