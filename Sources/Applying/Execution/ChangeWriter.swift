internal import KubernetesAPI
internal import Manifests
internal import Planning

/// Sends one change to the server.
struct ChangeWriter: Sendable {
    /// What was written, and the object as the server answered; `nil` when it is gone.
    struct Written: Sendable {
        var result: ChangeResult
        var live: Value?

        static func failed(_ error: String) -> Written { Written(result: ChangeResult(.failed, error: error), live: nil) }
    }

    let client: KubernetesClient
    /// Tells whether an object is still as the plan assumed, when a write met another one.
    let check: StalenessCheck
    let isHeld: @Sendable () -> Bool
    let monitor: HealthMonitor

    /// - Parameter timeout: Of the wait until what is replaced is gone.
    func write(_ step: ExecutionStep, timeout: Duration) async -> Written {
        guard isHeld() else { return .failed("the lock was lost; nothing more is written") }
        if step.change.hook != nil { return await runHook(step, timeout: timeout) }
        if step.isDone, step.change.action == .replace { return await found(step) }
        switch step.change.action {
        case .noOp: return Written(result: ChangeResult(.unchanged), live: nil)
        case .create: return await apply(step, resourceVersion: step.resourceVersion)
        case .update: return await update(step)
        case .replace: return await replace(step, timeout: timeout)
        case .delete: return await delete(step, resourceVersion: step.resourceVersion)
        }
    }

    /// Applies; what another tool managed becomes ours first, so that the apply removes what the repository does not have.
    private func update(_ step: ExecutionStep) async -> Written {
        guard let managers = step.change.takeover?.managers, !managers.isEmpty else {
            return await apply(step, resourceVersion: step.resourceVersion)
        }
        let (namespace, name) = (step.change.reference.namespace, step.change.reference.name)
        do {
            guard let live = try await client.get(step.resource, namespace: namespace, name: name),
                let managedFields = OwnershipMigration.migrated(live, from: managers)
            else { return await apply(step, resourceVersion: step.resourceVersion) }
            // A resourceVersion that is replaced by an older one makes the server refuse: the object is another one by now.
            let patched = try await client.patch(
                step.resource, namespace: namespace, name: name, type: .json,
                body: [
                    ["op": "replace", "path": "/metadata/managedFields", "value": managedFields],
                    ["op": "replace", "path": "/metadata/resourceVersion", "value": .string(StalenessCheck.version(live))],
                ],
                options: ApplyOptions(fieldManager: FieldManager.name))
            guard StalenessCheck.version(live) == step.resourceVersion else {
                // Somebody wrote in between: whether it still is as planned is found out by the apply.
                return await apply(step, resourceVersion: step.resourceVersion)
            }
            return await apply(step, resourceVersion: StalenessCheck.version(patched.object))
        } catch {
            return failure(error, body: step.body ?? .null, resourceVersion: step.resourceVersion)
        }
    }

    /// Applies the desired object; when the object was written in between, once more if it still is as the plan assumed.
    func apply(_ step: ExecutionStep, resourceVersion: String) async -> Written {
        guard let body = step.body else { return .failed("the plan does not hold what to apply") }
        do {
            return try await applyOnce(step, body: body, resourceVersion: resourceVersion)
        } catch {
            guard isHeld() else { return failure(error, body: body, resourceVersion: resourceVersion) }
            switch await WriteRecovery(client: client, check: check).decide(step, after: error, resourceVersion: resourceVersion) {
            case .done(let live): return applied(step, live, body: body, status: 200, before: resourceVersion)
            case .again(let version):
                do { return try await applyOnce(step, body: body, resourceVersion: version) } catch {
                    return failure(error, body: body, resourceVersion: version)
                }
            case .failed(let reason):
                var written = failure(error, body: body, resourceVersion: resourceVersion)
                if let reason { written.result.error = "\(reason) (\(written.result.error ?? ""))" }
                return written
            }
        }
    }

    private func applyOnce(_ step: ExecutionStep, body desired: Value, resourceVersion: String) async throws(APIError) -> Written {
        var body = desired
        if !resourceVersion.isEmpty, var metadata = body["metadata"] {
            metadata["resourceVersion"] = .string(resourceVersion)
            body["metadata"] = metadata
        }
        let answer = try await client.apply(
            step.resource, namespace: step.change.reference.namespace, name: step.change.reference.name, body: body,
            options: ApplyOptions(fieldManager: FieldManager.name, force: true, fieldValidation: .strict))
        return applied(step, answer.object, body: desired, status: answer.isCreated ? 201 : 200, before: resourceVersion)
    }

    private func applied(_ step: ExecutionStep, _ live: Value, body: Value, status: Int, before: String) -> Written {
        let version = StalenessCheck.version(live)
        var result = ChangeResult(
            version == before ? .unchanged : .succeeded, httpStatus: status, resourceVersionBefore: before,
            resourceVersionAfter: version, uid: live.at("metadata", "uid")?.string ?? "")
        if UnchangedCheck.hasFields(of: body, live) { result.seen = SeenState(of: live, step.change.reference.groupKind, body: body) }
        return Written(result: result, live: live)
    }

    /// Deletes the very object that the plan means, in the very state that was checked.
    func delete(_ step: ExecutionStep, resourceVersion: String) async -> Written {
        guard case .present(let uid, _, _) = step.change.precondition else {
            return .failed("the plan does not say which object to delete")
        }
        do {
            return try await deleteOnce(step, uid: uid, resourceVersion: resourceVersion)
        } catch {
            guard isHeld() else { return failure(error, body: .null, resourceVersion: resourceVersion) }
            switch await WriteRecovery(client: client, check: check).decide(step, after: error, resourceVersion: resourceVersion) {
            case .done(let live): return deleted(live.isNull ? nil : live, status: 200, before: resourceVersion)
            case .again(let version):
                do { return try await deleteOnce(step, uid: uid, resourceVersion: version) } catch {
                    return failure(error, body: .null, resourceVersion: version)
                }
            case .failed(let reason):
                var written = failure(error, body: .null, resourceVersion: resourceVersion)
                if let reason { written.result.error = "\(reason) (\(written.result.error ?? ""))" }
                return written
            }
        }
    }

    func deleteOnce(_ step: ExecutionStep, uid: String, resourceVersion: String) async throws(APIError) -> Written {
        let options = DeleteOptions(
            uid: uid, resourceVersion: resourceVersion.isEmpty ? nil : resourceVersion,
            propagation: step.live?.propagation ?? .background)
        let reference = step.change.reference
        switch try await client.delete(step.resource, namespace: reference.namespace, name: reference.name, options: options) {
        case .notFound:
            return Written(result: ChangeResult(.unchanged, httpStatus: 404, resourceVersionBefore: resourceVersion), live: nil)
        case .deleted: return deleted(nil, status: 200, before: resourceVersion)
        case .pending(let live): return deleted(live, status: 200, before: resourceVersion)
        }
    }

    private func deleted(_ live: Value?, status: Int, before: String) -> Written {
        Written(result: ChangeResult(.succeeded, httpStatus: status, resourceVersionBefore: before), live: live)
    }

    /// Deletes, waits until the object is gone, and makes it anew.
    private func replace(_ step: ExecutionStep, timeout: Duration) async -> Written {
        var deleted = await delete(step, resourceVersion: step.resourceVersion)
        guard deleted.result.outcome != .failed else { return deleted }
        if let failure = await waitUntilGone(step, deleted: deleted.live, timeout: timeout) {
            deleted.result.outcome = .failed
            deleted.result.error = failure
            return deleted
        }
        var made = await apply(step, resourceVersion: "")
        if made.result.outcome == .failed, let error = made.result.error {
            made.result.error = "it was deleted, and could not be made anew: \(error)"
        }
        made.result.resourceVersionBefore = step.resourceVersion
        return made
    }

    /// - Returns: Why it is not gone; `nil` when it is.
    func waitUntilGone(_ step: ExecutionStep, deleted live: Value?, timeout: Duration) async -> String? {
        guard let live else { return nil }
        var change = step.change
        change.action = .delete
        let target = HealthTarget(change: change, resource: step.resource, written: live, goal: .gone, timeout: timeout)
        switch await monitor.wait(for: target, written: live) {
        case .healthy: return isHeld() ? nil : "the lock was lost while the old object was ending; the new one was not made"
        case .failed(let reason): return reason
        case .timedOut(let reason):
            return
                "the old object is not gone within \(DurationText.text(timeout))\(reason.isEmpty ? "" : ": \(reason)"); the new one was not made"
        case .stopped: return "the run was stopped while the old object was ending; the new one was not made"
        }
    }

    func failure(_ error: APIError, body: Value, resourceVersion: String) -> Written {
        let message =
            error.isCancelled
            ? "the run was ended before the server answered: whether it was done is for the next run to find out"
            : Sensitivity.redacted(error.message, of: body)
        return Written(
            result: ChangeResult(.failed, httpStatus: error.status, resourceVersionBefore: resourceVersion, error: message), live: nil)
    }
}
