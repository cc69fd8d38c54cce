internal import KubernetesAPI
internal import Manifests

/// Finds what the objects of an inventory are served as: the same for many that stand together.
struct EntryResources {
    private let discovery: Discovery
    private var last: (apiVersion: String, kind: String, resource: APIResource?)?

    init(_ discovery: Discovery) { self.discovery = discovery }

    /// `nil` for a kind that is not served.
    mutating func resource(of entry: InventoryEntry) -> APIResource? {
        if let last, last.apiVersion == entry.apiVersion, last.kind == entry.reference.kind { return last.resource }
        let resource = discovery.resource(for: GroupVersionKind(apiVersion: entry.apiVersion, kind: entry.reference.kind))
        last = (entry.apiVersion, entry.reference.kind, resource)
        return resource
    }
}
