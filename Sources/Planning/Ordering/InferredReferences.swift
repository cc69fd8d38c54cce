package import Manifests

/// What an object refers to by name, and so must stand before it: what its pods mount, run as and are scheduled by, the role
/// that a binding binds, the target that an autoscaler scales, the services behind a route or a webhook.
package enum InferredReferences {
    package static func needs(of object: Value) -> [Need] {
        var collector = ReferenceCollector(namespace: object.at("metadata", "namespace")?.string ?? "")
        collector.collect(object)
        return collector.found
    }
}

/// Gathers the references of one object. Fields are named as far as a person needs to find them.
struct ReferenceCollector {
    let namespace: String
    var found: [Need] = []

    init(namespace: String) { self.namespace = namespace }

    mutating func collect(_ object: Value) {
        let gvk = GroupVersionKind(apiVersion: object["apiVersion"]?.string ?? "", kind: object["kind"]?.string ?? "")
        let spec = object["spec"]
        // The groups of most objects are told apart first.
        switch gvk.group {
        case "": core(object, gvk.kind, spec)
        case "apps": template(object)
        default: other(object, gvk, spec)
        }
    }

    private mutating func core(_ object: Value, _ kind: String, _ spec: Value?) {
        switch kind {
        case "Pod": pod(spec, at: "spec")
        case "ServiceAccount": names(object["imagePullSecrets"], "", "Secret", "imagePullSecrets")
        case "Secret":
            add("", "ServiceAccount", object.at("metadata", "annotations", "kubernetes.io/service-account.name")?.string, "annotations")
        case "PersistentVolumeClaim": volumeClaim(spec, at: "spec")
        case "PersistentVolume":
            add("storage.k8s.io", "StorageClass", spec?["storageClassName"]?.string, "spec.storageClassName", isNamespaced: false)
        case "Endpoints": add("", "Service", object.at("metadata", "name")?.string, "name")
        default: template(object)
        }
    }

    private mutating func other(_ object: Value, _ gvk: GroupVersionKind, _ spec: Value?) {
        switch (gvk.group, gvk.kind) {
        case ("batch", "CronJob"):
            pod(spec?.at("jobTemplate", "spec", "template", "spec"), at: "spec.jobTemplate.spec.template.spec")
        case ("discovery.k8s.io", "EndpointSlice"):
            add("", "Service", object.at("metadata", "labels", "kubernetes.io/service-name")?.string, "labels")
        case ("snapshot.storage.k8s.io", "VolumeSnapshot"):
            add(
                "snapshot.storage.k8s.io", "VolumeSnapshotClass", spec?["volumeSnapshotClassName"]?.string,
                "spec.volumeSnapshotClassName", isNamespaced: false)
            add("", "PersistentVolumeClaim", spec?.at("source", "persistentVolumeClaimName")?.string, "spec.source")
        case ("rbac.authorization.k8s.io", "RoleBinding"), ("rbac.authorization.k8s.io", "ClusterRoleBinding"): binding(object)
        case ("flowcontrol.apiserver.k8s.io", "FlowSchema"):
            add(
                "flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration", spec?.at("priorityLevelConfiguration", "name")?.string,
                "spec.priorityLevelConfiguration", isNamespaced: false)
        case ("admissionregistration.k8s.io", _): admission(object)
        case ("apiregistration.k8s.io", "APIService"): service(spec?["service"], "spec.service")
        case ("apiextensions.k8s.io", "CustomResourceDefinition"):
            service(spec?.at("conversion", "webhook", "clientConfig", "service"), "spec.conversion.webhook")
        case ("autoscaling", "HorizontalPodAutoscaler"): target(spec?["scaleTargetRef"], "spec.scaleTargetRef")
        case ("autoscaling.k8s.io", "VerticalPodAutoscaler"): target(spec?["targetRef"], "spec.targetRef")
        case ("keda.sh", "ScaledObject"): target(spec?["scaleTargetRef"], "spec.scaleTargetRef", standard: ("apps", "Deployment"))
        case ("networking.k8s.io", "Ingress"): ingress(spec)
        case ("gateway.networking.k8s.io", _): gateway(gvk.kind, spec)
        case ("cert-manager.io", "Certificate"):
            reference(spec?["issuerRef"], group: "cert-manager.io", kind: "Issuer", "spec.issuerRef")
        case ("external-secrets.io", "ExternalSecret"):
            reference(spec?["secretStoreRef"], group: "external-secrets.io", kind: "SecretStore", "spec.secretStoreRef")
        case ("argoproj.io", "Application"): add("argoproj.io", "AppProject", spec?["project"]?.string, "spec.project")
        case ("kustomize.toolkit.fluxcd.io", "Kustomization"), ("helm.toolkit.fluxcd.io", "HelmRelease"),
            ("source.toolkit.fluxcd.io", "HelmChart"):
            flux(spec)
        default: template(object)
        }
    }

    /// Whatever has pods of a template: workloads, Argo's rollouts, Knative's services and others of that form.
    private mutating func template(_ object: Value) {
        guard let spec = object["spec"], let pods = spec.at("template", "spec"), pods["containers"]?.array != nil else { return }
        pod(pods, at: "spec.template.spec")
        guard object["kind"]?.string == "StatefulSet" else { return }
        add("", "Service", spec["serviceName"]?.string, "spec.serviceName")
        for claim in spec["volumeClaimTemplates"]?.array ?? [] { volumeClaim(claim["spec"], at: "spec.volumeClaimTemplates") }
    }

    private mutating func volumeClaim(_ spec: Value?, at path: String) {
        add("storage.k8s.io", "StorageClass", spec?["storageClassName"]?.string, "\(path).storageClassName", isNamespaced: false)
        add("", "PersistentVolume", spec?["volumeName"]?.string, "\(path).volumeName", isNamespaced: false)
        for field in ["dataSource", "dataSourceRef"] {
            guard let source = spec?[field], source["namespace"]?.string == nil else { continue }
            add(source["apiGroup"]?.string ?? "", source["kind"]?.string ?? "", source["name"]?.string, "\(path).\(field)")
        }
    }

    private mutating func binding(_ object: Value) {
        let kind = object.at("roleRef", "kind")?.string ?? ""
        add("rbac.authorization.k8s.io", kind, object.at("roleRef", "name")?.string, "roleRef", isNamespaced: kind == "Role")
        for subject in object["subjects"]?.array ?? [] where subject["kind"]?.string == "ServiceAccount" {
            add("", "ServiceAccount", subject["name"]?.string, "subjects", namespace: subject["namespace"]?.string)
        }
    }

    private mutating func target(_ reference: Value?, _ path: String, standard: (group: String, kind: String) = ("", "")) {
        guard let reference else { return }
        let kind = reference["kind"]?.string ?? standard.kind
        let group = reference["apiVersion"]?.string.map { GroupVersionKind(apiVersion: $0, kind: kind).group } ?? standard.group
        add(group, kind, reference["name"]?.string, path)
    }

    private mutating func ingress(_ spec: Value?) {
        add(
            "networking.k8s.io", "IngressClass", spec?["ingressClassName"]?.string, "spec.ingressClassName", isNamespaced: false)
        backend(spec?["defaultBackend"], "spec.defaultBackend")
        for tls in spec?["tls"]?.array ?? [] { add("", "Secret", tls["secretName"]?.string, "spec.tls") }
        for rule in spec?["rules"]?.array ?? [] {
            for path in rule.at("http", "paths")?.array ?? [] { backend(path["backend"], "spec.rules") }
        }
    }

    private mutating func backend(_ backend: Value?, _ path: String) {
        add("", "Service", backend?.at("service", "name")?.string, path)
        guard let resource = backend?["resource"] else { return }
        add(resource["apiGroup"]?.string ?? "", resource["kind"]?.string ?? "", resource["name"]?.string, path)
    }

    private mutating func admission(_ object: Value) {
        for webhook in object["webhooks"]?.array ?? [] { service(webhook.at("clientConfig", "service"), "webhooks") }
        let spec = object["spec"]
        for kind in ["ValidatingAdmissionPolicy", "MutatingAdmissionPolicy"] where object["kind"]?.string == "\(kind)Binding" {
            add("admissionregistration.k8s.io", kind, spec?["policyName"]?.string, "spec.policyName", isNamespaced: false)
        }
    }

    mutating func service(_ reference: Value?, _ path: String) {
        guard let name = reference?["name"]?.string, let namespace = reference?["namespace"]?.string else { return }
        found.append(Need(ObjectReference(group: "", kind: "Service", namespace: namespace, name: name), .field(path)))
    }

    /// A reference of kind, name and often group, of an operator's form.
    mutating func reference(_ reference: Value?, group: String, kind: String, _ path: String) {
        guard let reference else { return }
        let kind = reference["kind"]?.string ?? kind
        add(reference["group"]?.string ?? group, kind, reference["name"]?.string, path, isNamespaced: !kind.hasPrefix("Cluster"))
    }

    private mutating func flux(_ spec: Value?) {
        let chart = spec?.at("chart", "spec", "sourceRef") ?? spec?["chartRef"]
        for (reference, path) in [(spec?["sourceRef"], "spec.sourceRef"), (chart, "spec.chart")] {
            add(
                "source.toolkit.fluxcd.io", reference?["kind"]?.string ?? "", reference?["name"]?.string, path,
                namespace: reference?["namespace"]?.string)
        }
        let values = (spec?["valuesFrom"]?.array ?? []) + (spec?.at("postBuild", "substituteFrom")?.array ?? [])
        for source in values { add("", source["kind"]?.string ?? "", source["name"]?.string, "spec.valuesFrom") }
        add("", "ServiceAccount", spec?["serviceAccountName"]?.string, "spec.serviceAccountName")
    }

    mutating func names(_ list: Value?, _ group: String, _ kind: String, _ path: String) {
        for item in list?.array ?? [] { add(group, kind, item["name"]?.string, path) }
    }

    mutating func add(
        _ group: String, _ kind: String, _ name: String?, _ path: String, isNamespaced: Bool = true, namespace other: String? = nil
    ) {
        guard let name, !name.isEmpty, !kind.isEmpty else { return }
        let namespace = other.flatMap { $0.isEmpty ? nil : $0 } ?? namespace
        found.append(
            Need(
                ObjectReference(group: group, kind: kind, namespace: isNamespaced ? namespace : "", name: name), .field(path)))
    }
}
