internal import KubernetesAPI
internal import Manifests

/// Which kinds are known by what of their objects' states.
enum SeenKinds {
    /// Whether objects of a kind may be known by their state at all.
    ///
    /// What a server shows of a stored object depends on the schema of its kind. That of a built-in kind changes with the
    /// server's version, which an inventory remembers; that of a custom kind at any time.
    static func areTold(_ kind: GroupKind) -> Bool { builtInGroups.contains(kind.group) }

    /// Whether each change of anything but metadata and status counts the generation up (`PrepareForUpdate` of the kind's strategy
    /// in kubernetes/pkg/registry).
    static func countGenerations(_ kind: GroupKind) -> Bool { counting[kind.group]?.contains(kind.kind) ?? false }

    /// Whether an object stays in one version while nobody means to change it: nothing has a status that a controller writes on
    /// and on.
    static func areQuiet(_ resource: APIResource) -> Bool {
        !resource.subresources.contains("status") || (resource.group.isEmpty && quiet.contains(resource.kind))
    }

    /// Whether versions tell what is to be known of most objects of a kind.
    static func areVersionsEnough(_ resource: APIResource) -> Bool {
        areQuiet(resource) || countGenerations(GroupKind(group: resource.group, kind: resource.kind))
    }

    /// The groups that every API server serves by itself.
    private static let builtInGroups: Set<String> = [
        "", "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "apps", "autoscaling", "batch",
        "certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "flowcontrol.apiserver.k8s.io", "networking.k8s.io",
        "node.k8s.io", "policy", "rbac.authorization.k8s.io", "resource.k8s.io", "scheduling.k8s.io", "storage.k8s.io",
    ]
    private static let counting: [String: Set<String>] = [
        "apiextensions.k8s.io": ["CustomResourceDefinition"], "apps": ["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"],
        "batch": ["CronJob", "Job"], "networking.k8s.io": ["Ingress"], "policy": ["PodDisruptionBudget"],
    ]
    /// Of the core group: what has a status of a few words.
    private static let quiet: Set<String> = ["Namespace", "Service"]
}
