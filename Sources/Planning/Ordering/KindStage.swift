package import Manifests

/// The stage of an apply in which a kind comes when nothing else decides: what others live in or refer to first.
package enum KindStage {
    package static let namespaces = 0
    package static let definitions = 1
    package static let rest = 8

    private static let stages: [GroupKind: Int] = {
        let byStage: [[(String, String)]] = [
            [("", "Namespace")],
            [("apiextensions.k8s.io", "CustomResourceDefinition")],
            [
                ("scheduling.k8s.io", "PriorityClass"), ("storage.k8s.io", "StorageClass"), ("node.k8s.io", "RuntimeClass"),
                ("networking.k8s.io", "IngressClass"), ("gateway.networking.k8s.io", "GatewayClass"),
                ("snapshot.storage.k8s.io", "VolumeSnapshotClass"), ("storage.k8s.io", "CSIDriver"),
                ("", "ResourceQuota"), ("", "LimitRange"), ("networking.k8s.io", "NetworkPolicy"),
                ("policy", "PodDisruptionBudget"),
            ],
            [("", "ServiceAccount")],
            [
                ("rbac.authorization.k8s.io", "ClusterRole"), ("rbac.authorization.k8s.io", "Role"),
                ("rbac.authorization.k8s.io", "ClusterRoleBinding"), ("rbac.authorization.k8s.io", "RoleBinding"),
            ],
            [("", "ConfigMap"), ("", "Secret"), ("", "PersistentVolume"), ("", "PersistentVolumeClaim")],
            [("", "Service")],
            [
                ("apps", "DaemonSet"), ("", "Pod"), ("", "ReplicationController"), ("apps", "ReplicaSet"),
                ("apps", "Deployment"), ("apps", "StatefulSet"), ("batch", "Job"), ("batch", "CronJob"),
            ],
        ]
        var stages: [GroupKind: Int] = [:]
        for (stage, kinds) in byStage.enumerated() {
            for (group, kind) in kinds { stages[GroupKind(group: group, kind: kind)] = stage }
        }
        // What calls back into a workload comes when the workload stands.
        for kind in ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"] {
            stages[GroupKind(group: "admissionregistration.k8s.io", kind: kind)] = rest + 1
        }
        stages[GroupKind(group: "apiregistration.k8s.io", kind: "APIService")] = rest + 1
        return stages
    }()

    package static func stage(of groupKind: GroupKind) -> Int { stages[groupKind] ?? rest }
}
