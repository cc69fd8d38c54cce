internal import KubernetesAPI
internal import Manifests
internal import Planning

extension ChangeWriter {
    /// Makes a hook's object anew. One that a run of this very plan has made already, before it was cut short, is not made
    /// again: it is waited for.
    func runHook(_ step: ExecutionStep, timeout: Duration) async -> Written {
        let reference = step.change.reference
        let live: Value?
        do { live = try await client.get(step.resource, namespace: reference.namespace, name: reference.name) } catch {
            // A kind that this plan defines is not served yet when the plan begins; now it is.
            guard error.isNotFound else { return failure(error, body: step.body ?? .null, resourceVersion: "") }
            return await apply(step, resourceVersion: "")
        }
        guard let live else { return await apply(step, resourceVersion: "") }
        let uid = live.at("metadata", "uid")?.string ?? ""
        let version = StalenessCheck.version(live)
        if step.isCarriedOn, !Self.isPlanned(uid, step.change) {
            return Written(
                result: ChangeResult(.unchanged, resourceVersionBefore: version, resourceVersionAfter: version, uid: uid), live: live)
        }
        guard Self.isPlanned(uid, step.change) || TrackingID.isCarried(by: live, environment: check.environment, reference: reference)
        else {
            return .failed("another object of this name was made since the plan was; it is not deleted")
        }
        guard step.change.hook?.deletes(.beforeHookCreation) == true else { return await apply(step, resourceVersion: "") }
        do {
            let deleted = try await deleteOnce(step, uid: uid, resourceVersion: "")
            if let failure = await waitUntilGone(step, deleted: deleted.live, timeout: timeout) { return .failed(failure) }
        } catch {
            return failure(error, body: .null, resourceVersion: version)
        }
        return await apply(step, resourceVersion: "")
    }

    /// Whether the object is the one that was there when the plan was made.
    private static func isPlanned(_ uid: String, _ change: Change) -> Bool {
        if case .present(let planned, _, _) = change.precondition { return planned == uid }
        return false
    }

    /// Deletes a hook's object after its run.
    /// - Returns: Why it is still there; `nil` when it is gone or going.
    func deleteHook(_ step: ExecutionStep, uid: String) async -> String? {
        guard isHeld() else { return "the lock was lost" }
        do {
            _ = try await deleteOnce(step, uid: uid, resourceVersion: "")
            return nil
        } catch {
            return error.isConflict ? nil : error.message
        }
    }
}
