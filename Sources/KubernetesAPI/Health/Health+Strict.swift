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
        case ("", "Pod"): return pod(object, otherwise: health)
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

    /// The first condition that decides counts: one that can scale and has no metrics yet, as it is in its first minute, is well.
    private static func autoscaler(_ object: Value) -> Health {
        let conditions = autoscalerConditions(object)
        for condition in conditions {
            // Whatever its status says: a reason of a failure stands with either.
            if autoscalerFailures.contains(condition.reason) {
                return Health(.failed, condition.text(or: "it cannot scale"))
            }
            if condition.status == "True", condition.type == "AbleToScale" || condition.type == "ScalingLimited" { return Health(.current) }
        }
        return Health(.inProgress, conditions.first?.text(or: "no controller has seen it yet") ?? "no controller has seen it yet")
    }

    /// In `autoscaling/v1` the conditions are an annotation, as JSON.
    private static func autoscalerConditions(_ object: Value) -> [Condition] {
        var conditions = object.at("status", "conditions")?.array ?? []
        let annotation = object.at("metadata", "annotations", "autoscaling.alpha.kubernetes.io/conditions")?.string
        if conditions.isEmpty, let annotation {
            conditions = (try? JSONParser.parse(Array(annotation.utf8)))?.array ?? []
        }
        return conditions.map(Condition.init)
    }

    private static func pod(_ object: Value, otherwise health: Health) -> Health {
        let isRunning = object.at("status", "phase")?.string == "Running"
        guard (object.at("spec", "restartPolicy")?.string ?? "Always") == "Always" else {
            // It has an end, and has not come to it.
            return isRunning && health.status == .current ? Health(.inProgress, "it has not ended yet") : health
        }
        let statuses = object.at("status", "containerStatuses")?.array ?? []
        for status in (object.at("status", "initContainerStatuses")?.array ?? []) + statuses {
            if let reason = waitingFailure(status) { return Health(.failed, reason) }
        }
        let ended = statuses.first { $0.at("lastState", "terminated")?.object != nil }
        guard isRunning, let ended, condition("Ready", of: object)?.status != "True" else { return health }
        return Health(.failed, "container '\(ended["name"]?.string ?? "")' has ended before, and is not ready again")
    }

    /// Why a container cannot start.
    private static func waitingFailure(_ status: Value) -> String? {
        guard let waiting = status.at("state", "waiting"), let reason = waiting["reason"]?.string,
            reason.hasPrefix("Err") || reason.hasSuffix("Error") || reason.hasSuffix("BackOff")
        else { return nil }
        let message = waiting["message"]?.string.map { ": \($0)" } ?? ""
        return "container '\(status["name"]?.string ?? "")' \(reason)\(message)"
    }

    /// Whether the controller has yet to see the object's generation.
    static func isUnobserved(_ object: Value) -> Bool {
        guard let generation = object.at("metadata", "generation")?.int, let observed = object.at("status", "observedGeneration")?.int
        else { return false }
        return observed < generation
    }
}
