internal import Manifests

extension KubernetesClient {
    /// All objects of a kind, in one namespace or (`nil`) in all, read page by page.
    package func list(
        _ resource: APIResource, namespace: String? = nil, options: ListOptions = ListOptions()
    ) async throws(APIError) -> ObjectList {
        var list = ObjectList(items: [], resourceVersion: "")
        var pages = pages(of: resource, namespace: namespace, options: options)
        while true {
            var items: [Value] = []
            guard let page = try await pages.next({ items.append($0) }) else { return list }
            if page.isFirst {
                list = ObjectList(items: items, resourceVersion: page.resourceVersion)
            } else {
                list.items += items
            }
        }
    }

    /// A list for whoever does not want it as a whole. Nothing is asked before its first page is.
    package func pages(of resource: APIResource, namespace: String?, options: ListOptions) -> ListPages {
        ListPages(sender, resource, namespace: namespace, options: options)
    }
}
