/// A kind that the server serves: where its objects are found and what can be done with them.
package struct APIResource: Hashable, Sendable {
    /// Empty for the core group.
    package var group: String
    package var version: String
    package var kind: String
    /// The name in paths: `deployments`.
    package var plural: String
    package var isNamespaced: Bool
    /// `get`, `list`, `patch`, `create`, `delete` …
    package var verbs: Set<String>
    /// `status`, `scale` …
    package var subresources: Set<String>

    package init(
        group: String, version: String, kind: String, plural: String, isNamespaced: Bool, verbs: Set<String> = [],
        subresources: Set<String> = []
    ) {
        self.group = group
        self.version = version
        self.kind = kind
        self.plural = plural
        self.isNamespaced = isNamespaced
        self.verbs = verbs
        self.subresources = subresources
    }

    package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// The path below the server's URL: `/apis/apps/v1/namespaces/shop/deployments/web`. Without a name, the path of the
    /// collection; without a namespace, of the collection over all namespaces. The namespace is left out for kinds of
    /// the whole cluster.
    package func path(namespace: String? = nil, name: String? = nil, subresource: String? = nil) -> String {
        var path = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
        if isNamespaced, let namespace, !namespace.isEmpty { path += "/namespaces/\(URLText.escape(namespace))" }
        path += "/\(plural)"
        if let name { path += "/\(URLText.escape(name))" }
        if let subresource { path += "/\(subresource)" }
        return path
    }
}
