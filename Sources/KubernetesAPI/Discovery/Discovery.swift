package import Manifests

/// What the server serves.
package struct Discovery: Sendable {
    /// Every kind in every served version, a group's preferred version first, groups in the server's order.
    package private(set) var resources: [APIResource]
    /// Groups that could not be asked or whose answer is old, by `group/version`, with the reason. Their kinds may be
    /// missing from `resources`; what does not need them goes on.
    package var failedGroups: [String: String]

    private var byGroupVersionKind: [GroupVersionKind: Int] = [:]
    private var byGroupKind: [GroupKind: Int] = [:]
    private var groups: Set<String> = []

    package init(resources: [APIResource] = [], failedGroups: [String: String] = [:]) {
        self.resources = []
        self.failedGroups = failedGroups
        for resource in resources { add(resource) }
    }

    /// The resource of exactly this version.
    package func resource(for kind: GroupVersionKind) -> APIResource? {
        byGroupVersionKind[kind].map { resources[$0] }
    }

    /// The resource in the version that the server prefers.
    package func resource(for kind: GroupKind) -> APIResource? {
        byGroupKind[kind].map { resources[$0] }
    }

    /// Whether any kind of the group is known. The core group is the empty text.
    package func isServed(group: String) -> Bool { groups.contains(group) }

    /// Why a group's kinds may be missing, when the server could not say: the reason of its first failed version.
    package func failure(ofGroup group: String) -> String? {
        failedGroups.keys.sorted().first { $0.hasPrefix(group + "/") }.flatMap { failedGroups[$0] }
    }

    /// Adds a resource, or replaces it when its group, version and kind are known already.
    package mutating func add(_ resource: APIResource) {
        let kind = resource.groupVersionKind
        if let index = byGroupVersionKind[kind] {
            resources[index] = resource
            return
        }
        byGroupVersionKind[kind] = resources.count
        if byGroupKind[kind.groupKind] == nil { byGroupKind[kind.groupKind] = resources.count }
        groups.insert(resource.group)
        resources.append(resource)
    }

    /// Adds what a CustomResourceDefinition serves, as its object says: for definitions that were just created, or
    /// that a plan will create.
    package mutating func add(customResourceDefinition definition: Value) {
        for resource in APIResource.resources(ofCustomResourceDefinition: definition) { add(resource) }
    }
}

extension APIResource {
    /// The resources that a CustomResourceDefinition's object defines, the version that the server will prefer first.
    package static func resources(ofCustomResourceDefinition definition: Value) -> [APIResource] {
        guard let specification = definition["spec"], let group = specification["group"]?.string,
            let kind = specification.at("names", "kind")?.string, let plural = specification.at("names", "plural")?.string
        else { return [] }
        let isNamespaced = specification["scope"]?.string == "Namespaced"
        let versions = (specification["versions"]?.array ?? []).filter { $0["served"]?.bool == true }
        let resources = versions.compactMap { version -> APIResource? in
            guard let name = version["name"]?.string else { return nil }
            return APIResource(
                group: group, version: name, kind: kind, plural: plural, isNamespaced: isNamespaced,
                verbs: ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
                subresources: Set((version["subresources"]?.object ?? Object()).members.map(\.key)))
        }
        return resources.sorted { VersionOrder.isPreferred($0.version, over: $1.version) }
    }
}
