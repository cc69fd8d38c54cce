import Manifests

/// What admission adds to a pod. The volume with the service account's token is left out: nothing runs here.
enum Pods {
    static func prepare(_ pod: inout Value) {
        pod["status"] = ["phase": "Pending", "qosClass": .string(qualityClass(pod))]
        pod.edit("spec") { spec in
            spec.setDefault("serviceAccountName", "default")
            let account = spec["serviceAccountName"]
            spec["serviceAccount"] = account
            spec.setDefault("priority", 0)
            spec.setDefault("preemptionPolicy", "PreemptLowerPriority")
            var tolerations = spec["tolerations"]?.array ?? []
            for key in ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]
            where !tolerations.contains(where: { $0["key"]?.string == key }) {
                tolerations.append(
                    ["key": .string(key), "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300])
            }
            spec["tolerations"] = .array(tolerations)
        }
    }

    /// Guaranteed when every container limits CPU and memory to what it requests, BestEffort when none asks for any.
    private static func qualityClass(_ pod: Value) -> String {
        let containers = (pod.at("spec", "containers")?.array ?? []) + (pod.at("spec", "initContainers")?.array ?? [])
        var isBestEffort = true
        var isGuaranteed = true
        for container in containers {
            let limits = container.at("resources", "limits")
            let requests = container.at("resources", "requests")
            for name in ["cpu", "memory"] {
                if limits?[name] != nil || requests?[name] != nil { isBestEffort = false }
                if limits?[name] == nil || limits?[name] != (requests?[name] ?? limits?[name]) { isGuaranteed = false }
            }
        }
        return isBestEffort ? "BestEffort" : isGuaranteed ? "Guaranteed" : "Burstable"
    }
}
