internal import Manifests

extension Health {
    /// What Argo CD asks for beyond kstatus (argo-cd, `gitops-engine/pkg/health`).
    static func strict(_ object: Value, kind: GroupKind, otherwise health: Health) -> Health {
        guard health.status == .current || health.status == .inProgress else { return health }
        switch (kind.group, kind.kind) {
        case ("", "Service"):
            guard object.at("spec", "type")?.string == "LoadBalancer" else { return health }
            return hasAddress(object) ? health : Health(.inProgress, "its load balancer has no address yet")
        case ("networking.k8s.io", "Ingress"):
            return hasAddress(object) ? health : Health(.inProgress, "it has no address yet")
        case ("autoscaling", "HorizontalPodAutoscaler"): return autoscaler(object)
        case ("apps", "ReplicaSet"), ("", "ReplicationController"):
            guard let failure = condition("ReplicaFailure", of: object), failure.status == "True" else { return health }
            return Health(.failed, failure.text(or: "replicas cannot be made"))
        case ("", "Pod"):
            guard let reason = failingContainer(object) else { return health }
            return Health(.failed, reason)
        default: return health
        }
    }

    private static func hasAddress(_ object: Value) -> Bool {
        object.at("status", "loadBalancer", "ingress")?.array?.isEmpty == false
    }

    private static let autoscalerFailures: Set<String> = [
        "FailedGetScale", "FailedUpdateScale", "FailedGetResourceMetric", "InvalidSelector", "FailedGetObjectMetric",
        "FailedGetPodsMetric", "FailedGetContainerResourceMetric", "FailedGetExternalMetric", "InvalidMetricSourceType",
        "FailedComputeMetricsReplicas",
    ]

    private static func autoscaler(_ object: Value) -> Health {
        let conditions = (object.at("status", "conditions")?.array ?? []).map(Condition.init)
        if let failure = conditions.first(where: { $0.status == "False" && autoscalerFailures.contains($0.reason) }) {
            return Health(.failed, failure.text(or: "it cannot scale"))
        }
        guard conditions.contains(where: { $0.status == "True" && ($0.type == "AbleToScale" || $0.type == "ScalingLimited") }) else {
            return Health(.inProgress, conditions.first?.text(or: "no controller has seen it yet") ?? "no controller has seen it yet")
        }
        return Health(.current)
    }

    /// A container that cannot start, of a pod that is to run for good.
    private static func failingContainer(_ object: Value) -> String? {
        guard (object.at("spec", "restartPolicy")?.string ?? "Always") == "Always" else { return nil }
        let statuses = (object.at("status", "initContainerStatuses")?.array ?? []) + (object.at("status", "containerStatuses")?.array ?? [])
        for status in statuses {
            guard let reason = status.at("state", "waiting", "reason")?.string else { continue }
            if reason.hasPrefix("Err") || reason.hasSuffix("Error") || reason.hasSuffix("BackOff") {
                let message = status.at("state", "waiting", "message")?.string.map { ": \($0)" } ?? ""
                return "container '\(status["name"]?.string ?? "")' \(reason)\(message)"
            }
        }
        return nil
    }

    /// Whether the controller has yet to see the object's generation.
    static func isUnobserved(_ object: Value) -> Bool {
        guard let generation = object.at("metadata", "generation")?.int, let observed = object.at("status", "observedGeneration")?.int
        else { return false }
        return observed < generation
    }
}
