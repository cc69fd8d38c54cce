import Manifests

/// What one write knows: the call, its time, the warnings that it gathered.
struct WriteContext {
    var call: Call
    var now: String
    var warnings: [String] = []

    var resource: Resource { call.resource }

    var fieldManager: FieldManager {
        FieldManager(
            type: resource.type, apiVersion: resource.apiVersion, subresource: call.subresource, now: now)
    }
}

extension APIServer {
    /// How often a write that lost a race is tried again before the client is told.
    private static let attemptsMax = 20

    func create(_ call: Call) throws(APIError) -> APIResponse {
        if call.resource.verbs == ["create"] || !call.subresource.isEmpty { return try review(call) }
        guard call.name.isEmpty else { throw .methodNotAllowed }
        var context = WriteContext(call: call, now: clock.now)
        var object = try decodeBody(&context)
        if object.metadata("name") == nil, let prefix = object.metadata("generateName")?.string, !prefix.isEmpty {
            object.setMetadata("name", .string(prefix + Self.randomSuffix()))
        }
        guard let name = object.metadata("name")?.string, !name.isEmpty else {
            throw .invalid(
                group: call.resource.group, kind: call.resource.kind, name: "",
                [.required("metadata.name", "name or generateName is required")])
        }
        context.call.name = name
        try checkIdentity(object, context.call)
        if object.metadata("resourceVersion")?.string.map({ !$0.isEmpty && $0 != "0" }) == true {
            throw .internal("resourceVersion should not be set on objects to be created")
        }
        object.setMetadata("managedFields", nil)
        let decoded = Decoding.decode(object, context.resource)
        let manager = FieldManager(
            type: context.resource.type, apiVersion: context.resource.apiVersion, subresource: "", now: context.now)
        let tracked = Decoding.withoutResetFields(decoded, context.resource, subresource: "", keepsEmpty: true)
        let managed = manager.update(
            tracked, over: Decoding.empty(context.resource), managed: ManagedFields(), manager: call.request.fieldManager)
        return try finishCreate(decoded, managed, context)
    }

    /// The rest of a creation, by POST or by apply.
    func finishCreate(_ object: Value, _ managed: ManagedFields, _ context: WriteContext) throws(APIError) -> APIResponse {
        let call = context.call
        try checkNamespace(call)
        var object = object
        object.setMetadata("uid", .string(Clock.uid()))
        object.setMetadata("creationTimestamp", .string(context.now))
        for key in ["resourceVersion", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds"] {
            object.setMetadata(key, nil)
        }
        if call.resource.isNamespaced { object.setMetadata("namespace", .string(call.namespace)) }
        try Strategy.prepareForCreate(&object, call.resource, allocator: allocator, isDryRun: call.isDryRun)
        object.setMetadata("managedFields", managed.value)
        try check(object, old: nil, context)
        if store.object(call.key) != nil { throw .alreadyExists(call.resource, call.name) }
        if call.isDryRun {
            return respond(StoredObject(value: object, resourceVersion: 0), call, status: 201, warnings: context.warnings)
        }
        do {
            let stored = try store.put(object, at: call.key, expecting: .absent)
            return respond(stored, call, status: 201, warnings: context.warnings)
        } catch { throw .alreadyExists(call.resource, call.name) }
    }

    func update(_ call: Call) throws(APIError) -> APIResponse {
        var context = WriteContext(call: call, now: clock.now)
        let body = try decodeBody(&context)
        try checkIdentity(body, call)
        if Strategy.requiresVersion(call.resource), call.subresource != "scale", store.object(call.key) != nil,
            TypeBuilder.isZero(body.metadata("resourceVersion") ?? .null)
        {
            let cause = APIError.Cause.invalid("metadata.resourceVersion", 0, "must be specified for an update")
            throw .invalid(group: call.resource.group, kind: call.resource.plural, name: call.name, [cause])
        }
        return try change(context) { (live, context) throws(APIError) in
            if call.subresource == "scale" { return try Scale.apply(body, to: live, context.resource) }
            return body
        }
    }

    /// Reads the object, lets `edit` change it, and writes it; again when somebody else was faster.
    func change(
        _ context: WriteContext, edit: (Value, inout WriteContext) throws(APIError) -> Value
    ) throws(APIError) -> APIResponse {
        let call = context.call
        for _ in 0..<Self.attemptsMax {
            guard let stored = store.object(call.key) else { throw .notFound(call.resource, call.name) }
            var context = context
            let live = Conversion.convert(stored.value, to: call.resource)
            let edited = try edit(live, &context)
            if let wanted = edited.metadata("resourceVersion")?.string, !wanted.isEmpty, wanted != String(stored.resourceVersion) {
                throw .modified(call.resource, call.name)
            }
            if let uid = edited.metadata("uid")?.string, !uid.isEmpty, uid != live.metadata("uid")?.string {
                let message =
                    "Precondition failed: UID in precondition: \(uid), UID in object meta: \(live.metadata("uid")?.string ?? "")"
                throw .conflict(call.resource, call.name, message)
            }
            let decoded = Decoding.decode(edited, call.resource)
            let scoped = Decoding.restoringResetFields(decoded, live, call.resource, subresource: call.subresource)
            var managed = ManagedFields(live.metadata("managedFields"))
            // What a request says of owners counts (kubectl moves ownership so), an empty list takes all of them away; only
            // a subresource's requests have no say.
            if call.subresource.isEmpty, let stated = edited.metadata("managedFields"), !Self.isSame(stated, live) {
                managed = ManagedFields(stated)
            }
            managed = context.fieldManager.update(
                scoped, over: live, managed: managed, manager: call.request.fieldManager)
            if let response = try commit(scoped, managed, over: stored, live: live, context) { return response }
        }
        throw .modified(call.resource, call.name)
    }

    private static func isSame(_ managedFields: Value, _ live: Value) -> Bool {
        managedFields == live.metadata("managedFields")
    }

    /// Writes a changed object; `nil` when it changed meanwhile.
    func commit(
        _ object: Value, _ managed: ManagedFields, over stored: StoredObject, live: Value, _ context: WriteContext
    ) throws(APIError) -> APIResponse? {
        let call = context.call
        var object = object
        Strategy.prepareForUpdate(&object, live, call.resource, subresource: call.subresource)
        object.setMetadata("managedFields", managed.value)
        try check(object, old: live, context)
        if Self.isNoOp(object, live) { return respond(stored, call, status: 200, warnings: context.warnings) }
        if call.isDryRun {
            object.setMetadata("resourceVersion", .string(String(stored.resourceVersion)))
            return respond(
                StoredObject(value: object, resourceVersion: stored.resourceVersion), call, status: 200,
                warnings: context.warnings)
        }
        do {
            if Deletion.isFinished(object) {
                try store.remove(call.key, expecting: stored.resourceVersion)
                return respond(
                    StoredObject(value: object, resourceVersion: stored.resourceVersion), call, status: 200,
                    warnings: context.warnings)
            }
            let written = try store.put(object, at: call.key, expecting: .version(stored.resourceVersion))
            return respond(written, call, status: 200, warnings: context.warnings)
        } catch { return nil }
    }

    /// Whether a write changes nothing but the times in managedFields: then it does not happen.
    private static func isNoOp(_ object: Value, _ live: Value) -> Bool {
        func timeless(_ value: Value) -> Value {
            var value = value
            value.setMetadata("resourceVersion", nil)
            var entries = ManagedFields(value.metadata("managedFields")).entries
            for index in entries.indices { entries[index].time = nil }
            entries.sort { ($0.manager.name, $0.manager.subresource) < ($1.manager.name, $1.manager.subresource) }
            value.setMetadata("managedFields", ManagedFields(entries: entries).value)
            return value
        }
        return timeless(object) == timeless(live)
    }

    // MARK: checks

    /// Reads the body and checks it field by field as `fieldValidation` asks.
    func decodeBody(_ context: inout WriteContext) throws(APIError) -> Value {
        let call = context.call
        let value = try Body.read(call.request)
        guard case .object = value else { throw .badRequest("the body of the request is no object") }
        try checkKind(value, call)
        if call.subresource != "scale" { try FieldCheck.check(value, &context) }
        return value
    }

    private func checkKind(_ value: Value, _ call: Call) throws(APIError) {
        guard call.subresource.isEmpty || call.subresource == "status" else { return }
        let kind = value["kind"]?.string ?? ""
        let apiVersion = value["apiVersion"]?.string ?? ""
        if kind.isEmpty && !call.resource.isCustom { return }
        let expected = "\(call.resource.group)/\(call.resource.version)".drop { $0 == "/" }
        if kind != call.resource.kind || apiVersion != call.resource.apiVersion {
            func label(_ group: String) -> String { group.isEmpty ? "core" : String(group.prefix { $0 != "." }) }
            let given = GroupVersionKind(apiVersion: apiVersion, kind: kind)
            let isBuiltIn = !call.resource.isCustom && store.registry.resource(group: given.group, kind: kind) != nil
            let why =
                isBuiltIn
                ? "converting (\(given.version).\(kind)) to (\(label(call.resource.group)).\(call.resource.kind)): unknown conversion"
                : "the object provided is unrecognized (must be of type \(call.resource.kind), \(expected))"
            throw .badRequest(
                "\(kind.isEmpty ? "the object" : kind) in version \"\(apiVersion)\" cannot be handled as a "
                    + "\(call.resource.kind): \(why)")
        }
    }

    /// The object's own name and namespace must be those of the URL.
    func checkIdentity(_ object: Value, _ call: Call) throws(APIError) {
        if let name = object.metadata("name")?.string, !name.isEmpty, name != call.name {
            throw .badRequest("the name of the object (\(name)) does not match the name on the URL (\(call.name))")
        }
        if let namespace = object.metadata("namespace")?.string, !namespace.isEmpty, call.subresource != "scale" {
            if call.resource.isNamespaced, namespace != call.namespace {
                throw .badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request")
            }
        }
    }

    /// A namespace must be there, and not ending, for anything to be created in it.
    func checkNamespace(_ call: Call) throws(APIError) {
        guard call.resource.isNamespaced else { return }
        let key = ObjectKey(resource: "namespaces", namespace: "", name: call.namespace)
        guard let namespace = store.object(key) else {
            throw APIError(
                code: 404, reason: "NotFound", message: "namespaces \"\(call.namespace)\" not found",
                details: ["name": .string(call.namespace), "kind": "namespaces"])
        }
        guard namespace.value.metadata("deletionTimestamp") != nil else { return }
        var error = APIError.forbidden(
            call.resource, call.name,
            "unable to create new content in namespace \(call.namespace) because it is being terminated")
        let cause: Value = [
            "reason": "NamespaceTerminating", "message": .string("namespace \(call.namespace) is being terminated"),
            "field": "metadata.namespace",
        ]
        error.details?["causes"] = .array([cause])
        throw error
    }

    private func check(_ object: Value, old: Value?, _ context: WriteContext) throws(APIError) {
        let causes = Validation.causes(object, old: old, context.resource, subresource: context.call.subresource)
        guard !causes.isEmpty else { return }
        throw .invalid(
            group: context.resource.group, kind: context.resource.kind,
            name: object.metadata("name")?.string ?? context.call.name, causes)
    }

    static func randomSuffix() -> String {
        let letters = Array("bcdfghjklmnpqrstvwxz2456789")
        return String((0..<5).map { _ in letters[Int.random(in: 0..<letters.count)] })
    }
}
