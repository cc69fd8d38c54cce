import Manifests

extension APIServer {
    func patch(_ call: Call) throws(APIError) -> APIResponse {
        switch call.request.contentType {
        case "application/apply-patch+yaml", "application/apply-patch+json": return try apply(call)
        case "application/merge-patch+json":
            let patch = try Body.read(call.request)
            return try patching(call) { (live, _) throws(APIError) in Patches.merge(patch, into: live) }
        case "application/json-patch+json":
            let patch = try Body.read(call.request)
            return try patching(call) { (live, _) throws(APIError) in try Patches.json(patch, to: live) }
        case "application/strategic-merge-patch+json":
            if call.resource.isCustom { throw unsupported(call) }
            let patch = try Body.read(call.request)
            let type = call.resource.type
            return try patching(call) { (live, _) throws(APIError) in Patches.strategic(patch, into: live, type) }
        default: throw unsupported(call)
        }
    }

    private func unsupported(_ call: Call) -> APIError {
        guard call.resource.isCustom, call.request.contentType.contains("strategic") else {
            return APIError(code: 415, reason: "UnsupportedMediaType", message: "415: Unsupported Media Type", details: [:])
        }
        return APIError(
            code: 415, reason: "UnsupportedMediaType",
            message: "the body of the request was in an unknown format - accepted media types include: "
                + "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
            details: [:])
    }

    private func patching(
        _ call: Call, edit: (Value, inout WriteContext) throws(APIError) -> Value
    ) throws(APIError) -> APIResponse {
        try change(WriteContext(call: call, now: clock.now)) { (live, context) throws(APIError) in
            if call.subresource == "scale" {
                let scale = try edit(Scale.of(live, call.resource), &context)
                return try Scale.apply(scale, to: live, call.resource)
            }
            var patched = try edit(live, &context)
            // A patch that does not name these keeps them, but a precondition in it holds.
            if patched.metadata("name") == nil { patched.setMetadata("name", live.metadata("name")) }
            try checkIdentity(patched, call)
            try FieldCheck.check(patched, &context)
            return patched
        }
    }

    // MARK: server-side apply

    private func apply(_ call: Call) throws(APIError) -> APIResponse {
        guard let manager = call.request.parameter("fieldManager"), !manager.isEmpty else {
            throw .invalid(
                group: "meta.k8s.io", kind: "PatchOptions", name: "",
                [.required("fieldManager", "is required for apply patch")])
        }
        let applied = try Body.read(call.request)
        guard case .object = applied else { throw .badRequest("error decoding YAML: the patch is no object") }
        if applied.metadata("managedFields") != nil { throw .badRequest("metadata.managedFields must be nil") }
        let context = WriteContext(call: call, now: clock.now)
        if call.subresource == "scale" { return try applyScale(applied, manager, context) }
        for _ in 0..<20 {
            if let response = try apply(applied, manager, context) { return response }
        }
        throw .modified(call.resource, call.name)
    }

    private func applyScale(_ applied: Value, _ manager: String, _ context: WriteContext) throws(APIError) -> APIResponse {
        try change(context) { (live, context) throws(APIError) in
            try Scale.apply(applied, to: live, context.resource)
        }
    }

    /// One attempt; `nil` when the object changed meanwhile.
    private func apply(_ applied: Value, _ manager: String, _ context: WriteContext) throws(APIError) -> APIResponse? {
        let call = context.call
        let stored = store.object(call.key)
        if stored == nil { try checkNamespace(call) }
        try checkApplied(applied, call)
        var body = applied
        if call.resource.isNamespaced, body.metadata("namespace") == nil {
            body.setMetadata("namespace", .string(call.namespace))
        }
        if body.metadata("name") == nil { body.setMetadata("name", .string(call.name)) }
        let faults = TypedValue.faults(in: body, call.resource.type)
        if !faults.isEmpty {
            let place = "\(applied.metadata("namespace")?.string ?? "")/\(call.name)"
            let group = call.resource.group.isEmpty ? "/\(call.resource.version)" : call.resource.apiVersion
            throw .internal(
                "failed to create typed patch object (\(place); \(group), Kind=\(call.resource.kind)): "
                    + TypedValue.message(faults))
        }
        if !call.resource.isCustom, let fault = DecodeCheck.fault(in: body, call.resource.type) {
            let place = "\(applied.metadata("namespace")?.string ?? "")/\(call.name)"
            let group = call.resource.group.isEmpty ? "/\(call.resource.version)" : call.resource.apiVersion
            throw .internal(
                "failed to convert new object (\(place); \(group), Kind=\(call.resource.kind)) to proper version: unable to "
                    + "convert unstructured object to \(group), Kind=\(call.resource.kind): \(fault)")
        }
        let tracked = Decoding.withoutResetFields(body, call.resource, subresource: call.subresource)
        guard let stored else {
            guard call.subresource.isEmpty else { throw .notFound(call.resource, call.name) }
            if let version = body.metadata("resourceVersion")?.string, !version.isEmpty {
                throw .modified(call.resource, call.name)
            }
            let (object, managed) = try merged(tracked, Decoding.empty(call.resource), ManagedFields(), manager, context)
            return try finishCreate(Decoding.decode(object, call.resource), managed, context)
        }
        let live = Conversion.convert(stored.value, to: call.resource)
        if let version = body.metadata("resourceVersion")?.string, !version.isEmpty, version != String(stored.resourceVersion) {
            throw .modified(call.resource, call.name)
        }
        if let uid = body.metadata("uid")?.string, !uid.isEmpty, uid != live.metadata("uid")?.string {
            throw .conflict(
                call.resource, call.name,
                "Precondition failed: UID in precondition: \(uid), UID in object meta: \(live.metadata("uid")?.string ?? "")")
        }
        var managed = ManagedFields(live.metadata("managedFields"))
        if managed.isEmpty {
            // What was there before anyone's fields were tracked belongs to nobody in particular.
            managed = context.fieldManager.update(
                Decoding.withoutResetFields(live, call.resource, subresource: "", keepsEmpty: true), over: Decoding.empty(call.resource),
                managed: managed, manager: "before-first-apply")
        }
        let (object, owners) = try merged(tracked, live, managed, manager, context)
        let decoded = Decoding.decode(object, call.resource)
        let scoped = Decoding.restoringResetFields(decoded, live, call.resource, subresource: call.subresource)
        return try commit(scoped, owners, over: stored, live: live, context)
    }

    private func merged(
        _ applied: Value, _ live: Value, _ managed: ManagedFields, _ manager: String, _ context: WriteContext
    ) throws(APIError) -> (Value, ManagedFields) {
        do throws(FieldManager.Conflicts) {
            let result = try context.fieldManager.apply(
                applied, to: live, managed: managed, manager: manager, force: context.call.isForced)
            return (result.object, result.managed)
        } catch { throw .applyConflict(error) }
    }

    private func checkApplied(_ applied: Value, _ call: Call) throws(APIError) {
        let kind = applied["kind"]?.string ?? ""
        let apiVersion = applied["apiVersion"]?.string ?? ""
        if kind.isEmpty {
            throw .badRequest("error decoding patch: Object 'Kind' is missing in '\(text(applied))'")
        }
        if apiVersion.isEmpty {
            throw .badRequest("error decoding patch: Object 'apiVersion' is missing in '\(text(applied))'")
        }
        if apiVersion != call.resource.apiVersion || kind != call.resource.kind {
            throw .badRequest(
                "the API version or kind of the patch (\(apiVersion), \(kind)) does not match the request (\(call.resource.apiVersion), \(call.resource.kind))"
            )
        }
        try checkIdentity(applied, call)
    }

    /// The object's identity only: data may be secret.
    private func text(_ value: Value) -> String {
        String(decoding: JSONWriter.canonical(["metadata": ["name": value.metadata("name") ?? .null]]), as: UTF8.self)
    }
}
