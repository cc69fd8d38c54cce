internal import KubernetesAPI
internal import Manifests
internal import Planning

/// One change with all that it takes to make it.
struct ExecutionStep: Sendable {
    var change: Change
    var resource: APIResource
    /// What is applied; `nil` for deletions.
    var body: Value?
    /// Of the live object as it was checked; empty when there is none.
    var resourceVersion: String
    /// The live object as it was checked; `nil` when there is none.
    var live: LiveFacts?
    /// Whether an earlier run of the same plan was cut short, so that what it has done need not be done again.
    var isCarriedOn = false
    /// Such a run has done it: the live object is what the plan makes.
    var isDone = false

    init(change: Change, resource: APIResource, body: Value?, resourceVersion: String, live: LiveFacts? = nil) {
        self.change = change
        self.resource = resource
        self.body = body
        self.resourceVersion = resourceVersion
        self.live = live
    }

    /// How long it may take, by its own annotation; for deletions the live object's.
    var timeout: Duration? { body.map { ObjectOptions.timeout(of: $0) } ?? live?.timeout }

    /// Whether its health is waited for: a hook's always, since it is nothing but what it does.
    func isWaitedFor(_ waits: Bool) -> Bool {
        if change.hook != nil { return true }
        return waits && (body.map { ObjectOptions.isWaitedFor($0) } ?? true)
    }

    /// Whether what depends on it may go on when it is written: a volume claim may be bound no earlier than its first
    /// consumer is scheduled, so that waiting for it would never end.
    var isDoneWhenWritten: Bool { change.reference.groupKind == GroupKind(group: "", kind: "PersistentVolumeClaim") }
}

/// What is kept of a live object after it was checked: whole ones would fill the memory.
struct LiveFacts: Sendable {
    var uid: String
    /// Whether it carries this environment's annotation for itself.
    var isOurs: Bool
    var timeout: Duration?
    var propagation: DeletePropagation

    init(_ live: Value, environment: String, reference: ObjectReference) {
        uid = live.at("metadata", "uid")?.string ?? ""
        isOurs = TrackingID.isCarried(by: live, environment: environment, reference: reference)
        timeout = ObjectOptions.timeout(of: live)
        propagation = ObjectOptions.propagation(of: live)
    }
}
