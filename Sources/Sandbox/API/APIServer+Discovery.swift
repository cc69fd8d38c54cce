import Manifests

extension APIServer {
    /// Answers the discovery paths `/api`, `/apis`, `/apis/GROUP` and those of a version; `nil` for other paths.
    func discovery(_ request: APIRequest, _ registry: Registry) throws(APIError) -> APIResponse? {
        let segments = request.segments
        let isCore = segments[0] == "api"
        guard segments.count <= (isCore ? 2 : 3) else { return nil }
        let isDiscovery = request.method == "GET"
        guard isDiscovery else { return nil }
        try policy.authorizePath(request)
        switch (isCore, segments.count) {
        case (_, 1):
            if let version = Self.aggregatedVersion(request.accept) {
                return aggregated(registry, isCore: isCore, version: version)
            }
            return json(200, isCore ? Self.coreVersions : groupList(registry))
        case (false, 2):
            let group = groups(registry).first { $0["name"]?.string == segments[1] }
            guard var group else { return .notServed }
            group["kind"] = "APIGroup"
            group["apiVersion"] = "v1"
            return json(200, group)
        default:
            let key = Registry.GroupVersion(group: isCore ? "" : segments[1], version: segments[isCore ? 1 : 2])
            guard let resources = registry.resources[key] else { return .notServed }
            return json(200, resourceList(key, resources))
        }
    }

    private static let coreVersions: Value = [
        "kind": "APIVersions", "versions": ["v1"],
        "serverAddressByClientCIDRs": [["clientCIDR": "0.0.0.0/0", "serverAddress": "127.0.0.1"]],
    ]

    /// Which form of aggregated discovery is asked for first; `nil` for the old form.
    private static func aggregatedVersion(_ accept: String) -> String? {
        for range in accept.split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " } }
            if parts.contains("as=APIGroupDiscoveryList"), parts.contains("g=apidiscovery.k8s.io"), parts[0] == "application/json" {
                if parts.contains("v=v2") { return "v2" }
                if parts.contains("v=v2beta1") { return "v2beta1" }
            } else if parts.first == "application/json" {
                return nil
            }
        }
        return nil
    }

    private func aggregated(_ registry: Registry, isCore: Bool, version: String) -> APIResponse {
        let names = groupNames(registry).filter { $0.isEmpty == isCore }
        let items = names.map { name -> Value in
            let versions = registry.order.filter { $0.group == name }.map { key -> Value in
                .object([
                    "version": .string(key.version),
                    "resources": .array((registry.resources[key] ?? []).map(Self.aggregatedResource)),
                    "freshness": "Current",
                ])
            }
            return .object([
                "metadata": .object(name.isEmpty ? [:] : ["name": .string(name)]), "versions": .array(versions),
            ])
        }
        var response = json(
            200,
            [
                "kind": "APIGroupDiscoveryList", "apiVersion": .string("apidiscovery.k8s.io/\(version)"), "metadata": [:],
                "items": .array(items),
            ])
        response.contentType = "application/json;g=apidiscovery.k8s.io;v=\(version);as=APIGroupDiscoveryList"
        return response
    }

    private static func aggregatedResource(_ resource: Resource) -> Value {
        var value: Object = [
            "resource": .string(resource.plural),
            "responseKind": responseKind(resource.group, resource.version, resource.kind, of: resource),
            "scope": resource.isNamespaced ? "Namespaced" : "Cluster", "singularResource": .string(resource.singular),
            "verbs": verbs(resource.verbs),
        ]
        if !resource.shortNames.isEmpty { value["shortNames"] = .array(resource.shortNames.map(Value.string)) }
        if !resource.categories.isEmpty { value["categories"] = .array(resource.categories.map(Value.string)) }
        if !resource.subresources.isEmpty {
            value["subresources"] = .array(
                resource.subresources.map { sub in
                    .object([
                        "subresource": .string(sub.name),
                        "responseKind": responseKind(sub.group, sub.version, sub.kind, of: resource),
                        "verbs": verbs(sub.verbs),
                    ])
                })
        }
        return .object(value)
    }

    private static func responseKind(_ group: String, _ version: String, _ kind: String, of resource: Resource) -> Value {
        // Built-in kinds leave group and version empty where they are the list's own.
        .object(["group": .string(group), "version": .string(resource.isCustom ? version : ""), "kind": .string(kind)])
    }

    private static func verbs(_ verbs: Set<String>) -> Value { .array(verbs.sorted().map(Value.string)) }

    private func groupNames(_ registry: Registry) -> [String] {
        registry.order.reduce(into: []) { if !$0.contains($1.group) { $0.append($1.group) } }
    }

    private func groups(_ registry: Registry) -> [Value] {
        groupNames(registry).filter { !$0.isEmpty }.map { name in
            let versions = registry.order.filter { $0.group == name }.map { key -> Value in
                .object(["groupVersion": .string("\(name)/\(key.version)"), "version": .string(key.version)])
            }
            return .object([
                "name": .string(name), "versions": .array(versions), "preferredVersion": versions.first ?? .null,
            ])
        }
    }

    private func groupList(_ registry: Registry) -> Value {
        ["kind": "APIGroupList", "apiVersion": "v1", "groups": .array(groups(registry))]
    }

    private func resourceList(_ key: Registry.GroupVersion, _ resources: [Resource]) -> Value {
        var list: [Value] = []
        for resource in resources {
            var entry: Object = [
                "name": .string(resource.plural), "singularName": .string(resource.singular),
                "namespaced": .bool(resource.isNamespaced), "kind": .string(resource.kind),
                "verbs": Self.verbs(resource.verbs),
            ]
            if !resource.shortNames.isEmpty { entry["shortNames"] = .array(resource.shortNames.map(Value.string)) }
            if !resource.categories.isEmpty { entry["categories"] = .array(resource.categories.map(Value.string)) }
            list.append(.object(entry))
            for sub in resource.subresources {
                list.append(
                    .object([
                        "name": .string("\(resource.plural)/\(sub.name)"), "singularName": "",
                        "namespaced": .bool(resource.isNamespaced), "kind": .string(sub.kind), "verbs": Self.verbs(sub.verbs),
                    ]))
            }
        }
        let text = key.group.isEmpty ? key.version : "\(key.group)/\(key.version)"
        return ["kind": "APIResourceList", "apiVersion": "v1", "groupVersion": .string(text), "resources": .array(list)]
    }
}
