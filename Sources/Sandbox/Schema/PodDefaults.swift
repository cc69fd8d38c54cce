import Manifests

/// Defaults of pods and their templates.
enum PodDefaults {
    static func spec(_ spec: inout Value, isPod: Bool = false) {
        spec.setDefault("dnsPolicy", "ClusterFirst")
        spec.setDefault("restartPolicy", "Always")
        spec.setDefault("securityContext", [:])
        spec.setDefault("terminationGracePeriodSeconds", 30)
        spec.setDefault("schedulerName", "default-scheduler")
        if isPod { spec.setDefault("enableServiceLinks", true) }
        // The deprecated name of the service account is kept equal to the new one.
        if let name = spec["serviceAccountName"] {
            spec["serviceAccount"] = name
        } else if let name = spec["serviceAccount"] {
            spec["serviceAccountName"] = name
        }
        let usesHostNetwork = spec["hostNetwork"]?.bool == true
        for list in ["initContainers", "containers", "ephemeralContainers"] {
            spec.editItems(list) { container(&$0, usesHostNetwork: usesHostNetwork, isPod: isPod) }
        }
        spec.editItems("volumes", volume)
        spec.editItems("topologySpreadConstraints") { _ in }
    }

    private static func container(_ container: inout Value, usesHostNetwork: Bool, isPod: Bool) {
        container.setDefault("terminationMessagePath", "/dev/termination-log")
        container.setDefault("terminationMessagePolicy", "File")
        let policy = pullPolicy(container["image"]?.string ?? "")
        container.setDefault("imagePullPolicy", .string(policy))
        container.editItems("ports") { port in
            port.setDefault("protocol", "TCP")
            if usesHostNetwork, TypeBuilder.isZero(port["hostPort"] ?? .null) { port["hostPort"] = port["containerPort"] }
        }
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] { container.edit(probe, self.probe) }
        container.edit("lifecycle") { lifecycle in
            for hook in ["postStart", "preStop"] { lifecycle.edit(hook) { $0.edit("httpGet", httpGet) } }
        }
        container.editItems("env") { variable in
            variable.edit("valueFrom") { source in
                source.edit("fieldRef") { $0.setDefault("apiVersion", "v1") }
                source.edit("resourceFieldRef") { $0.setDefault("divisor", "0") }
            }
        }
        if isPod { fillRequests(&container) }
    }

    /// What is limited and not requested is requested in full.
    private static func fillRequests(_ container: inout Value) {
        guard case .object(let limits)? = container.at("resources", "limits") else { return }
        container.edit("resources") { resources in
            resources.setDefault("requests", [:])
            resources.edit("requests") { requests in for limit in limits { requests.setDefault(limit.key, limit.value) } }
        }
    }

    /// `Always` for an image without a tag or with `latest`, else `IfNotPresent`.
    static func pullPolicy(_ image: String) -> String {
        let withoutDigest = image.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        if withoutDigest.count > 1 { return "IfNotPresent" }
        let last = image.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard let colon = last.lastIndex(of: ":") else { return "Always" }
        return last[last.index(after: colon)...] == "latest" ? "Always" : "IfNotPresent"
    }

    private static func probe(_ probe: inout Value) {
        for (key, number) in [("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3)]
            as [(String, Int64)] where TypeBuilder.isZero(probe[key] ?? .null)
        { probe[key] = .int(number) }
        probe.edit("httpGet", httpGet)
        probe.edit("grpc") { if $0["service"] == nil || $0["service"]?.isNull == true { $0["service"] = "" } }
    }

    private static func httpGet(_ action: inout Value) {
        action.setDefault("path", "/")
        action.setDefault("scheme", "HTTP")
    }

    private static let sources: Set<String> = [
        "hostPath", "emptyDir", "gcePersistentDisk", "awsElasticBlockStore", "gitRepo", "secret", "nfs", "iscsi", "glusterfs",
        "persistentVolumeClaim", "rbd", "flexVolume", "cinder", "cephfs", "flocker", "downwardAPI", "fc", "azureFile",
        "configMap", "vsphereVolume", "quobyte", "azureDisk", "photonPersistentDisk", "projected", "portworxVolume", "scaleIO",
        "storageos", "csi", "ephemeral", "image",
    ]

    private static func volume(_ volume: inout Value) {
        if !(volume.object?.members.contains { sources.contains($0.key) } ?? false) { volume["emptyDir"] = [:] }
        for source in ["configMap", "secret", "downwardAPI", "projected"] {
            volume.edit(source) { if $0["defaultMode"] == nil { $0["defaultMode"] = 420 } }
        }
        volume.edit("hostPath") { if $0["type"] == nil { $0["type"] = "" } }
        volume.edit("downwardAPI") { $0.editItems("items", downwardItem) }
        volume.edit("projected") { projected in
            projected.editItems("sources") { source in
                source.edit("serviceAccountToken") { $0.setDefault("expirationSeconds", 3600) }
                source.edit("downwardAPI") { $0.editItems("items", downwardItem) }
            }
        }
        volume.edit("ephemeral") { $0.edit("volumeClaimTemplate") { $0.edit("spec") { claimSpec(&$0) } } }
        volume.edit("iscsi") { $0.setDefault("iscsiInterface", "default") }
        volume.edit("image") { image in
            let policy = pullPolicy(image["reference"]?.string ?? "")
            image.setDefault("pullPolicy", .string(policy))
        }
    }

    private static func downwardItem(_ item: inout Value) {
        item.edit("fieldRef") { $0.setDefault("apiVersion", "v1") }
        item.edit("resourceFieldRef") { $0.setDefault("divisor", "0") }
    }

    /// The spec of a volume claim.
    static func claimSpec(_ spec: inout Value) {
        spec.setDefault("volumeMode", "Filesystem")
    }
}
