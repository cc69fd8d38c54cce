internal import Manifests

/// The workloads of a plan that answer for its services: a webhook that is registered before its pods run refuses
/// everything that it is asked about.
struct ServiceBackends {
    private struct Workload {
        var reference: ObjectReference
        var labels: Object
    }

    private var workloads: [String: [Workload]] = [:]
    private var selectors: [ObjectReference: Object] = [:]

    init(_ objects: [(reference: ObjectReference, object: Value)]) {
        for (reference, object) in objects {
            if reference.group.isEmpty, reference.kind == "Service" {
                if let selector = object.at("spec", "selector")?.object, !selector.isEmpty { selectors[reference] = selector }
                continue
            }
            let labels = reference.kind == "Pod" ? object.at("metadata", "labels") : object.at("spec", "template", "metadata", "labels")
            guard let labels = labels?.object, !labels.isEmpty else { continue }
            workloads[reference.namespace, default: []].append(Workload(reference: reference, labels: labels))
        }
    }

    /// Whether objects of a kind call services back.
    static func isCaller(_ kind: GroupKind) -> Bool {
        switch (kind.group, kind.kind) {
        case ("admissionregistration.k8s.io", _), ("apiregistration.k8s.io", "APIService"): true
        default: false
        }
    }

    /// The workloads behind the services that an object calls: of webhooks and API services. Not of a definition's conversion
    /// webhook: its pods mostly start only when the definition stands.
    func needs(of reference: ObjectReference, calling services: [Need]) -> [Need] {
        guard Self.isCaller(reference.groupKind) else { return [] }
        return services.flatMap { need -> [Need] in
            guard need.reference.kind == "Service", let selector = selectors[need.reference] else { return [] }
            return (workloads[need.reference.namespace] ?? []).filter { workload in
                selector.allSatisfy { workload.labels[$0.key] == $0.value }
            }.map { Need($0.reference, need.reason) }
        }
    }
}
