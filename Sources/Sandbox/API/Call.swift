/// A request for a resource: which one, which object, what to do.
struct Call: Sendable {
    var request: APIRequest
    var resource: Resource
    /// Empty for cluster-scoped resources and for lists over all namespaces.
    var namespace: String
    /// Empty for collections.
    var name: String
    var subresource: String
    var verb: String

    /// `nil` when the path is not served.
    init?(_ request: APIRequest, registry: Registry) {
        var segments = request.segments[...]
        let root = segments.popFirst()
        let group = root == "apis" ? segments.popFirst() ?? "" : ""
        guard let version = segments.popFirst(), registry.isServed(group: group, version: version) else { return nil }
        var namespace = ""
        if segments.first == "namespaces", segments.count >= 3,
            let plural = segments.dropFirst(2).first,
            !(group.isEmpty && segments.count == 3 && ["status", "finalize"].contains(plural))
        {
            namespace = segments.dropFirst().first ?? ""
            segments = segments.dropFirst(2)
        }
        guard let plural = segments.popFirst(),
            let resource = registry.resource(group: group, version: version, plural: plural),
            resource.isNamespaced || namespace.isEmpty
        else { return nil }
        self.request = request
        self.resource = resource
        self.namespace = namespace
        name = segments.popFirst() ?? ""
        subresource = segments.popFirst() ?? ""
        guard segments.isEmpty, subresource.isEmpty || resource.hasSubresource(subresource) else { return nil }
        // A namespaced object has no place without its namespace.
        if resource.isNamespaced, namespace.isEmpty, !name.isEmpty { return nil }
        switch request.method {
        case "GET", "HEAD": verb = name.isEmpty ? (request.flag("watch") ? "watch" : "list") : "get"
        case "POST": verb = "create"
        case "PUT": verb = "update"
        case "PATCH": verb = "patch"
        case "DELETE": verb = name.isEmpty ? "deletecollection" : "delete"
        default: verb = request.method.lowercased()
        }
    }

    var key: ObjectKey { ObjectKey(resource: resource.storageKey, namespace: namespace, name: name) }

    var verbs: Set<String> {
        if subresource.isEmpty { return resource.verbs }
        return resource.subresources.first { $0.name == subresource }?.verbs ?? []
    }

    var isDryRun: Bool { request.query.contains { $0.name == "dryRun" && $0.value == "All" } }
    var isForced: Bool { request.flag("force") }
}
