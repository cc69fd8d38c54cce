internal import Manifests

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

    private func pages(_ resource: APIResource, namespace: String?, options: ListOptions) async throws(APIError) -> ObjectList {
        var list: ObjectList?
        var token: String?
        for _ in 0..<Self.pagesMax {
            let call = listCall(resource, namespace: namespace, options: options, token: token)
            let response = try await sender.send(call)
            let value = try sender.value(of: response, call: call, skipsManagedFields: options.skipsManagedFields)
            let items = Self.items(of: value, resource: resource)
            if list == nil {
                list = ObjectList(items: items, resourceVersion: value.at("metadata", "resourceVersion")?.string ?? "")
            } else {
                list?.items += items
            }
            let next = value.at("metadata", "continue")?.string ?? ""
            if next.isEmpty { break }
            token = next
        }
        return list ?? ObjectList(items: [], resourceVersion: "")
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
