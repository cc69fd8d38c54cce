import Manifests

/// What each built-in kind requires: the checks that people run into, not all that the server has.
enum KindValidation {
    static func causes(_ object: Value, _ resource: Resource) -> [APIError.Cause] {
        switch resource.qualifiedName {
        case "deployments.apps", "replicasets.apps", "daemonsets.apps", "statefulsets.apps": return workload(object, resource)
        case "jobs.batch":
            return PodValidation.template(object.at("spec", "template") ?? [:], "spec.template", restart: ["OnFailure", "Never"])
        case "cronjobs.batch": return cronJob(object)
        case "pods": return PodValidation.spec(object["spec"] ?? [:], "spec")
        case "services": return service(object)
        case "persistentvolumeclaims": return claim(object)
        case "secrets": return data(object["data"], "data") + encoded(object)
        case "configmaps": return data(object["data"], "data") + data(object["binaryData"], "binaryData")
        case "ingresses.networking.k8s.io": return ingress(object)
        case "rolebindings.rbac.authorization.k8s.io", "clusterrolebindings.rbac.authorization.k8s.io": return roleBinding(object, resource)
        case ObjectStore.definitions: return DefinitionValidation.causes(object)
        case "horizontalpodautoscalers.autoscaling": return autoscaler(object)
        case "poddisruptionbudgets.policy": return budget(object)
        case "storageclasses.storage.k8s.io": return nonEmpty(object, ["provisioner"])
        case "roles.rbac.authorization.k8s.io", "clusterroles.rbac.authorization.k8s.io": return rules(object)
        case "leases.coordination.k8s.io":
            if let seconds = object.at("spec", "leaseDurationSeconds")?.int, seconds <= 0 {
                return [.invalid("spec.leaseDurationSeconds", .int(seconds), "must be greater than 0")]
            }
            return []
        default: return []
        }
    }

    private static func nonEmpty(_ object: Value, _ keys: [String]) -> [APIError.Cause] {
        keys.filter { TypeBuilder.isZero(object[$0] ?? .null) }.map { .required($0) }
    }

    private static func workload(_ object: Value, _ resource: Resource) -> [APIError.Cause] {
        var causes: [APIError.Cause] = []
        let spec = object["spec"] ?? [:]
        if let replicas = spec["replicas"]?.int, replicas < 0 {
            causes.append(.invalid("spec.replicas", .int(replicas), "must be greater than or equal to 0"))
        }
        let selector = spec["selector"] ?? .null
        let labels = spec.at("template", "metadata", "labels") ?? .null
        if selector.isNull {
            causes.append(.required("spec.selector"))
        } else if TypeBuilder.isZero(selector["matchLabels"] ?? .null), TypeBuilder.isZero(selector["matchExpressions"] ?? .null) {
            causes.append(.invalid("spec.selector", selector, "empty selector is invalid for \(resource.kind.lowercased())"))
        }
        if !selects(selector, labels) {
            causes.append(
                .invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`"))
        }
        return causes + PodValidation.template(spec["template"] ?? [:], "spec.template", restart: ["Always"])
    }

    private static func selects(_ selector: Value, _ labels: Value) -> Bool {
        if selector.isNull { return false }
        for member in selector["matchLabels"]?.object ?? Object() where labels[member.key] != member.value { return false }
        for expression in selector["matchExpressions"]?.array ?? [] {
            let label = expression["key"]?.string.flatMap { labels[$0] }
            let values = expression["values"]?.array ?? []
            let isMatch =
                switch expression["operator"]?.string {
                case "In": label.map(values.contains) ?? false
                case "NotIn": !(label.map(values.contains) ?? false)
                case "Exists": label != nil
                default: label == nil
                }
            if !isMatch { return false }
        }
        return true
    }

    private static func cronJob(_ object: Value) -> [APIError.Cause] {
        var causes: [APIError.Cause] = []
        let schedule = object.at("spec", "schedule")?.string ?? ""
        if schedule.isEmpty {
            causes.append(.required("spec.schedule"))
        } else if !schedule.hasPrefix("@"), schedule.split(separator: " ").count != 5 {
            causes.append(
                .invalid(
                    "spec.schedule", .string(schedule),
                    "expected exactly 5 fields, found \(schedule.split(separator: " ").count): [\(schedule)]"))
        }
        let template = object.at("spec", "jobTemplate", "spec", "template") ?? [:]
        return causes + PodValidation.template(template, "spec.jobTemplate.spec.template", restart: ["OnFailure", "Never"])
    }

    private static func service(_ object: Value) -> [APIError.Cause] {
        var causes: [APIError.Cause] = []
        let spec = object["spec"] ?? [:]
        let type = spec["type"]?.string ?? ""
        let ports = spec["ports"]?.array ?? []
        if ports.isEmpty, type != "ExternalName", spec["clusterIP"]?.string != "None" { causes.append(.required("spec.ports")) }
        for (index, port) in ports.enumerated() {
            let path = "spec.ports[\(index)]"
            if ports.count > 1, TypeBuilder.isZero(port["name"] ?? .null) { causes.append(.required("\(path).name")) }
            let number = port["port"]?.int ?? 0
            if !(1...65_535).contains(number) {
                causes.append(.invalid("\(path).port", .int(number), "must be between 1 and 65535, inclusive"))
            }
            if let target = port["targetPort"]?.int, !(1...65_535).contains(target) {
                causes.append(.invalid("\(path).targetPort", .int(target), "must be between 1 and 65535, inclusive"))
            }
            if let node = port["nodePort"]?.int, !(30_000...32_767).contains(node) {
                causes.append(
                    .invalid(
                        "\(path).nodePort", .int(node), "provided port is not in the valid range. The range of valid ports is 30000-32767"))
            }
        }
        if type == "ExternalName", TypeBuilder.isZero(spec["externalName"] ?? .null) { causes.append(.required("spec.externalName")) }
        return causes
    }

    private static func claim(_ object: Value) -> [APIError.Cause] {
        var causes: [APIError.Cause] = []
        if object.at("spec", "accessModes")?.array?.isEmpty != false {
            causes.append(.required("spec.accessModes", "at least 1 access mode is required"))
        }
        if object.at("spec", "resources", "requests", "storage") == nil { causes.append(.required("spec.resources[storage]")) }
        return causes
    }

    private static func data(_ value: Value?, _ field: String) -> [APIError.Cause] {
        var causes: [APIError.Cause] = []
        let rule =
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
        for member in value?.object ?? Object() {
            let isValid =
                !member.key.isEmpty && member.key.utf8.count <= 253
                && member.key.utf8.allSatisfy { byte in
                    (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || "-._".utf8.contains(byte)
                }
            if !isValid { causes.append(.invalid("\(field)[\(member.key)]", .string(member.key), rule)) }
        }
        let size = (value?.object ?? Object()).members.reduce(0) { $0 + ($1.value.string?.utf8.count ?? 0) }
        if size > 1_048_576 {
            causes.append(.init(reason: "FieldValueTooLong", message: "Too long: may not be more than 1048576 bytes", field: ""))
        }
        return causes
    }

    private static func encoded(_ secret: Value) -> [APIError.Cause] {
        var causes: [APIError.Cause] = []
        let required = ["kubernetes.io/dockerconfigjson": ".dockerconfigjson", "kubernetes.io/dockercfg": ".dockercfg"]
        if let key = required[secret["type"]?.string ?? ""], secret["data"]?[key] == nil {
            causes.append(.required("data[\(key)]"))
        }
        if secret["type"]?.string == "kubernetes.io/tls" {
            for key in ["tls.crt", "tls.key"] where secret["data"]?[key] == nil { causes.append(.required("data[\(key)]")) }
        }
        return causes
    }

    private static func ingress(_ object: Value) -> [APIError.Cause] {
        var causes: [APIError.Cause] = []
        let spec = object["spec"] ?? [:]
        let rules = spec["rules"]?.array ?? []
        if rules.isEmpty, spec["defaultBackend"] == nil {
            causes.append(.invalid("spec", "", "either `defaultBackend` or `rules` must be specified"))
        }
        for (index, rule) in rules.enumerated() {
            for (number, path) in (rule.at("http", "paths")?.array ?? []).enumerated() {
                let place = "spec.rules[\(index)].http.paths[\(number)]"
                if TypeBuilder.isZero(path["pathType"] ?? .null) {
                    causes.append(.required("\(place).pathType", "pathType must be specified"))
                } else if path["pathType"]?.string != "ImplementationSpecific", path["path"]?.string?.hasPrefix("/") != true {
                    causes.append(.invalid("\(place).path", path["path"] ?? "", "must be an absolute path"))
                }
            }
        }
        return causes
    }

    private static func roleBinding(_ object: Value, _ resource: Resource) -> [APIError.Cause] {
        var causes: [APIError.Cause] = []
        let role = object["roleRef"] ?? [:]
        if role["apiGroup"]?.string != "rbac.authorization.k8s.io" {
            causes.append(.unsupported("roleRef.apiGroup", role["apiGroup"] ?? "", ["rbac.authorization.k8s.io"]))
        }
        let kinds = resource.isNamespaced ? ["ClusterRole", "Role"] : ["ClusterRole"]
        if !kinds.contains(role["kind"]?.string ?? "") { causes.append(.unsupported("roleRef.kind", role["kind"] ?? "", kinds)) }
        if TypeBuilder.isZero(role["name"] ?? .null) { causes.append(.required("roleRef.name")) }
        for (index, subject) in (object["subjects"]?.array ?? []).enumerated() {
            if TypeBuilder.isZero(subject["name"] ?? .null) { causes.append(.required("subjects[\(index)].name")) }
            if subject["kind"]?.string == "ServiceAccount", !resource.isNamespaced,
                TypeBuilder.isZero(subject["namespace"] ?? .null)
            {
                causes.append(.required("subjects[\(index)].namespace"))
            }
        }
        return causes
    }

    private static func rules(_ object: Value) -> [APIError.Cause] {
        (object["rules"]?.array ?? []).enumerated().flatMap { index, rule -> [APIError.Cause] in
            var causes: [APIError.Cause] = []
            if rule["verbs"]?.array?.isEmpty != false {
                causes.append(.required("rules[\(index)].verbs", "verbs must contain at least one value"))
            }
            if rule["nonResourceURLs"]?.array?.isEmpty != false {
                if rule["apiGroups"]?.array?.isEmpty != false {
                    causes.append(
                        .required("rules[\(index)].apiGroups", "resource rules must supply at least one api group"))
                }
                if rule["resources"]?.array?.isEmpty != false {
                    causes.append(
                        .required("rules[\(index)].resources", "resource rules must supply at least one resource"))
                }
            }
            return causes
        }
    }

    private static func autoscaler(_ object: Value) -> [APIError.Cause] {
        var causes: [APIError.Cause] = []
        let most = object.at("spec", "maxReplicas")?.int ?? 0
        let least = object.at("spec", "minReplicas")?.int ?? 1
        if most < 1 { causes.append(.invalid("spec.maxReplicas", .int(most), "must be greater than 0")) }
        if most < least {
            causes.append(.invalid("spec.maxReplicas", .int(most), "must be greater than or equal to `minReplicas`"))
        }
        for key in ["kind", "name"] where TypeBuilder.isZero(object.at("spec", "scaleTargetRef")?[key] ?? .null) {
            causes.append(.required("spec.scaleTargetRef.\(key)"))
        }
        return causes
    }

    private static func budget(_ object: Value) -> [APIError.Cause] {
        if object.at("spec", "minAvailable") != nil, object.at("spec", "maxUnavailable") != nil {
            return [.invalid("spec", object["spec"] ?? .null, "minAvailable and maxUnavailable cannot be both set")]
        }
        return []
    }
}
