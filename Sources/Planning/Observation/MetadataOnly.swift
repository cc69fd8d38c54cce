package import Manifests

/// The kinds of which a deletion looks at nothing but metadata: they refer to no other object, so that their content says
/// nothing of the order. The data of a Secret is then not even asked for.
package enum MetadataOnly {
    package static func isEnough(toDelete kind: GroupKind) -> Bool {
        switch (kind.group, kind.kind) {
        case ("", "ConfigMap"), ("", "Secret"), ("", "ServiceAccount"), ("", "Service"), ("", "Endpoints"),
            ("coordination.k8s.io", "Lease"), ("rbac.authorization.k8s.io", "Role"), ("rbac.authorization.k8s.io", "ClusterRole"):
            true
        default: false
        }
    }
}
