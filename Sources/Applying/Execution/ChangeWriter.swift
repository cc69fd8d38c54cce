internal import KubernetesAPI
internal import Manifests
internal import Planning

/// Sends one change to the server.
struct ChangeWriter: Sendable {
    /// What was written, and the object as the server answered; `nil` when it is gone.
    struct Written: Sendable {
        var result: ChangeResult
        var live: Value?
    }

    let client: KubernetesClient
    let isHeld: @Sendable () -> Bool

    /// - Parameters:
    ///   - body: What is applied, secrets and all; `nil` for deletions.
    ///   - resourceVersion: Of the live object as it was checked; a change that came in between is refused by the server.
    func write(_ change: Change, body: Value?, resource: APIResource, resourceVersion: String) async -> Written {
        guard isHeld() else {
            return Written(result: ChangeResult(.failed, error: "the lock was lost; nothing more is written"), live: nil)
        }
        switch change.action {
        case .noOp: return Written(result: ChangeResult(.unchanged), live: nil)
        case .create, .update: return await apply(change, body: body, resource: resource, resourceVersion: resourceVersion)
        case .replace: return await replace(change, body: body, resource: resource, resourceVersion: resourceVersion)
        case .delete: return await delete(change, resource: resource, resourceVersion: resourceVersion)
        }
    }

    private func apply(_ change: Change, body: Value?, resource: APIResource, resourceVersion: String) async -> Written {
        guard var body else {
            return Written(result: ChangeResult(.failed, error: "the plan does not hold what to apply"), live: nil)
        }
        if !resourceVersion.isEmpty, var metadata = body["metadata"] {
            metadata["resourceVersion"] = .string(resourceVersion)
            body["metadata"] = metadata
        }
        do {
            let answer = try await client.apply(
                resource, namespace: change.reference.namespace, name: change.reference.name, body: body,
                options: ApplyOptions(fieldManager: FieldManager.name, force: true, fieldValidation: .strict))
            let version = StalenessCheck.version(answer.object)
            return Written(
                result: ChangeResult(
                    version == resourceVersion ? .unchanged : .succeeded, httpStatus: answer.isCreated ? 201 : 200,
                    resourceVersionBefore: resourceVersion, resourceVersionAfter: version,
                    uid: answer.object.at("metadata", "uid")?.string ?? ""),
                live: answer.object)
        } catch {
            return Written(result: failure(error, body: body, resourceVersion: resourceVersion), live: nil)
        }
    }

    private func delete(_ change: Change, resource: APIResource, resourceVersion: String) async -> Written {
        guard case .present(let uid, _, _) = change.precondition else {
            return Written(result: ChangeResult(.failed, error: "the plan does not say which object to delete"), live: nil)
        }
        let options = DeleteOptions(uid: uid, resourceVersion: resourceVersion.isEmpty ? nil : resourceVersion, propagation: .background)
        do {
            switch try await client.delete(
                resource, namespace: change.reference.namespace, name: change.reference.name, options: options)
            {
            case .notFound:
                return Written(result: ChangeResult(.unchanged, httpStatus: 404, resourceVersionBefore: resourceVersion), live: nil)
            case .deleted:
                return Written(result: ChangeResult(.succeeded, httpStatus: 200, resourceVersionBefore: resourceVersion), live: nil)
            case .pending(let live):
                return Written(result: ChangeResult(.succeeded, httpStatus: 200, resourceVersionBefore: resourceVersion), live: live)
            }
        } catch {
            return Written(result: failure(error, body: .null, resourceVersion: resourceVersion), live: nil)
        }
    }

    /// Deletes, waits until the object is gone, and makes it anew.
    private func replace(_ change: Change, body: Value?, resource: APIResource, resourceVersion: String) async -> Written {
        let deleted = await delete(change, resource: resource, resourceVersion: resourceVersion)
        guard deleted.result.outcome != .failed else { return deleted }
        if deleted.live != nil, case .present(let uid, _, _) = change.precondition {
            let deadline = ContinuousClock.now + .seconds(300)
            while ContinuousClock.now < deadline {
                let live = try? await client.get(resource, namespace: change.reference.namespace, name: change.reference.name)
                guard let live, live.at("metadata", "uid")?.string == uid else { break }
                try? await Task.sleep(for: .milliseconds(250))
            }
        }
        return await apply(change, body: body, resource: resource, resourceVersion: "")
    }

    private func failure(_ error: APIError, body: Value, resourceVersion: String) -> ChangeResult {
        ChangeResult(
            .failed, httpStatus: error.status, resourceVersionBefore: resourceVersion,
            error: Sensitivity.redacted(error.message, of: body))
    }
}
