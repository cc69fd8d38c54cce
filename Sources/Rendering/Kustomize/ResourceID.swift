import Manifests

/// What kustomize tells resources apart by: kind with version, name and namespace.
struct ResourceID: Hashable, Sendable {
    var kind: GroupVersionKind
    var name: String
    /// The namespace as kustomize compares it: `default` for none, a placeholder for what has no namespace.
    var effectiveNamespace: String

    static let clusterScope = "_non_namespaceable_"
    static let defaultNamespace = "default"

    init(kind: GroupVersionKind, name: String, effectiveNamespace: String) {
        self.kind = kind
        self.name = name
        self.effectiveNamespace = effectiveNamespace
    }

    init(kind: GroupVersionKind, name: String, namespace: String) {
        self.kind = kind
        self.name = name
        if ClusterScopedKinds.contains(kind) {
            effectiveNamespace = Self.clusterScope
        } else {
            effectiveNamespace = namespace.isEmpty ? Self.defaultNamespace : namespace
        }
    }

    var isClusterScoped: Bool { effectiveNamespace == Self.clusterScope }

    /// As an error names it: `Deployment.apps/v1 web in namespace shop`.
    var description: String {
        var text = "\(kind.kind) '\(name)'"
        if !isClusterScoped, effectiveNamespace != Self.defaultNamespace { text += " in namespace '\(effectiveNamespace)'" }
        return "\(text) (\(kind.apiVersion))"
    }
}

/// The kinds that kustomize knows to have no namespace. Others, custom resources among them, count as namespaced.
enum ClusterScopedKinds {
    static func contains(_ kind: GroupVersionKind) -> Bool {
        switch kind.kind {
        case "Namespace", "Node", "NodeProxyOptions", "PersistentVolume", "ComponentStatus":
            kind.group.isEmpty && kind.version == "v1"
        case "ClusterRole", "ClusterRoleBinding": kind.group == "rbac.authorization.k8s.io" && isStableOrBeta(kind)
        case "CustomResourceDefinition": kind.group == "apiextensions.k8s.io" && isStableOrBeta(kind)
        case "APIService": kind.group == "apiregistration.k8s.io" && isStableOrBeta(kind)
        case "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration":
            kind.group == "admissionregistration.k8s.io" && isStableOrBeta(kind)
        case "StorageClass", "VolumeAttachment", "CSIDriver", "CSINode":
            kind.group == "storage.k8s.io" && isStableOrBeta(kind)
        case "IngressClass": kind.group == "networking.k8s.io" && isStableOrBeta(kind)
        case "PriorityClass": kind.group == "scheduling.k8s.io" && isStableOrBeta(kind)
        case "RuntimeClass": kind.group == "node.k8s.io" && isStableOrBeta(kind)
        case "CertificateSigningRequest": kind.group == "certificates.k8s.io" && isStableOrBeta(kind)
        case "PodSecurityPolicy": kind.group == "policy" && kind.version == "v1beta1"
        case "FlowSchema", "PriorityLevelConfiguration":
            kind.group == "flowcontrol.apiserver.k8s.io" && kind.version == "v1beta1"
        default: false
        }
    }

    private static func isStableOrBeta(_ kind: GroupVersionKind) -> Bool {
        kind.version == "v1" || kind.version == "v1beta1"
    }
}
