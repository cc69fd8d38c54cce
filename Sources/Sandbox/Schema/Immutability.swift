import Manifests

/// What an update must not change.
enum Immutability {
    static func causes(_ object: Value, old: Value, _ resource: Resource) -> [APIError.Cause] {
        switch resource.qualifiedName {
        case "deployments.apps", "replicasets.apps", "daemonsets.apps": return same(["spec", "selector"], object, old)
        case "jobs.batch":
            var causes = same(["spec", "completions"], object, old) + same(["spec", "selector"], object, old)
            causes += template(object, old) + same(["spec", "completionMode"], object, old)
            return causes
        case "statefulsets.apps": return statefulSet(object, old)
        case "services": return service(object, old)
        case "persistentvolumeclaims": return claim(object, old)
        case "secrets", "configmaps":
            return sealed(object, old, resource) + (resource.plural == "secrets" ? same(["type"], object, old) : [])
        case "rolebindings.rbac.authorization.k8s.io", "clusterrolebindings.rbac.authorization.k8s.io":
            if object["roleRef"] == old["roleRef"] { return [] }
            let role = object["roleRef"]
            let printed: Value = [
                "APIGroup": role?["apiGroup"] ?? "", "Kind": role?["kind"] ?? "", "Name": role?["name"] ?? "",
            ]
            return [.invalid("roleRef", printed, "cannot change roleRef")]
        case "storageclasses.storage.k8s.io":
            var causes: [APIError.Cause] = []
            if object["parameters"] != old["parameters"] {
                causes.append(.forbidden("parameters", "updates to parameters are forbidden."))
            }
            causes += same(["provisioner"], object, old) + same(["reclaimPolicy"], object, old) + same(["volumeBindingMode"], object, old)
            return causes
        case "priorityclasses.scheduling.k8s.io":
            var causes: [APIError.Cause] = []
            if object["value"] != old["value"] { causes.append(.forbidden("value", "may not be changed in an update.")) }
            return causes + same(["preemptionPolicy"], object, old)
        case "poddisruptionbudgets.policy", "ingresses.networking.k8s.io": return []
        case ObjectStore.definitions:
            return same(["spec", "group"], object, old) + same(["spec", "scope"], object, old)
                + same(["spec", "names", "plural"], object, old) + same(["spec", "names", "kind"], object, old)
        case "ingressclasses.networking.k8s.io": return same(["spec", "controller"], object, old)
        default: return []
        }
    }

    private static func at(_ value: Value, _ path: [String]) -> Value? {
        var current: Value? = value
        for key in path { current = current?[key] }
        return current
    }

    private static func same(_ path: [String], _ object: Value, _ old: Value) -> [APIError.Cause] {
        let (new, before) = (at(object, path), at(old, path))
        if (new ?? .null) == (before ?? .null) { return [] }
        return [.invalid(path.joined(separator: "."), new ?? .null, "field is immutable")]
    }

    private static func template(_ object: Value, _ old: Value) -> [APIError.Cause] {
        guard object.at("spec", "template") != old.at("spec", "template") else { return [] }
        // A suspended job that never ran may change where its pods run.
        let text = GoPrinter.podTemplate(object.at("spec", "template") ?? .null)
        return [
            .init(reason: "FieldValueInvalid", message: "Invalid value: \(text): field is immutable", field: "spec.template")
        ]
    }

    private static func statefulSet(_ object: Value, _ old: Value) -> [APIError.Cause] {
        let free: Set<String> = [
            "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy", "minReadySeconds",
        ]
        func rest(_ value: Value) -> Object {
            Object((value["spec"]?.object ?? Object()).members.filter { !free.contains($0.key) })
        }
        if rest(object) == rest(old) { return [] }
        return [
            .forbidden(
                "spec",
                "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
            )
        ]
    }

    private static func service(_ object: Value, _ old: Value) -> [APIError.Cause] {
        guard old.at("spec", "type")?.string != "ExternalName", object.at("spec", "type")?.string != "ExternalName" else { return [] }
        let (new, before) = (object.at("spec", "clusterIPs") ?? .null, old.at("spec", "clusterIPs") ?? .null)
        let address = object.at("spec", "clusterIP") ?? .null
        if address == old.at("spec", "clusterIP"), new == before { return [] }
        return [
            .init(
                reason: "FieldValueInvalid",
                message: "Invalid value: \(String(decoding: JSONWriter.canonical([address]), as: UTF8.self)): may not change once set",
                field: "spec.clusterIPs[0]")
        ]
    }

    private static func claim(_ object: Value, _ old: Value) -> [APIError.Cause] {
        func rest(_ value: Value) -> Object {
            var spec = value["spec"]?.object ?? Object()
            spec["volumeAttributesClassName"] = nil
            if case .object(var resources)? = spec["resources"] {
                if case .object(var requests)? = resources["requests"] {
                    requests["storage"] = nil
                    resources["requests"] = requests.isEmpty ? nil : .object(requests)
                }
                spec["resources"] = .object(resources)
            }
            return spec
        }
        let isBound = old.at("status", "phase")?.string == "Bound"
        var new = rest(object)
        // Binding sets the volume's name once.
        if old.at("spec", "volumeName") == nil { new["volumeName"] = nil }
        if old.at("spec", "storageClassName") == nil, !isBound { new["storageClassName"] = nil }
        if new == rest(old) {
            let size = object.at("spec", "resources", "requests", "storage")
            if size != old.at("spec", "resources", "requests", "storage"), !isBound {
                return [.forbidden("spec", immutableClaim)]
            }
            return []
        }
        return [.forbidden("spec", immutableClaim)]
    }

    private static let immutableClaim =
        "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"

    /// Secrets and config maps that call themselves immutable.
    private static func sealed(_ object: Value, _ old: Value, _ resource: Resource) -> [APIError.Cause] {
        guard old["immutable"]?.bool == true else { return [] }
        var causes: [APIError.Cause] = []
        let why = "field is immutable when `immutable` is set"
        if object["immutable"]?.bool != true { causes.append(.forbidden("immutable", why)) }
        for key in ["data", "binaryData"] where object[key] != old[key] { causes.append(.forbidden(key, why)) }
        return causes
    }
}
