import Manifests

extension APIServer {
    func delete(_ call: Call) throws(APIError) -> APIResponse {
        let options = try Deletion.Options(call)
        for _ in 0..<20 {
            guard let stored = store.object(call.key) else { throw .notFound(call.resource, call.name) }
            try checkPreconditions(stored, options, call)
            if let response = try delete(stored, options, call) { return response }
        }
        throw .modified(call.resource, call.name)
    }

    private func checkPreconditions(_ stored: StoredObject, _ options: Deletion.Options, _ call: Call) throws(APIError) {
        func conflict(_ what: String, _ wanted: String, _ actual: String) -> APIError {
            APIError(
                code: 409, reason: "Conflict",
                message: "Operation cannot be fulfilled on \(call.resource.kind)"
                    + (call.resource.group.isEmpty ? "" : ".\(call.resource.group)")
                    + " \"\(call.name)\": the \(what) in the precondition (\(wanted)) does not match the \(what) in record (\(actual)). The object might have been "
                    + (what == "UID" ? "deleted and then recreated" : "modified"),
                details: APIError.details(call.resource, kind: call.resource.kind, name: call.name))
        }
        let uid = stored.value.metadata("uid")?.string ?? ""
        if let wanted = options.uid, wanted != uid { throw conflict("UID", wanted, uid) }
        if let wanted = options.resourceVersion, wanted != String(stored.resourceVersion) {
            throw conflict("ResourceVersion", wanted, String(stored.resourceVersion))
        }
    }

    /// One attempt; `nil` when the object changed meanwhile.
    private func delete(_ stored: StoredObject, _ options: Deletion.Options, _ call: Call) throws(APIError) -> APIResponse? {
        if call.resource.qualifiedName == "namespaces", ["default", "kube-system", "kube-public"].contains(call.name) {
            throw .forbidden(call.resource, call.name, "this namespace may not be deleted")
        }
        let object = marked(stored.value, options, call)
        if Deletion.isFinished(object) {
            if !options.isDryRun {
                guard (try? store.remove(call.key, expecting: stored.resourceVersion)) != nil else { return nil }
            }
            if Strategy.returnsDeleted(call.resource) { return respond(stored, call, status: 200) }
            return json(200, success(stored.value, call))
        }
        if options.isDryRun || object == stored.value {
            return respond(StoredObject(value: object, resourceVersion: stored.resourceVersion), call, status: 200)
        }
        guard let written = try? store.put(object, at: call.key, expecting: .version(stored.resourceVersion)) else {
            return nil
        }
        return respond(written, call, status: 200)
    }

    /// The object as it waits for its end.
    private func marked(_ live: Value, _ options: Deletion.Options, _ call: Call) -> Value {
        var object = live
        var finalizers = Deletion.finalizers(object)
        switch options.propagation {
        case "Foreground": if !finalizers.contains(Deletion.foreground) { finalizers.append(Deletion.foreground) }
        case "Orphan": if !finalizers.contains(Deletion.orphan) { finalizers.append(Deletion.orphan) }
        default: break
        }
        if call.resource.qualifiedName == ObjectStore.definitions, !finalizers.contains(Definitions.cleanupFinalizer),
            live.metadata("deletionTimestamp") == nil
        {
            finalizers.append(Definitions.cleanupFinalizer)
        }
        Deletion.setFinalizers(finalizers, on: &object)
        guard live.metadata("deletionTimestamp") == nil else { return object }
        object.setMetadata("deletionTimestamp", .string(clock.now))
        let isOwnWay = ["namespaces", ObjectStore.definitions].contains(call.resource.qualifiedName)
        if isOwnWay {
            if call.resource.qualifiedName == "namespaces" {
                object.edit("status") { $0["phase"] = "Terminating" }
            } else {
                Definitions.markTerminating(&object, now: clock.now)
            }
        } else {
            object.setMetadata("deletionGracePeriodSeconds", 0)
            if let generation = live.metadata("generation")?.int { object.setMetadata("generation", .int(generation + 1)) }
        }
        return object
    }

    private func success(_ object: Value, _ call: Call) -> Value {
        var details = APIError.details(call.resource, kind: call.resource.plural, name: call.name)
        details["uid"] = object.metadata("uid")
        return ["kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "details": .object(details)]
    }

    func deleteCollection(_ call: Call) throws(APIError) -> APIResponse {
        let options = try Deletion.Options(call)
        let page = try page(call)
        for stored in page.objects {
            var single = call
            single.name = stored.value.metadata("name")?.string ?? ""
            single.namespace = stored.value.metadata("namespace")?.string ?? ""
            for _ in 0..<20 {
                guard let current = store.object(single.key) else { break }
                if try delete(current, options, single) != nil { break }
            }
        }
        return try list(with: page, call)
    }

    private func list(with page: Page, _ call: Call) throws(APIError) -> APIResponse {
        let items = page.objects.map { Conversion.convert($0.value, to: call.resource) }
        return json(
            200,
            [
                "kind": .string(call.resource.listKind), "apiVersion": .string(call.resource.apiVersion),
                "metadata": ["resourceVersion": .string(String(page.version))], "items": .array(items),
            ])
    }
}
