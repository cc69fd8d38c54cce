import Manifests
import Synchronization

/// What an API server's own loops and the garbage collector do after a write: definitions become established, namespaces
/// end, owned objects follow their owners.
final class Background: Sendable {
    private let server: APIServer
    private let events: AsyncStream<StoreEvent>
    private let continuation: AsyncStream<StoreEvent>.Continuation
    private let controllers: WorkloadControllers?
    /// How long a namespace keeps ending at least: clients shall see it.
    private let namespaceDelay: Duration

    init(server: APIServer, controllers: WorkloadControllers?, namespaceDelay: Duration = .milliseconds(150)) {
        self.server = server
        self.controllers = controllers
        self.namespaceDelay = namespaceDelay
        (events, continuation) = AsyncStream.makeStream()
        let continuation = continuation
        server.store.listen { event in continuation.yield(event) }
    }

    /// Works until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            for (key, object) in server.store.everything() {
                continuation.yield(StoreEvent(key: key, object: object.value, old: nil))
            }
            for await event in events { handle(event, in: &group) }
            group.cancelAll()
        }
    }

    func stop() { continuation.finish() }

    private func handle(_ event: StoreEvent, in group: inout DiscardingTaskGroup) {
        if event.key.resource == ObjectStore.definitions, let object = event.object { definition(event.key, object) }
        if event.key.resource == "namespaces", let object = event.object, object.metadata("deletionTimestamp") != nil,
            event.old?.metadata("deletionTimestamp") == nil
        {
            let name = event.key.name
            group.addTask { [self] in await endNamespace(name) }
        }
        if let object = event.object, object.metadata("deletionTimestamp") != nil {
            let finalizers = Deletion.finalizers(object)
            if finalizers.contains(Deletion.foreground) || finalizers.contains(Deletion.orphan) {
                let key = event.key
                group.addTask { [self] in await finishOwner(key) }
            }
        }
        if let object = event.object, object.metadata("deletionTimestamp") != nil { unprotect(event.key, object) }
        if event.object == nil, let old = event.old {
            if event.key.resource == "services" { server.allocator.release(old) }
            if let uid = old.metadata("uid")?.string { deleteDependents(of: uid) }
        }
        controllers?.handle(event, in: &group)
    }

    // MARK: definitions

    private func definition(_ key: ObjectKey, _ object: Value) {
        if object.metadata("deletionTimestamp") != nil {
            guard Deletion.finalizers(object).contains(Definitions.cleanupFinalizer) else { return }
            let resource = "\(object.at("spec", "names", "plural")?.string ?? "").\(object.at("spec", "group")?.string ?? "")"
            for stored in server.store.list(resource, namespace: nil).objects { delete(stored.value, resource: resource) }
            if server.store.list(resource, namespace: nil).objects.isEmpty {
                server.edit(key, manager: nil) { Self.drop(Definitions.cleanupFinalizer, from: &$0) }
            }
            return
        }
        server.establish(key)
    }

    /// Nothing here uses volumes and claims, so nothing protects them once they are to go.
    private func unprotect(_ key: ObjectKey, _ object: Value) {
        for (resource, finalizer) in [
            ("persistentvolumeclaims", "kubernetes.io/pvc-protection"), ("persistentvolumes", "kubernetes.io/pv-protection"),
        ] where key.resource == resource && Deletion.finalizers(object).contains(finalizer) {
            server.edit(key, manager: nil) { Self.drop(finalizer, from: &$0) }
        }
    }

    private func delete(_ object: Value, resource: String) {
        let key = ObjectKey(
            resource: resource, namespace: object.metadata("namespace")?.string ?? "", name: object.metadata("name")?.string ?? "")
        server.end(key)
    }

    private static func drop(_ finalizer: String, from object: inout Value) {
        Deletion.setFinalizers(Deletion.finalizers(object).filter { $0 != finalizer }, on: &object)
    }

    // MARK: namespaces

    private func endNamespace(_ name: String) async {
        try? await Task.sleep(for: namespaceDelay)
        let key = ObjectKey(resource: "namespaces", namespace: "", name: name)
        // A finalizer in it may hold the namespace for as long as it likes.
        while !Task.isCancelled {
            let contents = server.store.keys(inNamespace: name)
            for content in contents { server.end(content) }
            if server.store.keys(inNamespace: name).isEmpty {
                server.edit(key, manager: nil) { $0.edit("spec") { $0["finalizers"] = nil } }
                return
            }
            try? await Task.sleep(for: .milliseconds(100))
        }
    }

    // MARK: garbage collection

    private func deleteDependents(of uid: String) {
        for (key, value) in server.store.dependents(of: uid) {
            let owners = value.metadata("ownerReferences")?.array ?? []
            // Another owner that is still there keeps the object.
            let others = owners.filter { $0["uid"]?.string != uid && isAlive($0, beside: key) }
            if others.isEmpty {
                server.end(key)
            } else {
                server.edit(key, manager: nil) { $0.setMetadata("ownerReferences", .array(others)) }
            }
        }
    }

    private func isAlive(_ owner: Value, beside key: ObjectKey) -> Bool {
        let kind = GroupVersionKind(apiVersion: owner["apiVersion"]?.string ?? "", kind: owner["kind"]?.string ?? "")
        guard let resource = server.store.registry.resource(group: kind.group, kind: kind.kind) else { return false }
        let ownerKey = ObjectKey(
            resource: resource.storageKey, namespace: resource.isNamespaced ? key.namespace : "",
            name: owner["name"]?.string ?? "")
        return server.store.object(ownerKey)?.value.metadata("uid") == owner["uid"]
    }

    /// An owner that waits for its dependents (foreground) or lets them go (orphan).
    private func finishOwner(_ key: ObjectKey) async {
        for _ in 0..<6000 where !Task.isCancelled {
            guard let object = server.store.object(key)?.value, let uid = object.metadata("uid")?.string else { return }
            let finalizers = Deletion.finalizers(object)
            let dependents = server.store.dependents(of: uid)
            if finalizers.contains(Deletion.orphan) {
                for (dependent, _) in dependents {
                    server.edit(dependent, manager: nil) { value in
                        let rest = (value.metadata("ownerReferences")?.array ?? []).filter { $0["uid"]?.string != uid }
                        value.setMetadata("ownerReferences", rest.isEmpty ? nil : .array(rest))
                    }
                }
                server.edit(key, manager: nil) { Self.drop(Deletion.orphan, from: &$0) }
                return
            }
            for (dependent, _) in dependents { server.end(dependent) }
            let blocking = dependents.filter { _, value in
                (value.metadata("ownerReferences")?.array ?? []).contains {
                    $0["uid"]?.string == uid && $0["blockOwnerDeletion"]?.bool == true
                }
            }
            if blocking.allSatisfy({ server.store.object($0.key) == nil }) {
                server.edit(key, manager: nil) { Self.drop(Deletion.foreground, from: &$0) }
                return
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }
}
