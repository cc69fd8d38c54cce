package import Manifests

extension KubernetesClient {
    /// How many pages a list may have: at 500 objects a page, far more than a server holds. Ends a server that never does.
    private static let pagesMax = 100_000

    /// All objects of a kind, in one namespace or (`nil`) in all, page by page.
    ///
    /// When the server has forgotten the state that the first page was taken from (410), the list starts over, in one
    /// piece, as client-go does: pages of two states would not fit together.
    package func list(
        _ resource: APIResource, namespace: String? = nil, options: ListOptions = ListOptions()
    ) async throws(APIError) -> ObjectList {
        do throws(APIError) {
            return try await pages(resource, namespace: namespace, options: options)
        } catch {
            guard error.isExpired, options.pageSize > 0 else { throw error }
            var options = options
            options.pageSize = 0
            return try await pages(resource, namespace: namespace, options: options)
        }
    }

    /// One page of a list.
    package struct Page: Sendable {
        package var items: [Value]
        /// Whether the list begins with it, for the first time or over again.
        package var isFirst: Bool
        /// How many objects follow, as far as the server says.
        package var remaining: Int
    }

    /// Hands over the pages of a list as they come.
    /// - Parameter next: Whether the next page is wanted.
    /// - Returns: Whether the list came to its end.
    package func pages(
        of resource: APIResource, namespace: String?, options: ListOptions, next: (Page) -> Bool
    ) async throws(APIError) -> Bool {
        do throws(APIError) {
            return try await eachPage(resource, namespace: namespace, options: options) { page, _ in next(page) }
        } catch {
            guard error.isExpired, options.pageSize > 0 else { throw error }
            var options = options
            options.pageSize = 0
            return try await eachPage(resource, namespace: namespace, options: options) { page, _ in next(page) }
        }
    }

    private func pages(_ resource: APIResource, namespace: String?, options: ListOptions) async throws(APIError) -> ObjectList {
        var list = ObjectList(items: [], resourceVersion: "")
        _ = try await eachPage(resource, namespace: namespace, options: options) { page, version in
            if page.isFirst { list.resourceVersion = version }
            list.items += page.items
            return true
        }
        return list
    }

    private func eachPage(
        _ resource: APIResource, namespace: String?, options: ListOptions, _ next: (Page, _ resourceVersion: String) -> Bool
    ) async throws(APIError) -> Bool {
        var token: String?
        for _ in 0..<Self.pagesMax {
            let call = listCall(resource, namespace: namespace, options: options, token: token)
            let response = try await sender.send(call)
            let value = try sender.value(of: response, call: call, skipsManagedFields: options.skipsManagedFields)
            let metadata = value["metadata"]
            let page = Page(
                items: Self.items(of: value, resource: resource), isFirst: token == nil,
                remaining: Int(clamping: metadata?["remainingItemCount"]?.int ?? 0))
            let following = metadata?["continue"]?.string ?? ""
            let isWanted = next(page, metadata?["resourceVersion"]?.string ?? "")
            if following.isEmpty { return true }
            if !isWanted { return false }
            token = following
        }
        return true
    }

    private func listCall(_ resource: APIResource, namespace: String?, options: ListOptions, token: String?) -> APICall {
        var call = APICall(.list, path: resource.path(namespace: namespace))
        if let selector = options.labelSelector, !selector.isEmpty { call.query.append(("labelSelector", selector)) }
        if let selector = options.fieldSelector, !selector.isEmpty { call.query.append(("fieldSelector", selector)) }
        if options.pageSize > 0 { call.query.append(("limit", String(options.pageSize))) }
        if let token { call.query.append(("continue", token)) }
        if options.isMetadataOnly {
            // A server that does not know the form answers with whole objects.
            call.accept = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json"
        }
        return call
    }

    /// The items with type, which a list leaves out and PartialObjectMetadata gives as its own.
    private static func items(of list: Value, resource: APIResource) -> [Value] {
        (list["items"]?.array ?? []).map { item in
            guard case .object(var object) = item else { return item }
            let kind = object["kind"]?.string
            if kind == nil || kind == "PartialObjectMetadata" {
                var members = [
                    Member(key: "apiVersion", value: .string(resource.apiVersion)), Member(key: "kind", value: .string(resource.kind)),
                ]
                members += object.members.filter { $0.key != "apiVersion" && $0.key != "kind" }
                object.members = members
            }
            return .object(object)
        }
    }
}
