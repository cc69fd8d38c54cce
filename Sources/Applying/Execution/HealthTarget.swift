internal import KubernetesAPI
internal import Manifests
internal import Planning

/// One object that is waited for: until it is healthy, or until it is gone.
struct HealthTarget: Sendable {
    enum Goal: Sendable {
        case healthy
        /// It has done what it is for: a job or a pod has ended.
        case completed
        case gone
    }

    /// What a look at the live object says.
    enum Verdict: Sendable, Equatable {
        case done
        case failed(String)
        case pending(String)
    }

    var change: Change
    var resource: APIResource
    var uid: String
    var goal: Goal
    var timeout: Duration
    /// The object may take itself away when it has ended.
    var vanishes = false

    var reference: ObjectReference { change.reference }

    init(change: Change, resource: APIResource, written: Value, goal: Goal, timeout: Duration) {
        self.change = change
        self.resource = resource
        uid = written.at("metadata", "uid")?.string ?? ""
        self.goal = goal
        self.timeout = timeout
        vanishes = written.at("spec", "ttlSecondsAfterFinished")?.int != nil
    }

    func judge(_ live: Value?, rules: HealthRules, now: Timestamp) -> Verdict {
        guard let live, live.at("metadata", "uid")?.string == uid else {
            switch goal {
            case .gone: return .done
            case .healthy, .completed: return vanishes ? .done : .failed("it was deleted while it was waited for")
            }
        }
        if goal == .gone { return .pending(Self.holdsDeletion(live)) }
        let health = goal == .completed ? rules.assessHook(live, now: now) : rules.assess(live, now: now)
        switch health.status {
        case .current: return .done
        case .failed: return .failed(health.message.isEmpty ? "it failed" : health.message)
        case .inProgress, .terminating, .notFound, .unknown: return .pending(health.message)
        }
    }

    private static func holdsDeletion(_ live: Value) -> String {
        var finalizers = (live.at("metadata", "finalizers")?.array ?? []).compactMap(\.string)
        if live["kind"]?.string == "Namespace", let reason = namespaceContent(live) { return "its deletion is held: \(reason)" }
        finalizers += (live.at("spec", "finalizers")?.array ?? []).compactMap(\.string)
        switch finalizers {
        case []: return "it is being deleted"
        case ["foregroundDeletion"]: return "its deletion waits for the objects that it owns"
        default: return "its deletion is held by \(finalizers.joined(separator: ", "))"
        }
    }

    /// What keeps a namespace from going, in the words of its conditions.
    private static func namespaceContent(_ live: Value) -> String? {
        let conditions = (live.at("status", "conditions")?.array ?? []).filter { $0["status"]?.string == "True" }
        let order = [
            "NamespaceFinalizersRemaining", "NamespaceContentRemaining", "NamespaceDeletionContentFailure",
            "NamespaceDeletionDiscoveryFailure", "NamespaceDeletionGroupVersionParsingFailure",
        ]
        for type in order {
            if let condition = conditions.first(where: { $0["type"]?.string == type }) { return condition["message"]?.string }
        }
        return nil
    }
}
