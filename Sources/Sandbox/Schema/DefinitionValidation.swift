import Manifests

/// Checks of CustomResourceDefinitions.
enum DefinitionValidation {
    static func causes(_ object: Value) -> [APIError.Cause] {
        var causes: [APIError.Cause] = []
        let spec = object["spec"] ?? [:]
        let name = object.metadata("name")?.string ?? ""
        let plural = spec.at("names", "plural")?.string ?? ""
        let group = spec["group"]?.string ?? ""
        if name != "\(plural).\(group)" {
            causes.append(.invalid("metadata.name", .string(name), "must be spec.names.plural+\".\"+spec.group"))
        }
        if group.isEmpty { causes.append(.required("spec.group")) }
        let versions = spec["versions"]?.array ?? []
        if versions.count(where: { $0["storage"]?.bool == true }) != 1 {
            causes.append(
                .invalid("spec.versions", .array([]), "must have exactly one version marked as storage version"))
        }
        let scope = spec["scope"]?.string ?? ""
        if scope.isEmpty {
            causes.append(.required("spec.scope"))
        } else if !["Cluster", "Namespaced"].contains(scope) {
            causes.append(.unsupported("spec.scope", .string(scope), ["Cluster", "Namespaced"]))
        }
        for key in ["plural", "kind"] where TypeBuilder.isZero(spec["names"]?[key] ?? .null) {
            causes.append(.required("spec.names.\(key)"))
        }
        for (index, version) in versions.enumerated() where version.at("schema", "openAPIV3Schema") == nil {
            causes.append(.required("spec.versions[\(index)].schema.openAPIV3Schema", "schemas are required"))
        }
        return causes
    }
}
