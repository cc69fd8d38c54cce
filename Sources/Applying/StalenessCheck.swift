internal import KubernetesAPI
internal import Manifests
internal import Planning

/// Compares what a plan assumed of each object with what is there now.
struct StalenessCheck: Sendable {
    /// What to do about a change now.
    enum Verdict: Sendable {
        /// As planned; the live object's resourceVersion, empty when there is none.
        case proceed(resourceVersion: String)
        /// It is not what the plan assumed. A run of this very plan that died may have made it so: whether it did is told
        /// by comparing the live object with what the plan makes.
        case staleUnlessDone(Diagnostic)
        case stale(Diagnostic)
    }

    let environment: String
    /// Whether an earlier run of the same plan was cut short: what it has done is no reason to refuse.
    let isResumed: Bool

    func check(_ change: Change, desired: Value?, live: Value?) -> Verdict {
        switch change.action {
        case .noOp: .proceed(resourceVersion: "")
        case .create: checkCreation(change, live: live)
        case .update: checkUpdate(change, desired: desired, live: live)
        case .replace: checkReplacement(change, desired: desired, live: live)
        case .delete: checkDeletion(change, live: live)
        }
    }

    private func checkCreation(_ change: Change, live: Value?) -> Verdict {
        guard let live else { return .proceed(resourceVersion: "") }
        let fault = Diagnostic("it exists by now, and the plan would create it", object: change.id)
        guard isResumed, TrackingID.isCarried(by: live, environment: environment, reference: change.reference) else { return .stale(fault) }
        return .staleUnlessDone(fault)
    }

    private func checkUpdate(_ change: Change, desired: Value?, live: Value?) -> Verdict {
        guard case .present(let uid, let version, let digest) = change.precondition else {
            return .stale(Diagnostic("the plan does not say what it assumes of it", object: change.id))
        }
        guard let live else { return .stale(Diagnostic("it is gone, and the plan would change it", object: change.id)) }
        guard live.at("metadata", "uid")?.string == uid else {
            return .stale(Diagnostic("it was deleted and made anew since", object: change.id))
        }
        let now = Self.version(live)
        if now == version { return .proceed(resourceVersion: now) }
        let removed = change.differences.filter { $0.after == nil }.compactMap { Self.path($0.path, in: live) }
        guard let desired, LiveDigest.text(live: live, desired: desired, removed: removed) == digest else {
            let fault = Diagnostic(Self.whoChanged(live), object: change.id)
            return isResumed ? .staleUnlessDone(fault) : .stale(fault)
        }
        return .proceed(resourceVersion: now)
    }

    /// A run that died may have deleted the object, and may have made it anew.
    private func checkReplacement(_ change: Change, desired: Value?, live: Value?) -> Verdict {
        guard isResumed, case .present(let uid, _, _) = change.precondition else {
            return checkUpdate(change, desired: desired, live: live)
        }
        guard let live else { return .proceed(resourceVersion: "") }
        guard live.at("metadata", "uid")?.string == uid else {
            let fault = Diagnostic("it was deleted and made anew since, and not as the plan makes it", object: change.id)
            let isOurs = TrackingID.isCarried(by: live, environment: environment, reference: change.reference)
            return isOurs ? .staleUnlessDone(fault) : .stale(fault)
        }
        // Its deletion has begun; it is waited for.
        if live.at("metadata", "deletionTimestamp") != nil { return .proceed(resourceVersion: Self.version(live)) }
        return checkUpdate(change, desired: desired, live: live)
    }

    private func checkDeletion(_ change: Change, live: Value?) -> Verdict {
        guard case .present(let uid, _, let digest) = change.precondition else {
            return .stale(Diagnostic("the plan does not say what it assumes of it", object: change.id))
        }
        guard let live else { return .proceed(resourceVersion: "") }
        guard live.at("metadata", "uid")?.string == uid else {
            return .stale(Diagnostic("it was deleted and made anew since", object: change.id))
        }
        let tracking = live.at("metadata", "annotations", TrackingID.annotation) ?? .null
        guard Digest.sha256(of: tracking) == digest else {
            return .stale(Diagnostic("its annotation \(TrackingID.annotation) was changed since", object: change.id))
        }
        if let reason = PruneProtection.reason(live) {
            return .stale(Diagnostic("somebody has asked since to keep it: \(reason)", object: change.id))
        }
        return .proceed(resourceVersion: Self.version(live))
    }

    static func version(_ live: Value) -> String { live.at("metadata", "resourceVersion")?.string ?? "" }

    /// The pointer of a removed field as steps through the live object.
    private static func path(_ pointer: String, in live: Value) -> FieldPath? {
        guard let tokens = JSONPointer.tokens(pointer) else { return nil }
        var value: Value? = live
        return tokens.map { token in
            defer {
                if let array = value?.array {
                    value = Int(token).flatMap { array.indices.contains($0) ? array[$0] : nil }
                } else {
                    value = value?[token]
                }
            }
            if value?.array != nil, let index = Int(token) { return .index(index) }
            return .field(token)
        }
    }

    private static func whoChanged(_ live: Value) -> String {
        let newest = ManagedFieldsEntry.entries(of: live).max { $0.time < $1.time }
        guard let newest, !newest.manager.isEmpty else { return "fields that the plan depends on were changed since" }
        return "fields that the plan depends on were changed since; the last to write was \(newest.manager) at \(newest.time)"
    }
}
