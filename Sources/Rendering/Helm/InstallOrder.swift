/// The order in which Helm prints and installs kinds; kinds that it does not know come after, by name.
enum InstallOrder {
    private static let ranks: [String: Int] = {
        let kinds = """
            PriorityClass Namespace NetworkPolicy ResourceQuota LimitRange PodSecurityPolicy PodDisruptionBudget ServiceAccount Secret
            SecretList ConfigMap StorageClass PersistentVolume PersistentVolumeClaim CustomResourceDefinition ClusterRole ClusterRoleList
            ClusterRoleBinding ClusterRoleBindingList Role RoleList RoleBinding RoleBindingList Service DaemonSet Pod
            ReplicationController ReplicaSet Deployment HorizontalPodAutoscaler StatefulSet Job CronJob IngressClass Ingress APIService
            MutatingWebhookConfiguration ValidatingWebhookConfiguration
            """.split { $0 == " " || $0 == "\n" }
        return Dictionary(uniqueKeysWithValues: kinds.enumerated().map { (String($0.element), $0.offset) })
    }()

    /// Stable: what has the same kind keeps its order.
    static func sorted<Element>(_ elements: [Element], kind: (Element) -> String) -> [Element] {
        let keyed = elements.enumerated().map { (place: $0.offset, kind: kind($0.element), rank: ranks[kind($0.element)] ?? .max) }
        return keyed.sorted { left, right in
            if left.rank != right.rank { return left.rank < right.rank }
            if left.rank == .max, left.kind != right.kind { return UTF8Text.isLess(left.kind, right.kind) }
            return left.place < right.place
        }.map { elements[$0.place] }
    }
}

/// The order of texts by their bytes.
enum UTF8Text {
    static func isLess(_ left: String, _ right: String) -> Bool { GoMap.isLess(left, right) }
}
