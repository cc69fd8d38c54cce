package import Manifests

/// Reads discovery documents of both forms.
package enum DiscoveryDocuments {
    /// Adds an APIGroupDiscoveryList (apidiscovery.k8s.io/v2 and v2beta1, which are alike in what is read here).
    package static func addAggregated(_ list: Value, to discovery: inout Discovery) {
        for group in list["items"]?.array ?? [] {
            let name = group.at("metadata", "name")?.string ?? ""
            for version in group["versions"]?.array ?? [] {
                guard let versionName = version["version"]?.string, !versionName.isEmpty else { continue }
                if version["freshness"]?.string == "Stale" {
                    discovery.failedGroups["\(name)/\(versionName)"] = "the API service behind it does not answer"
                }
                for resource in version["resources"]?.array ?? [] {
                    guard let made = aggregated(resource, group: name, version: versionName) else { continue }
                    addFirst(made, to: &discovery)
                }
            }
        }
    }

    private static func aggregated(_ resource: Value, group: String, version: String) -> APIResource? {
        guard let plural = resource["resource"]?.string, let kind = resource.at("responseKind", "kind")?.string, !kind.isEmpty
        else { return nil }
        let subresources = (resource["subresources"]?.array ?? []).compactMap { $0["subresource"]?.string }
        return APIResource(
            group: group, version: version, kind: kind, plural: plural, isNamespaced: resource["scope"]?.string == "Namespaced",
            verbs: verbs(resource), subresources: Set(subresources))
    }

    /// `v1` or `apps/v1` for each version that an APIVersions or APIGroupList names, a group's preferred one first.
    package static func groupVersions(_ list: Value) -> [String] {
        if let versions = list["versions"]?.array { return versions.compactMap(\.string) }
        return (list["groups"]?.array ?? []).flatMap { group in
            let preferred = group.at("preferredVersion", "groupVersion")?.string
            let all = (group["versions"]?.array ?? []).compactMap { $0["groupVersion"]?.string }
            return all.filter { $0 == preferred } + all.filter { $0 != preferred }
        }
    }

    /// Adds an APIResourceList. `deployments/scale` is a subresource of `deployments`.
    package static func addResourceList(_ list: Value, groupVersion: String, to discovery: inout Discovery) {
        let place = GroupVersionKind(apiVersion: groupVersion, kind: "")
        var subresources: [String: Set<String>] = [:]
        let entries = list["resources"]?.array ?? []
        for entry in entries {
            let parts = (entry["name"]?.string ?? "").split(separator: "/", maxSplits: 1)
            if parts.count == 2 { subresources[String(parts[0]), default: []].insert(String(parts[1])) }
        }
        for entry in entries {
            guard let plural = entry["name"]?.string, !plural.isEmpty, !plural.contains("/"),
                let kind = entry["kind"]?.string, !kind.isEmpty
            else { continue }
            addFirst(
                APIResource(
                    group: place.group, version: place.version, kind: kind, plural: plural,
                    isNamespaced: entry["namespaced"]?.bool ?? false, verbs: verbs(entry), subresources: subresources[plural] ?? []),
                to: &discovery)
        }
    }

    private static func verbs(_ resource: Value) -> Set<String> {
        Set((resource["verbs"]?.array ?? []).compactMap(\.string))
    }

    /// Some servers name a kind under a second plural that only answers reviews: the one that can be read counts.
    private static func addFirst(_ resource: APIResource, to discovery: inout Discovery) {
        if let known = discovery.resource(for: resource.groupVersionKind), known.verbs.contains("get") || !resource.verbs.contains("get") {
            return
        }
        discovery.add(resource)
    }
}
