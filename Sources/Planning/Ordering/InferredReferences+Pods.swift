internal import Manifests

extension ReferenceCollector {
    /// What pods run as, mount and are scheduled by.
    mutating func pod(_ spec: Value?, at path: String) {
        guard let spec else { return }
        add("", "ServiceAccount", spec["serviceAccountName"]?.string ?? spec["serviceAccount"]?.string, "\(path).serviceAccountName")
        add(
            "scheduling.k8s.io", "PriorityClass", spec["priorityClassName"]?.string, "\(path).priorityClassName", isNamespaced: false)
        add("node.k8s.io", "RuntimeClass", spec["runtimeClassName"]?.string, "\(path).runtimeClassName", isNamespaced: false)
        names(spec["imagePullSecrets"], "", "Secret", "\(path).imagePullSecrets")
        for volume in spec["volumes"]?.array ?? [] { self.volume(volume, "\(path).volumes") }
        for list in ["initContainers", "containers", "ephemeralContainers"] {
            for container in spec[list]?.array ?? [] { self.container(container, "\(path).\(list)") }
        }
        for claim in spec["resourceClaims"]?.array ?? [] {
            add("resource.k8s.io", "ResourceClaim", claim["resourceClaimName"]?.string, "\(path).resourceClaims")
            add("resource.k8s.io", "ResourceClaimTemplate", claim["resourceClaimTemplateName"]?.string, "\(path).resourceClaims")
        }
    }

    private mutating func volume(_ volume: Value, _ path: String) {
        add("", "ConfigMap", volume.at("configMap", "name")?.string, path)
        add("", "Secret", volume.at("secret", "secretName")?.string, path)
        add("", "PersistentVolumeClaim", volume.at("persistentVolumeClaim", "claimName")?.string, path)
        add("", "Secret", volume.at("csi", "nodePublishSecretRef", "name")?.string, path)
        for source in volume.at("projected", "sources")?.array ?? [] {
            add("", "ConfigMap", source.at("configMap", "name")?.string, path)
            add("", "Secret", source.at("secret", "name")?.string, path)
        }
        let claim = volume.at("ephemeral", "volumeClaimTemplate", "spec", "storageClassName")?.string
        add("storage.k8s.io", "StorageClass", claim, path, isNamespaced: false)
    }

    private mutating func container(_ container: Value, _ path: String) {
        for source in container["envFrom"]?.array ?? [] {
            add("", "ConfigMap", source.at("configMapRef", "name")?.string, "\(path).envFrom")
            add("", "Secret", source.at("secretRef", "name")?.string, "\(path).envFrom")
        }
        for variable in container["env"]?.array ?? [] {
            add("", "ConfigMap", variable.at("valueFrom", "configMapKeyRef", "name")?.string, "\(path).env")
            add("", "Secret", variable.at("valueFrom", "secretKeyRef", "name")?.string, "\(path).env")
        }
    }

    /// The Gateway API's references: a class, gateways, services, certificates.
    mutating func gateway(_ kind: String, _ spec: Value?) {
        let group = "gateway.networking.k8s.io"
        add(group, "GatewayClass", spec?["gatewayClassName"]?.string, "spec.gatewayClassName", isNamespaced: false)
        for listener in spec?["listeners"]?.array ?? [] {
            for certificate in listener.at("tls", "certificateRefs")?.array ?? [] {
                other(certificate, standard: ("", "Secret"), "spec.listeners")
            }
        }
        for parent in spec?["parentRefs"]?.array ?? [] { other(parent, standard: (group, "Gateway"), "spec.parentRefs") }
        for rule in spec?["rules"]?.array ?? [] {
            for backend in rule["backendRefs"]?.array ?? [] { other(backend, standard: ("", "Service"), "spec.rules") }
            for filter in rule["filters"]?.array ?? [] {
                other(filter.at("requestMirror", "backendRef"), standard: ("", "Service"), "spec.rules")
            }
        }
        for target in spec?["targetRefs"]?.array ?? [] { other(target, standard: ("", "Service"), "spec.targetRefs") }
    }

    private mutating func other(_ reference: Value?, standard: (group: String, kind: String), _ path: String) {
        add(
            reference?["group"]?.string ?? standard.group, reference?["kind"]?.string ?? standard.kind, reference?["name"]?.string,
            path, namespace: reference?["namespace"]?.string)
    }
}
