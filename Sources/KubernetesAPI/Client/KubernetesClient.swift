internal import HTTP
package import Manifests

/// Talks to one Kubernetes-style API server.
///
/// Every call waits for its turn (`ClientOptions.maximumInFlight`), is authenticated, and is tried again as `RetryPolicy`
/// allows. Calls may be made from any number of tasks; cancelling a task ends its request. `shutdown` ends the client's thread.
package final class KubernetesClient: Sendable {
    package let configuration: ClusterConfiguration
    let sender: RequestSender

    /// Throws a `Diagnostic` when the server's URL cannot be used. Connects to nothing yet.
    package init(_ configuration: ClusterConfiguration, options: ClientOptions = ClientOptions()) throws(Diagnostic) {
        self.configuration = configuration
        sender = try RequestSender(configuration, options: options)
    }

    /// The server's URL with its path, without user and password.
    package var server: String { sender.baseURL.description }

    /// What was asked so far.
    package var statistics: RequestStatistics { sender.statistics }

    /// How many requests may be under way now: the bound that it was given, less what the server's complaints have taken off.
    package var requestLimit: Int { sender.requestLimit }

    /// Ends what is under way. Later calls fail.
    package func shutdown() { sender.shutdown() }

    /// The server's version, such as `v1.36.2` (`gitVersion` of `/version`); empty when the server does not say.
    package func serverVersion() async throws(APIError) -> String {
        let response = try await sender.send(APICall(.discovery, path: "/version"))
        return try sender.value(of: response, call: APICall(.discovery, path: "/version"))["gitVersion"]?.string ?? ""
    }

    /// Any path's answer as JSON, for what this client has no call for. Counted as discovery.
    package func get(path: String) async throws(APIError) -> Value {
        let call = APICall(.discovery, path: path)
        return try sender.value(of: try await sender.send(call), call: call)
    }

    // MARK: Reading

    /// The object, or `nil` when there is none of that name. A kind that is not served, or a namespace that may not be
    /// looked into, is an error.
    package func get(
        _ resource: APIResource, namespace: String, name: String, skipsManagedFields: Bool = false, isMetadataOnly: Bool = false
    ) async throws(APIError) -> Value? {
        var call = APICall(.get, path: resource.path(namespace: namespace, name: name))
        // A server that does not know the form answers with the whole object.
        if isMetadataOnly { call.accept = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json" }
        do throws(APIError) {
            return try sender.value(of: try await sender.send(call), call: call, skipsManagedFields: skipsManagedFields)
        } catch {
            if error.isObjectNotFound { return nil }
            throw error
        }
    }

    // MARK: Writing

    /// Server-side apply. `body` is the object without `managedFields`; its `metadata.resourceVersion`, if there, is a precondition.
    package func apply(
        _ resource: APIResource, namespace: String, name: String, body: Value, options: ApplyOptions = ApplyOptions()
    ) async throws(APIError) -> WriteResult {
        var query = [("fieldManager", options.fieldManager)]
        if options.force { query.append(("force", "true")) }
        if options.dryRun { query.append(("dryRun", "All")) }
        query.append(("fieldValidation", options.fieldValidation.rawValue))
        var call = APICall(options.dryRun ? .dryRun : .apply, method: "PATCH", path: resource.path(namespace: namespace, name: name))
        call.query = query
        call.contentType = "application/apply-patch+yaml"
        call.body = JSONWriter.compact(body)
        // The same fields with the same owner, however often: an apply with a resourceVersion is bound to one state alone.
        call.isIdempotent = options.dryRun || body.at("metadata", "resourceVersion") == nil
        return try await write(call)
    }

    /// Creates an object that is not there yet; `AlreadyExists` when it is.
    package func create(
        _ resource: APIResource, namespace: String, body: Value, options: ApplyOptions = ApplyOptions()
    ) async throws(APIError) -> WriteResult {
        var call = APICall(options.dryRun ? .dryRun : .create, method: "POST", path: resource.path(namespace: namespace))
        call.query = Self.writeQuery(options)
        call.contentType = "application/json"
        call.body = JSONWriter.compact(body)
        call.isIdempotent = options.dryRun
        return try await write(call)
    }

    /// Replaces an object as a whole (PUT). With `metadata.resourceVersion` in the body, only if it is still that one.
    package func replace(
        _ resource: APIResource, namespace: String, name: String, body: Value, options: ApplyOptions = ApplyOptions()
    ) async throws(APIError) -> WriteResult {
        var call = APICall(
            options.dryRun ? .dryRun : .update, method: "PUT", path: resource.path(namespace: namespace, name: name))
        call.query = Self.writeQuery(options)
        call.contentType = "application/json"
        call.body = JSONWriter.compact(body)
        call.isIdempotent = options.dryRun
        return try await write(call)
    }

    /// Patches an object, or one of its subresources.
    package func patch(
        _ resource: APIResource, namespace: String, name: String, type: PatchType, subresource: String? = nil, body: Value,
        options: ApplyOptions = ApplyOptions()
    ) async throws(APIError) -> WriteResult {
        var call = APICall(
            options.dryRun ? .dryRun : .update, method: "PATCH",
            path: resource.path(namespace: namespace, name: name, subresource: subresource))
        call.query = Self.writeQuery(options)
        call.contentType = type.rawValue
        call.body = JSONWriter.compact(body)
        call.isIdempotent = options.dryRun
        return try await write(call)
    }

    /// Deletes an object. Its dependents, finalizers or grace period may hold it: then the result is `.pending`.
    package func delete(
        _ resource: APIResource, namespace: String, name: String, options: DeleteOptions = DeleteOptions()
    ) async throws(APIError) -> DeleteResult {
        var call = APICall(
            options.dryRun ? .dryRun : .delete, method: "DELETE", path: resource.path(namespace: namespace, name: name))
        call.contentType = "application/json"
        call.body = JSONWriter.compact(options.body)
        // A second deletion of the same object does no harm; its resourceVersion has changed after the first.
        call.isIdempotent = options.dryRun || options.resourceVersion == nil
        do throws(APIError) {
            let response = try await sender.send(call)
            let value = try sender.value(of: response, call: call)
            if value["kind"]?.string == "Status" { return response.status == 202 ? .pending(value) : .deleted }
            return value.at("metadata", "deletionTimestamp")?.string == nil ? .deleted : .pending(value)
        } catch {
            if error.isObjectNotFound { return .notFound }
            throw error
        }
    }

    private static func writeQuery(_ options: ApplyOptions) -> [(String, String)] {
        var query = [("fieldManager", options.fieldManager)]
        if options.dryRun { query.append(("dryRun", "All")) }
        query.append(("fieldValidation", options.fieldValidation.rawValue))
        return query
    }

    private func write(_ call: APICall) async throws(APIError) -> WriteResult {
        let response = try await sender.send(call)
        return WriteResult(
            object: try sender.value(of: response, call: call), isCreated: response.status == 201,
            warnings: WarningHeader.texts(response.headers.all("Warning")))
    }
}

extension DeleteOptions {
    /// The body of the request (`meta/v1 DeleteOptions`).
    var body: Value {
        var body: Object = ["apiVersion": "v1", "kind": "DeleteOptions"]
        var preconditions = Object()
        if let uid { preconditions["uid"] = .string(uid) }
        if let resourceVersion { preconditions["resourceVersion"] = .string(resourceVersion) }
        if !preconditions.isEmpty { body["preconditions"] = .object(preconditions) }
        if let propagation { body["propagationPolicy"] = .string(propagation.rawValue) }
        if let gracePeriodSeconds { body["gracePeriodSeconds"] = .int(Int64(gracePeriodSeconds)) }
        if dryRun { body["dryRun"] = ["All"] }
        return .object(body)
    }
}
