import Manifests

/// The statuses that controllers write, by kind.
enum WorkloadStatus {
    /// Seen, not there yet.
    static func started(_ object: Value, _ resource: String, now: String) -> Value? {
        let replicas = object.at("spec", "replicas")?.int ?? 1
        switch resource {
        case "deployments.apps":
            return merge(
                object,
                [
                    ("observedGeneration", object.metadata("generation")), ("replicas", count(replicas)),
                    ("updatedReplicas", count(replicas)), ("unavailableReplicas", count(replicas)), ("readyReplicas", nil),
                    ("availableReplicas", nil), ("terminatingReplicas", 0),
                    (
                        "conditions",
                        conditions(
                            object,
                            [
                                ("Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability."),
                                ("Progressing", "True", "ReplicaSetUpdated", "ReplicaSet \"\(name(object))\" is progressing."),
                            ], now: now, withUpdateTime: true)
                    ),
                ])
        case "statefulsets.apps":
            return merge(
                object,
                [
                    ("observedGeneration", object.metadata("generation")), ("replicas", .int(replicas)), ("availableReplicas", 0),
                    ("readyReplicas", nil), ("updateRevision", .string(revision(object))),
                    ("currentRevision", object.at("status", "currentRevision") ?? .string(revision(object))), ("collisionCount", 0),
                ])
        case "daemonsets.apps":
            return merge(
                object,
                [
                    ("observedGeneration", object.metadata("generation")), ("currentNumberScheduled", 1), ("numberMisscheduled", 0),
                    ("desiredNumberScheduled", 1), ("numberReady", 0), ("updatedNumberScheduled", 1), ("numberUnavailable", 1),
                ])
        case "replicasets.apps", "replicationcontrollers":
            return merge(
                object,
                [
                    ("observedGeneration", object.metadata("generation")), ("replicas", .int(replicas)),
                    ("fullyLabeledReplicas", count(replicas)),
                ])
        case "jobs.batch":
            if object.at("status", "completionTime") != nil { return nil }
            return merge(
                object,
                [
                    ("startTime", object.at("status", "startTime") ?? .string(now)), ("active", 1), ("ready", 0), ("terminating", 0),
                    ("uncountedTerminatedPods", [:]),
                ])
        default: return nil
        }
    }

    /// There.
    static func ready(_ object: Value, _ resource: String, now: String) -> Value? {
        let replicas = object.at("spec", "replicas")?.int ?? 1
        switch resource {
        case "deployments.apps":
            return merge(
                object,
                [
                    ("unavailableReplicas", nil), ("readyReplicas", count(replicas)), ("availableReplicas", count(replicas)),
                    (
                        "conditions",
                        conditions(
                            object,
                            [
                                ("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability."),
                                (
                                    "Progressing", "True", "NewReplicaSetAvailable",
                                    "ReplicaSet \"\(name(object))\" has successfully progressed."
                                ),
                            ], now: now, withUpdateTime: true)
                    ),
                ])
        case "statefulsets.apps":
            return merge(
                object,
                [
                    ("readyReplicas", count(replicas)), ("availableReplicas", .int(replicas)), ("currentReplicas", count(replicas)),
                    ("updatedReplicas", count(replicas)), ("currentRevision", .string(revision(object))),
                ])
        case "daemonsets.apps": return merge(object, [("numberReady", 1), ("numberAvailable", 1), ("numberUnavailable", nil)])
        case "replicasets.apps", "replicationcontrollers":
            return merge(object, [("readyReplicas", count(replicas)), ("availableReplicas", count(replicas))])
        case "jobs.batch": return job(object, now: now, hasFailed: false)
        case "persistentvolumeclaims":
            return merge(
                object,
                [
                    ("phase", "Bound"), ("accessModes", object.at("spec", "accessModes")),
                    ("capacity", object.at("spec", "resources", "requests")),
                ])
        case "services":
            guard object.at("spec", "type")?.string == "LoadBalancer" else { return nil }
            return ["loadBalancer": ["ingress": [["ip": "203.0.113.10", "ipMode": "VIP"]]]]
        case "ingresses.networking.k8s.io": return ["loadBalancer": ["ingress": [["ip": "203.0.113.11"]]]]
        case "pods": return pod(object, now: now)
        case "poddisruptionbudgets.policy":
            return merge(
                object,
                [
                    ("observedGeneration", object.metadata("generation")), ("currentHealthy", 1), ("desiredHealthy", 1),
                    ("disruptionsAllowed", 0), ("expectedPods", 1),
                ])
        case "horizontalpodautoscalers.autoscaling":
            return merge(
                object,
                [
                    ("currentReplicas", object.at("spec", "minReplicas")), ("desiredReplicas", object.at("spec", "minReplicas")),
                    (
                        "conditions",
                        conditions(
                            object,
                            [
                                ("AbleToScale", "True", "ReadyForNewScale", "recommended size matches current size"),
                                ("ScalingActive", "True", "ValidMetricFound", "the HPA was able to successfully calculate a replica count"),
                            ], now: now, withUpdateTime: false)
                    ),
                ])
        default: return nil
        }
    }

    /// Given up.
    static func failed(_ object: Value, _ resource: String, now: String) -> Value? {
        switch resource {
        case "deployments.apps":
            return merge(
                object,
                [
                    (
                        "conditions",
                        conditions(
                            object,
                            [
                                ("Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability."),
                                (
                                    "Progressing", "False", "ProgressDeadlineExceeded",
                                    "ReplicaSet \"\(name(object))\" has timed out progressing."
                                ),
                            ], now: now, withUpdateTime: true)
                    )
                ])
        case "jobs.batch": return job(object, now: now, hasFailed: true)
        case "persistentvolumeclaims": return merge(object, [("phase", "Lost")])
        case "pods": return merge(object, [("phase", "Failed"), ("reason", "Error")])
        default: return nil
        }
    }

    // MARK: parts

    private static func name(_ object: Value) -> String { revision(object) }

    /// A name as the controllers make it: of the object and a hash of its template.
    private static func revision(_ object: Value) -> String {
        var hash: UInt32 = 2_166_136_261
        for byte in JSONWriter.canonical(object.at("spec", "template") ?? .null) { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return "\(object.metadata("name")?.string ?? "")-\(String(hash, radix: 36))"
    }

    /// Zero counts are left out of statuses.
    private static func count(_ number: Int64) -> Value? { number == 0 ? nil : .int(number) }

    private static func merge(_ object: Value, _ changes: [(String, Value?)]) -> Value {
        var status = object["status"]?.object ?? Object()
        for (key, value) in changes { status[key] = value }
        return .object(status)
    }

    private static func conditions(
        _ object: Value, _ wanted: [(type: String, status: String, reason: String, message: String)], now: String,
        withUpdateTime: Bool
    ) -> Value {
        var list = object.at("status", "conditions")?.array ?? []
        for want in wanted {
            let index = list.firstIndex { $0["type"]?.string == want.type }
            let old = index.map { list[$0] }
            let isSame = old?["status"]?.string == want.status
            var condition: Object = [
                "type": .string(want.type), "status": .string(want.status),
                "lastTransitionTime": isSame ? old?["lastTransitionTime"] ?? .string(now) : .string(now),
                "reason": .string(want.reason), "message": .string(want.message),
            ]
            if withUpdateTime { condition["lastUpdateTime"] = .string(now) }
            if let index { list[index] = .object(condition) } else { list.append(.object(condition)) }
        }
        return .array(list)
    }

    private static func job(_ object: Value, now: String, hasFailed: Bool) -> Value {
        let types = hasFailed ? ["FailureTarget", "Failed"] : ["SuccessCriteriaMet", "Complete"]
        let reason = hasFailed ? "BackoffLimitExceeded" : "CompletionsReached"
        let message = hasFailed ? "Job has reached the specified backoff limit" : "Reached expected number of succeeded pods"
        let conditions = types.map { type -> Value in
            [
                "type": .string(type), "status": "True", "lastProbeTime": .string(now), "lastTransitionTime": .string(now),
                "reason": .string(reason), "message": .string(message),
            ]
        }
        let completions = object.at("spec", "completions") ?? 1
        return merge(
            object,
            [
                ("active", nil), ("ready", 0), ("terminating", 0), ("conditions", .array(conditions)),
                ("completionTime", hasFailed ? nil : .string(now)), ("succeeded", hasFailed ? nil : completions),
                ("failed", hasFailed ? (object.at("spec", "backoffLimit")?.int).map { .int($0 + 1) } : nil),
            ])
    }

    private static func pod(_ object: Value, now: String) -> Value {
        let containers = (object.at("spec", "containers")?.array ?? []).map { container -> Value in
            [
                "name": container["name"] ?? "", "image": container["image"] ?? "", "imageID": "", "ready": true,
                "restartCount": 0, "started": true, "state": ["running": ["startedAt": .string(now)]], "lastState": [:],
            ]
        }
        let conditions = ["Initialized", "Ready", "ContainersReady", "PodScheduled"].map { type -> Value in
            ["type": .string(type), "status": "True", "lastProbeTime": .null, "lastTransitionTime": .string(now)]
        }
        return merge(
            object,
            [
                ("phase", "Running"), ("startTime", .string(now)), ("conditions", .array(conditions)),
                ("containerStatuses", .array(containers)),
            ])
    }
}
