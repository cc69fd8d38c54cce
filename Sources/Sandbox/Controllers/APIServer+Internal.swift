import Manifests

/// Writes of the server's own loops.
extension APIServer {
    /// Changes an object as a controller does: with `manager` as the status' owner, or with `nil` untracked.
    @discardableResult
    func edit(_ key: ObjectKey, manager: String?, subresource: String = "status", _ change: (inout Value) -> Void) -> Bool {
        for _ in 0..<50 {
            guard let stored = store.object(key) else { return false }
            var object = stored.value
            change(&object)
            if object == stored.value { return true }
            if let manager, let resource = resource(of: object) {
                let fields = FieldManager(
                    type: resource.type, apiVersion: resource.apiVersion, subresource: subresource, now: clock.now)
                let managed = fields.update(
                    object, over: stored.value, managed: ManagedFields(object.metadata("managedFields")), manager: manager)
                object.setMetadata("managedFields", managed.value)
            }
            if Deletion.isFinished(object) {
                if (try? store.remove(key, expecting: stored.resourceVersion)) != nil { return true }
            } else if (try? store.put(object, at: key, expecting: .version(stored.resourceVersion))) != nil {
                return true
            }
        }
        return false
    }

    private func resource(of object: Value) -> Resource? {
        let kind = GroupVersionKind(apiVersion: object["apiVersion"]?.string ?? "", kind: object["kind"]?.string ?? "")
        return store.registry.resource(group: kind.group, kind: kind.kind)
    }

    /// Deletes an object in the background; one with finalizers is marked.
    func end(_ key: ObjectKey) {
        for _ in 0..<50 {
            guard let stored = store.object(key) else { return }
            if Deletion.finalizers(stored.value).isEmpty {
                if (try? store.remove(key, expecting: stored.resourceVersion)) != nil { return }
                continue
            }
            if stored.value.metadata("deletionTimestamp") != nil { return }
            var object = stored.value
            object.setMetadata("deletionTimestamp", .string(clock.now))
            object.setMetadata("deletionGracePeriodSeconds", 0)
            if (try? store.put(object, at: key, expecting: .version(stored.resourceVersion))) != nil { return }
        }
    }

    /// Gives a definition the status that makes its kind served.
    func establish(_ key: ObjectKey) {
        guard let stored = store.object(key), let established = Definitions.established(stored.value, now: clock.now)
        else { return }
        let status = established["status"] ?? .null
        edit(key, manager: "kube-apiserver") { $0["status"] = status }
    }
}
