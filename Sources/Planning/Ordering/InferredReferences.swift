package import Manifests

/// What an object refers to by name, and so must stand before it: what its pods mount, run as and are scheduled by,
/// the role that a binding binds, the target that an autoscaler scales, the services behind a route or a webhook.
package enum InferredReferences {
    package static func references(in object: Value) -> [ObjectReference] {
        var collector = Collector(namespace: object.at("metadata", "namespace")?.string ?? "")
        collector.collect(object)
        return collector.found
    }

    private struct Collector {
        let namespace: String
        var found: [ObjectReference] = []

        mutating func collect(_ object: Value) {
            let gvk = GroupVersionKind(apiVersion: object["apiVersion"]?.string ?? "", kind: object["kind"]?.string ?? "")
            switch (gvk.group, gvk.kind) {
            case ("", "Pod"): pod(object["spec"])
            case ("batch", "CronJob"): pod(object.at("spec", "jobTemplate", "spec", "template", "spec"))
            case ("apps", _), ("batch", "Job"), ("", "ReplicationController"): workload(object)
            case ("rbac.authorization.k8s.io", "RoleBinding"), ("rbac.authorization.k8s.io", "ClusterRoleBinding"): binding(object)
            case ("autoscaling", "HorizontalPodAutoscaler"): scaleTarget(object.at("spec", "scaleTargetRef"))
            case ("networking.k8s.io", "Ingress"): ingress(object["spec"])
            case ("", "PersistentVolumeClaim"):
                add("storage.k8s.io", "StorageClass", object.at("spec", "storageClassName")?.string, isNamespaced: false)
            case ("admissionregistration.k8s.io", _): webhooks(object)
            case ("apiregistration.k8s.io", "APIService"): service(object.at("spec", "service"))
            default: return
            }
        }

        private mutating func workload(_ object: Value) {
            pod(object.at("spec", "template", "spec"))
            if object["kind"]?.string == "StatefulSet" { add("", "Service", object.at("spec", "serviceName")?.string) }
        }

        private mutating func pod(_ spec: Value?) {
            guard let spec else { return }
            add("", "ServiceAccount", spec["serviceAccountName"]?.string)
            add("scheduling.k8s.io", "PriorityClass", spec["priorityClassName"]?.string, isNamespaced: false)
            for secret in spec["imagePullSecrets"]?.array ?? [] { add("", "Secret", secret["name"]?.string) }
            for volume in spec["volumes"]?.array ?? [] { self.volume(volume) }
            for list in ["initContainers", "containers", "ephemeralContainers"] {
                for container in spec[list]?.array ?? [] { self.container(container) }
            }
        }

        private mutating func volume(_ volume: Value) {
            add("", "ConfigMap", volume.at("configMap", "name")?.string)
            add("", "Secret", volume.at("secret", "secretName")?.string)
            // Not its volume claims: a claim may stay pending until its first consumer is scheduled, so that waiting for it
            // would never end. The order of kinds makes it first all the same.
            for source in volume.at("projected", "sources")?.array ?? [] {
                add("", "ConfigMap", source.at("configMap", "name")?.string)
                add("", "Secret", source.at("secret", "name")?.string)
            }
        }

        private mutating func container(_ container: Value) {
            for source in container["envFrom"]?.array ?? [] {
                add("", "ConfigMap", source.at("configMapRef", "name")?.string)
                add("", "Secret", source.at("secretRef", "name")?.string)
            }
            for variable in container["env"]?.array ?? [] {
                add("", "ConfigMap", variable.at("valueFrom", "configMapKeyRef", "name")?.string)
                add("", "Secret", variable.at("valueFrom", "secretKeyRef", "name")?.string)
            }
        }

        private mutating func binding(_ object: Value) {
            let kind = object.at("roleRef", "kind")?.string ?? ""
            add("rbac.authorization.k8s.io", kind, object.at("roleRef", "name")?.string, isNamespaced: kind == "Role")
            for subject in object["subjects"]?.array ?? [] where subject["kind"]?.string == "ServiceAccount" {
                guard let name = subject["name"]?.string else { continue }
                found.append(
                    ObjectReference(
                        group: "", kind: "ServiceAccount", namespace: subject["namespace"]?.string ?? namespace, name: name))
            }
        }

        private mutating func scaleTarget(_ target: Value?) {
            guard let target, let kind = target["kind"]?.string else { return }
            let group = GroupVersionKind(apiVersion: target["apiVersion"]?.string ?? "", kind: kind).group
            add(group, kind, target["name"]?.string)
        }

        private mutating func ingress(_ spec: Value?) {
            add("networking.k8s.io", "IngressClass", spec?["ingressClassName"]?.string, isNamespaced: false)
            add("", "Service", spec?.at("defaultBackend", "service", "name")?.string)
            for tls in spec?["tls"]?.array ?? [] { add("", "Secret", tls["secretName"]?.string) }
            for rule in spec?["rules"]?.array ?? [] {
                for path in rule.at("http", "paths")?.array ?? [] {
                    add("", "Service", path.at("backend", "service", "name")?.string)
                }
            }
        }

        private mutating func webhooks(_ object: Value) {
            for webhook in object["webhooks"]?.array ?? [] { service(webhook.at("clientConfig", "service")) }
        }

        private mutating func service(_ reference: Value?) {
            guard let name = reference?["name"]?.string, let namespace = reference?["namespace"]?.string else { return }
            found.append(ObjectReference(group: "", kind: "Service", namespace: namespace, name: name))
        }

        private mutating func add(_ group: String, _ kind: String, _ name: String?, isNamespaced: Bool = true) {
            guard let name, !name.isEmpty, !kind.isEmpty else { return }
            found.append(
                ObjectReference(group: group, kind: kind, namespace: isNamespaced ? namespace : "", name: name))
        }
    }
}
