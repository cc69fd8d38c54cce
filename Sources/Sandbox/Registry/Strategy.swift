import Manifests

/// What the server does to an object before it is checked and written: the registry's strategies.
enum Strategy {
    /// Kinds without a spec's generation; every other kind with a spec counts its changes.
    private static let withGeneration: Set<String> = [
        "deployments.apps", "daemonsets.apps", "statefulsets.apps", "replicasets.apps", "replicationcontrollers", "jobs.batch",
        "cronjobs.batch", "ingresses.networking.k8s.io", "networkpolicies.networking.k8s.io",
        "ingressclasses.networking.k8s.io", "poddisruptionbudgets.policy", "customresourcedefinitions.apiextensions.k8s.io",
        "validatingwebhookconfigurations.admissionregistration.k8s.io",
        "mutatingwebhookconfigurations.admissionregistration.k8s.io",
        "validatingadmissionpolicies.admissionregistration.k8s.io",
        "validatingadmissionpolicybindings.admissionregistration.k8s.io",
        "mutatingadmissionpolicies.admissionregistration.k8s.io",
        "mutatingadmissionpolicybindings.admissionregistration.k8s.io", "priorityclasses.scheduling.k8s.io",
        "flowschemas.flowcontrol.apiserver.k8s.io", "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
        "endpointslices.discovery.k8s.io", "podtemplates", "pods", "resourceslices.resource.k8s.io",
        "deviceclasses.resource.k8s.io",
    ]

    /// Kinds whose PUT must name the resourceVersion that it was made from.
    static func requiresVersion(_ resource: Resource) -> Bool {
        if resource.isCustom || resource.group == "admissionregistration.k8s.io" { return true }
        return [
            ObjectStore.definitions, "leases.coordination.k8s.io", "apiservices.apiregistration.k8s.io",
            "runtimeclasses.node.k8s.io", "poddisruptionbudgets.policy", "csidrivers.storage.k8s.io",
            "csistoragecapacities.storage.k8s.io", "volumeattachments.storage.k8s.io", "csinodes.storage.k8s.io",
        ].contains(resource.qualifiedName)
    }

    /// Kinds whose DELETE answers with the object that went.
    static func returnsDeleted(_ resource: Resource) -> Bool {
        [
            "resourcequotas", "persistentvolumes", "serviceaccounts", "persistentvolumeclaims", "namespaces", "pods", "services",
            "podtemplates", "csidrivers.storage.k8s.io", "storageclasses.storage.k8s.io", "volumeattachments.storage.k8s.io",
            "csinodes.storage.k8s.io", "volumeattributesclasses.storage.k8s.io", "resourceclaimtemplates.resource.k8s.io",
            "resourceslices.resource.k8s.io", "resourceclaims.resource.k8s.io", "deviceclasses.resource.k8s.io",
        ].contains(resource.qualifiedName)
    }

    private static let templateGeneration = "deprecated.daemonset.template.generation"

    private static func setTemplateGeneration(_ number: Int64, on object: inout Value) {
        var annotations = object.metadata("annotations") ?? [:]
        annotations[templateGeneration] = .string(String(number))
        object.setMetadata("annotations", annotations)
    }

    static func hasGeneration(_ resource: Resource) -> Bool {
        resource.isCustom || withGeneration.contains(resource.qualifiedName)
    }

    static func prepareForCreate(
        _ object: inout Value, _ resource: Resource, allocator: ServiceAllocator, isDryRun: Bool
    ) throws(APIError) {
        resetStatus(&object, resource)
        object.setMetadata("generation", hasGeneration(resource) ? 1 : nil)
        if !resource.isNamespaced { object.setMetadata("namespace", nil) }
        switch resource.qualifiedName {
        case "namespaces":
            object["spec"] = ["finalizers": ["kubernetes"]]
            object["status"] = ["phase": "Active"]
        case "services":
            allocator.fill(&object, isDryRun: isDryRun)
        case "jobs.batch": Jobs.prepare(&object)
        case "daemonsets.apps": setTemplateGeneration(1, on: &object)
        case "pods": Pods.prepare(&object)
        case "persistentvolumes": protect(&object, "kubernetes.io/pv-protection")
        case "persistentvolumeclaims": protect(&object, "kubernetes.io/pvc-protection")
        case ObjectStore.definitions: Definitions.prepare(&object)
        default: break
        }
    }

    /// Volumes and claims wait for their users when they are deleted.
    private static func protect(_ object: inout Value, _ finalizer: String) {
        object["status"] = ["phase": "Pending"]
        let finalizers = Deletion.finalizers(object)
        if !finalizers.contains(finalizer) { Deletion.setFinalizers(finalizers + [finalizer], on: &object) }
    }

    /// A status cannot be set while creating.
    private static func resetStatus(_ object: inout Value, _ resource: Resource) {
        guard resource.hasSubresource("status") else { return }
        object["status"] = resource.isCustom ? nil : Decoding.empty(resource)["status"]
    }

    static func prepareForUpdate(_ object: inout Value, _ live: Value, _ resource: Resource, subresource: String) {
        for key in [
            "name", "namespace", "uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds",
            "selfLink", "resourceVersion", "generateName",
        ] { object.setMetadata(key, live.metadata(key)) }
        if resource.qualifiedName == "services" { keepAddresses(&object, live) }
        if resource.qualifiedName == ObjectStore.definitions, subresource.isEmpty { Definitions.keepStatus(&object, live) }
        if resource.qualifiedName == "jobs.batch" { Jobs.keepGenerated(&object, live) }
        if resource.qualifiedName == "daemonsets.apps" {
            let old = live.metadata("annotations")?[templateGeneration]?.string.flatMap { Int64($0) } ?? 1
            let isSame = object.at("spec", "template") == live.at("spec", "template")
            setTemplateGeneration(isSame ? old : old + 1, on: &object)
        }
        guard hasGeneration(resource), subresource != "status" else { return }
        var isChanged = contents(object, resource) != contents(live, resource)
        if resource.qualifiedName == "deployments.apps" {
            isChanged = isChanged || object.metadata("annotations") != live.metadata("annotations")
        }
        if isChanged { object.setMetadata("generation", .int((live.metadata("generation")?.int ?? 0) + 1)) }
    }

    /// What the generation counts: all but metadata and, where it is written apart, status.
    private static func contents(_ value: Value, _ resource: Resource) -> Object {
        var object = value.object ?? Object()
        object["metadata"] = nil
        object["kind"] = nil
        object["apiVersion"] = nil
        if resource.hasSubresource("status") { object["status"] = nil }
        return object
    }

    /// What the server allocated stays when an update does not name it.
    private static func keepAddresses(_ object: inout Value, _ live: Value) {
        guard let old = live["spec"], old["type"]?.string != "ExternalName" else { return }
        object.edit("spec") { spec in
            guard spec["type"]?.string != "ExternalName" else {
                for key in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"] { spec[key] = nil }
                return
            }
            for key in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort"] {
                if TypeBuilder.isZero(spec[key] ?? .null), let kept = old[key] { spec[key] = kept }
            }
            guard ["NodePort", "LoadBalancer"].contains(spec["type"]?.string) else { return }
            let ports = old["ports"]?.array ?? []
            spec.editItems("ports") { port in
                guard TypeBuilder.isZero(port["nodePort"] ?? .null) else { return }
                let same = ports.first { $0["port"] == port["port"] && $0["protocol"] == port["protocol"] }
                if let kept = same?["nodePort"] { port["nodePort"] = kept }
            }
        }
    }
}
