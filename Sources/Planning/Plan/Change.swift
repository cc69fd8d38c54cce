package import Manifests

/// What is done to an object.
package enum ChangeAction: String, CaseIterable, Sendable {
    case create
    case update
    case replace
    case delete
    case noOp = "no-op"
}

/// Why a change is needed.
package enum ChangeCause: String, CaseIterable, Comparable, Sendable {
    /// The repository says something else than at the last apply.
    case git
    /// The live object was changed since the last apply.
    case drift
    /// This environment never applied the object before.
    case new

    package static func < (left: ChangeCause, right: ChangeCause) -> Bool { left.rawValue < right.rawValue }
}

/// One field that a change sets, changes or removes.
package struct FieldDifference: Hashable, Sendable {
    /// JSON Pointer; an index in a list counts in the list after the change, for what is removed in the one before.
    package var path: String
    /// `nil` when the field is not there before the change. Withheld values are `Sensitivity.mask`.
    package var before: Value?
    package var after: Value?
    package var cause: ChangeCause
    /// For drift: who changed the live field last and when (RFC 3339), as far as managedFields tell.
    package var manager: String?
    package var time: String?
    /// The path for people, with items of lists by their keys: `spec.containers[name=web].image`.
    package var field: String?

    package init(
        path: String, before: Value?, after: Value?, cause: ChangeCause, manager: String? = nil, time: String? = nil,
        field: String? = nil
    ) {
        self.path = path
        self.before = before
        self.after = after
        self.cause = cause
        self.manager = manager
        self.time = time
        self.field = field
    }
}

/// What a change assumes of the live object.
package enum Precondition: Hashable, Sendable {
    /// No such object.
    case absent
    /// The very object (`uid`) in this state. `digest` is over the live fields that the change depends on, so that a
    /// newer `resourceVersion` alone does not make the plan stale.
    case present(uid: String, resourceVersion: String, digest: String)
}

/// Whether the server was asked what the change will do.
package enum ChangeValidation: Hashable, Sendable {
    /// The difference is the server's own dry-run answer, or nothing needed to be asked.
    case server
    /// It could not be asked yet; the reason, such as a namespace or a kind that the same plan creates.
    case deferred(reason: String)
}

/// One object with what is done to it, why, and under which assumptions.
package struct Change: Sendable {
    package var apiVersion: String
    package var reference: ObjectReference
    package var action: ChangeAction
    package var causes: [ChangeCause]
    /// The ids of the changes that must be done, and healthy, before this one starts.
    package var dependsOn: [String]
    package var precondition: Precondition
    /// What is applied, with secret values withheld; `nil` for deletions and for what stays as it is.
    package var desired: Value?
    package var differences: [FieldDifference]
    /// The file and line that define the object; `nil` for deletions.
    package var source: SourcePosition?
    /// JSON Pointers of the withheld values in `desired` and in the live object.
    package var sensitive: [String]
    package var validation: ChangeValidation
    /// When in the apply it is made.
    package var place: ChangePlace
    /// Set for an object that is run and not kept.
    package var hook: Hook?

    package init(
        apiVersion: String, reference: ObjectReference, action: ChangeAction, causes: [ChangeCause] = [],
        dependsOn: [String] = [], precondition: Precondition, desired: Value? = nil, differences: [FieldDifference] = [],
        source: SourcePosition? = nil, sensitive: [String] = [], validation: ChangeValidation = .server
    ) {
        self.apiVersion = apiVersion
        self.reference = reference
        self.action = action
        self.causes = causes
        self.dependsOn = dependsOn
        self.precondition = precondition
        self.desired = desired
        self.differences = differences
        self.source = source
        self.sensitive = sensitive
        self.validation = validation
        place = ChangePlace(phase: .standard(for: action))
    }

    /// Names the change within its plan: the object's id, and for a hook that runs in several phases the phase too.
    package var id: String { hook?.isRepeated == true ? "\(reference.id) (\(place.phase.rawValue))" : reference.id }
}
