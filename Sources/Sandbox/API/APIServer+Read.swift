import Manifests

extension APIServer {
    func get(_ call: Call) throws(APIError) -> APIResponse {
        guard let stored = store.object(call.key) else { throw .notFound(call.resource, call.name) }
        return respond(stored, call, status: 200)
    }

    /// An object as the request wants it: whole, its metadata only, or as its scale.
    func respond(_ stored: StoredObject, _ call: Call, status: Int, warnings: [String] = []) -> APIResponse {
        var response: APIResponse
        if call.subresource == "scale" {
            response = json(status, Scale.of(stored.value, call.resource))
        } else if Self.wantsMetadataOnly(call.request) {
            response = json(status, Self.partial(stored.value))
        } else if stored.value["apiVersion"]?.string == call.resource.apiVersion {
            response = APIResponse(status: status, body: stored.json)
        } else {
            response = json(status, Conversion.convert(stored.value, to: call.resource))
        }
        Self.add(warnings, to: &response)
        return response
    }

    static func add(_ warnings: [String], to response: inout APIResponse) {
        for warning in warnings {
            let escaped = warning.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            response.headers.append(("Warning", "299 - \"\(escaped)\""))
        }
    }

    static func wantsMetadataOnly(_ request: APIRequest) -> Bool { request.accept.contains("as=PartialObjectMetadata") }

    static func partial(_ value: Value) -> Value {
        ["kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": value["metadata"] ?? [:]]
    }

    func list(_ call: Call) throws(APIError) -> APIResponse {
        let page = try page(call)
        let isPartial = Self.wantsMetadataOnly(call.request)
        var metadata: Object = ["resourceVersion": .string(String(page.version))]
        if let token = page.token { metadata["continue"] = .string(token) }
        if let remaining = page.remaining { metadata["remainingItemCount"] = .int(Int64(remaining)) }
        let head: Value = [
            "kind": .string(isPartial ? "PartialObjectMetadataList" : call.resource.listKind),
            "apiVersion": .string(isPartial ? "meta.k8s.io/v1" : call.resource.apiVersion), "metadata": .object(metadata),
        ]
        var body = JSONWriter.compact(head)
        body.removeLast()
        body += Array(",\"items\":[".utf8)
        let prefix = Array("{\"kind\":\"\(call.resource.kind)\",\"apiVersion\":\"\(call.resource.apiVersion)\",".utf8)
        for (index, stored) in page.objects.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            append(stored, call.resource, isPartial: isPartial, prefix: prefix, to: &body)
        }
        body += Array("]}".utf8)
        return APIResponse(status: 200, body: body)
    }

    /// Items of built-in lists carry neither kind nor apiVersion; custom ones and metadata-only ones do.
    private func append(
        _ stored: StoredObject, _ resource: Resource, isPartial: Bool, prefix: [UInt8], to body: inout [UInt8]
    ) {
        if isPartial {
            body += JSONWriter.compact(Self.partial(stored.value))
        } else if stored.json.starts(with: prefix) {
            if resource.isCustom {
                body += stored.json
            } else {
                body.append(UInt8(ascii: "{"))
                body += stored.json[prefix.count...]
            }
        } else {
            var value = Conversion.convert(stored.value, to: resource)
            if !resource.isCustom {
                value["kind"] = nil
                value["apiVersion"] = nil
            }
            body += JSONWriter.compact(value)
        }
    }

    struct Page {
        var objects: [StoredObject]
        var version: Int64
        var token: String?
        var remaining: Int?
    }

    func page(_ call: Call) throws(APIError) -> Page {
        let request = call.request
        let labels = try LabelSelector(parsing: request.parameter("labelSelector") ?? "")
        let fields = try FieldSelector(parsing: request.parameter("fieldSelector") ?? "", resource: call.resource)
        let limit = request.parameter("limit").flatMap(Int.init) ?? 0
        var start: String?
        var version: Int64?
        if let token = request.parameter("continue"), !token.isEmpty {
            let position = try ContinueToken(parsing: token)
            start = position.start
            version = position.version
        }
        let namespace = call.resource.isNamespaced && !call.namespace.isEmpty ? call.namespace : nil
        let all = store.list(call.resource.storageKey, namespace: namespace, after: start)
        let isSelective = !labels.isEmpty || !fields.isEmpty
        var objects = all.objects
        if isSelective { objects = objects.filter { labels.matches($0.value) && fields.matches($0.value) } }
        var page = Page(objects: objects, version: version ?? all.version)
        if limit > 0, objects.count > limit {
            page.objects = Array(objects[..<limit])
            let last = page.objects[limit - 1].value
            let path = "\(last.metadata("namespace")?.string ?? "")/\(last.metadata("name")?.string ?? "")"
            page.token = ContinueToken(version: page.version, start: path).text
            if !isSelective { page.remaining = objects.count - limit }
        }
        return page
    }
}
