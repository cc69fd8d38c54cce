import Manifests

/// The resources that a CustomResourceDefinition serves.
enum CustomResources {
    /// One resource for each served version; none unless the definition is established and not being deleted.
    static func resources(of definition: Value) -> [Resource] {
        guard isEstablished(definition), let spec = definition["spec"],
            let names = definition.at("status", "acceptedNames"), let kind = names["kind"]?.string
        else { return [] }
        let isEnding = definition.at("metadata", "deletionTimestamp") != nil
        return (spec["versions"]?.array ?? []).compactMap { version in
            guard version["served"]?.bool == true else { return nil }
            return resource(version, spec: spec, names: names, kind: kind, isEnding: isEnding)
        }
    }

    private static func resource(_ version: Value, spec: Value, names: Value, kind: String, isEnding: Bool) -> Resource {
        let group = spec["group"]?.string ?? ""
        let name = version["name"]?.string ?? ""
        var verbs: Set<String> = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"]
        if isEnding { verbs.remove("create") }
        let schema = version.at("schema", "openAPIV3Schema") ?? .object(["x-kubernetes-preserve-unknown-fields": true])
        var resource = Resource(
            group: group, version: name, plural: names["plural"]?.string ?? "",
            singular: names["singular"]?.string ?? kind.lowercased(), kind: kind,
            listKind: names["listKind"]?.string ?? kind + "List", isNamespaced: spec["scope"]?.string == "Namespaced",
            verbs: verbs, type: TypeBuilder.customResource(schema: schema))
        resource.isCustom = true
        resource.shortNames = (names["shortNames"]?.array ?? []).compactMap(\.string)
        resource.categories = (names["categories"]?.array ?? []).compactMap(\.string)
        if version.at("subresources", "status") != nil {
            resource.subresources.append(
                .init(name: "status", group: group, version: name, kind: kind, verbs: ["get", "patch", "update"]))
        }
        if let scale = version.at("subresources", "scale") {
            resource.subresources.append(
                .init(name: "scale", group: "autoscaling", version: "v1", kind: "Scale", verbs: ["get", "patch", "update"]))
            resource.scalePaths = .init(
                replicas: scale["specReplicasPath"]?.string ?? "", statusReplicas: scale["statusReplicasPath"]?.string ?? "",
                selector: scale["labelSelectorPath"]?.string)
        }
        return resource
    }

    static func isEstablished(_ definition: Value) -> Bool {
        (definition.at("status", "conditions")?.array ?? []).contains {
            $0["type"]?.string == "Established" && $0["status"]?.string == "True"
        }
    }
}
