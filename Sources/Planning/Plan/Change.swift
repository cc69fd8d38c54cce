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
    /// For drift: who changed the live field last, as far as managedFields tell.
    package var writer: FieldWriter?
    /// Whether the server takes the change only in an object made anew.
    package var forcesReplacement = false
    /// The path for people, with items of lists by their keys: `spec.containers[name=web].image`.
    package var field: String?

    package init(
        path: String, before: Value?, after: Value?, cause: ChangeCause, writer: FieldWriter? = nil, field: String? = nil
    ) {
        self.path = path
        self.before = before
        self.after = after
        self.cause = cause
        self.writer = writer
        self.field = field
    }
}

/// Who wrote a live field: what its entry in managedFields says.
package struct FieldWriter: Hashable, Sendable {
    package var manager: String
    /// `Apply` or `Update`.
    package var operation: String
    /// `scale`, `status`; empty for the object itself.
    package var subresource: String
    /// RFC 3339; empty when it is not told.
    package var time: String

    package init(manager: String, operation: String = "Update", subresource: String = "", time: String = "") {
        self.manager = manager
        self.operation = operation
        self.subresource = subresource
        self.time = time
    }
}

/// Why an object cannot be changed in place and is deleted and made anew.
package struct Replacement: Hashable, Sendable {
    /// What the server said, without values; that it was asked for, when nobody forced it.
    package var reason: String
    /// The fields that cannot be changed, as the server names them: `spec.selector`.
    package var fields: [String]

    package init(reason: String, fields: [String]) {
        self.reason = reason
        self.fields = fields
    }
}

/// An object that another tool has managed until now.
package struct Takeover: Hashable, Sendable {
    /// The tool in words: `Flux's Kustomization 'apps'`.
    package var owner: String
    /// The tool's field managers whose fields become ours, so that those that are not in the repository are removed.
    package var managers: [String]

    package init(owner: String, managers: [String]) {
        self.owner = owner
        self.managers = managers
    }
}

/// The commit in which a file was changed last.
package struct LastChange: Hashable, Sendable {
    package var commit: String
    /// RFC 3339, UTC.
    package var committedAt: String
    package var author: String
    /// The first line of its message.
    package var summary: String

    package init(commit: String, committedAt: String, author: String, summary: String) {
        self.commit = commit
        self.committedAt = committedAt
        self.author = author
        self.summary = summary
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
    /// It could not be asked yet; the reason, such as a namespace or a kind that the same plan creates. `schema` says what
    /// the object was checked against in its place; `nil` for nothing.
    case deferred(reason: String, schema: String?)
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
    /// The chart that makes the object, with where its values come from; `nil` when a file defines it as it is.
    package var chart: ChartOrigin?
    /// JSON Pointers of the withheld values in `desired` and in the live object.
    package var sensitive: [String]
    package var validation: ChangeValidation
    /// When in the apply it is made.
    package var place: ChangePlace
    /// Set for an object that is run and not kept.
    package var hook: Hook?
    /// Why the object is replaced; `nil` for every other action.
    package var replacement: Replacement?
    /// The tool that managed the object until now.
    package var takeover: Takeover?
    /// JSON Pointers of live fields that the configuration leaves as they are.
    package var left: [String] = []
    /// Of what stays as it is: the state in which it was found to be as it is desired.
    package var seen = SeenState()
    /// When the file that defines the object was changed last; for deletions, the commit that took the object out.
    package var lastChange: LastChange?

    package init(
        apiVersion: String, reference: ObjectReference, action: ChangeAction, causes: [ChangeCause] = [],
        dependsOn: [String] = [], precondition: Precondition, desired: Value? = nil, differences: [FieldDifference] = [],
        source: SourcePosition? = nil, chart: ChartOrigin? = nil, sensitive: [String] = [], validation: ChangeValidation = .server
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
        self.chart = chart
        self.sensitive = sensitive
        self.validation = validation
        place = ChangePlace(phase: .standard(for: action))
    }

    /// Names the change within its plan: the object's id, and for a hook that runs in several phases the phase too.
    package var id: String { hook?.isRepeated == true ? "\(reference.id) (\(place.phase.rawValue))" : reference.id }
}
