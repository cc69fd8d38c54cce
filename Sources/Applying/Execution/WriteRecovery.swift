internal import KubernetesAPI
internal import Manifests
internal import Planning

/// What to do about a write that met another one, or whose answer got lost: looks at what is live now, and never guesses.
struct WriteRecovery: Sendable {
    enum Decision: Sendable {
        /// The object is as it was to be; `.null` when it was to be gone and is.
        case done(Value)
        /// Nothing was done, and the object still is as the plan assumed, in this version.
        case again(resourceVersion: String)
        /// With the reason, where there is more to say than the server's own words.
        case failed(String?)
    }

    let client: KubernetesClient
    let check: StalenessCheck

    func decide(_ step: ExecutionStep, after error: APIError, resourceVersion: String) async -> Decision {
        guard error.isConflict || error.mayHaveHappened else { return .failed(nil) }
        let reference = step.change.reference
        let live: Value?
        do { live = try await client.get(step.resource, namespace: reference.namespace, name: reference.name) } catch {
            return .failed("and what became of it cannot be told: \(error.message)")
        }
        return step.change.action == .delete ? deletion(step, live: live) : application(step, live: live, resourceVersion: resourceVersion)
    }

    private func application(_ step: ExecutionStep, live: Value?, resourceVersion: String) -> Decision {
        if let live, let body = step.body,
            UnchangedCheck(manager: FieldManager.name, isAsApplied: false).isUnchanged(desired: body, live: live)
        {
            return .done(live)
        }
        // What is made anew has nothing to compare with: it is made, or it is not there.
        if resourceVersion.isEmpty { return live == nil ? .again(resourceVersion: "") : .failed("something else was made in its place") }
        return verdict(check.check(step.change, desired: step.body, resource: step.resource, live: live))
    }

    private func deletion(_ step: ExecutionStep, live: Value?) -> Decision {
        guard let live, case .present(let uid, _, _) = step.change.precondition, live.at("metadata", "uid")?.string == uid else {
            return .done(.null)
        }
        if live.at("metadata", "deletionTimestamp")?.string != nil { return .done(live) }
        return verdict(check.check(step.change, desired: nil, resource: step.resource, live: live))
    }

    private func verdict(_ verdict: StalenessCheck.Verdict) -> Decision {
        switch verdict {
        case .proceed(let version): .again(resourceVersion: version)
        case .done: .done(.null)
        case .stale(let fault): .failed(fault.message)
        }
    }
}
