import Manifests

/// Plays the controllers of workloads, on demand: after a time deployments are ready, jobs complete, claims are bound.
///
/// No pods are made. An object's annotation `sandbox.plumb.dev/ready-after` says otherwise for it alone: a duration,
/// `never` (it stays in progress; a deployment then exceeds its deadline) or `fail`.
final class WorkloadControllers: Sendable {
    static let annotation = "sandbox.plumb.dev/ready-after"
    static let manager = "kube-controller-manager"

    enum Outcome: Sendable, Equatable {
        case ready(Duration)
        case never
        case fail
    }

    private let server: APIServer
    private let delay: Duration

    init(server: APIServer, delay: Duration) {
        self.server = server
        self.delay = delay
    }

    private static let played: Set<String> = [
        "deployments.apps", "statefulsets.apps", "daemonsets.apps", "replicasets.apps", "replicationcontrollers", "jobs.batch",
        "persistentvolumeclaims", "services", "pods", "ingresses.networking.k8s.io",
        "poddisruptionbudgets.policy", "horizontalpodautoscalers.autoscaling",
    ]

    func outcome(of object: Value) -> Outcome {
        switch object.metadata("annotations")?[Self.annotation]?.string {
        case "never": .never
        case "fail": .fail
        case let text?: .ready(DurationText.parse(text) ?? delay)
        case nil: .ready(delay)
        }
    }

    func handle(_ event: StoreEvent, in group: inout DiscardingTaskGroup) {
        if event.key.resource == "namespaces", event.old == nil, event.object != nil { makeServiceAccount(event.key.name) }
        guard Self.played.contains(event.key.resource), let object = event.object,
            object.metadata("deletionTimestamp") == nil, needsWork(object, old: event.old)
        else { return }
        let key = event.key
        group.addTask { [self] in await play(key, object) }
    }

    /// New objects and new generations; what the controllers write themselves is neither.
    private func needsWork(_ object: Value, old: Value?) -> Bool {
        guard let old else { return true }
        if object.metadata("generation") != nil { return object.metadata("generation") != old.metadata("generation") }
        return object["spec"] != old["spec"]
    }

    private func makeServiceAccount(_ namespace: String) {
        for (resource, kind, name, data) in [
            ("serviceaccounts", "ServiceAccount", "default", Value.null),
            ("configmaps", "ConfigMap", "kube-root-ca.crt", ["ca.crt": "none"]),
        ] {
            var object: Value = [
                "kind": .string(kind), "apiVersion": "v1",
                "metadata": [
                    "name": .string(name), "namespace": .string(namespace), "uid": .string(Clock.uid()),
                    "creationTimestamp": .string(server.clock.now),
                ],
            ]
            if !data.isNull { object["data"] = data }
            let key = ObjectKey(resource: resource, namespace: namespace, name: name)
            _ = try? server.store.put(object, at: key, expecting: .absent)
        }
    }

    private func play(_ key: ObjectKey, _ object: Value) async {
        let generation = object.metadata("generation")
        let uid = object.metadata("uid")
        func write(_ status: @Sendable (Value, String) -> Value?) {
            server.edit(key, manager: Self.manager) { current in
                // A newer generation has a task of its own.
                guard current.metadata("generation") == generation, current.metadata("uid") == uid else { return }
                if let status = status(current, server.clock.now) { current["status"] = status }
            }
        }
        write { WorkloadStatus.started($0, key.resource, now: $1) }
        switch outcome(of: object) {
        case .ready(let delay):
            try? await Task.sleep(for: delay)
            if Task.isCancelled { return }
            if key.resource == "persistentvolumeclaims" { bind(key) }
            write { WorkloadStatus.ready($0, key.resource, now: $1) }
        case .fail:
            try? await Task.sleep(for: delay)
            if !Task.isCancelled { write { WorkloadStatus.failed($0, key.resource, now: $1) } }
        case .never:
            guard key.resource == "deployments.apps", let seconds = object.at("spec", "progressDeadlineSeconds")?.int else { return }
            try? await Task.sleep(for: .seconds(seconds))
            if !Task.isCancelled { write { WorkloadStatus.failed($0, key.resource, now: $1) } }
        }
    }

    private func bind(_ key: ObjectKey) {
        server.edit(key, manager: Self.manager, subresource: "") { claim in
            guard claim.at("spec", "volumeName") == nil else { return }
            let name = "pvc-\(claim.metadata("uid")?.string ?? "")"
            claim.edit("spec") { $0["volumeName"] = .string(name) }
        }
    }
}
