internal import Manifests

/// How many people must have signed a plan before it is applied, by the environment's configuration.
package struct PlanApprovals: Hashable, Sendable {
    package var required: Int
    /// The actions that ask for it: one change with one of them is enough. Empty when every plan needs approvals.
    package var requiredFor: [ChangeAction]
    /// Whether signatures by the author and the committer of the plan's commit do not count.
    package var excludesCommitter: Bool
    /// Path of the `allowed_signers` file in the repository.
    package var allowedSigners: String?

    package init(required: Int, requiredFor: [ChangeAction] = [], excludesCommitter: Bool = false, allowedSigners: String? = nil) {
        self.required = required
        self.requiredFor = requiredFor
        self.excludesCommitter = excludesCommitter
        self.allowedSigners = allowedSigners
    }

    /// How many approvals this very plan needs.
    package func required(for plan: Plan) -> Int {
        guard !requiredFor.isEmpty else { return required }
        return plan.changes.contains { requiredFor.contains($0.action) } ? required : 0
    }
}

extension PlanApprovals {
    var encoded: Value {
        var object: Object = [
            "required": .int(Int64(required)), "requiredFor": .array(requiredFor.map { .string($0.rawValue) }),
            "excludeCommitter": .bool(excludesCommitter),
        ]
        if let allowedSigners { object["allowedSigners"] = .string(allowedSigners) }
        return .object(object)
    }

    /// What a plan says. An action that is not known, of a newer version, asks for approvals always: never for fewer.
    init?(_ value: Value?) {
        guard let value, value.object != nil else { return nil }
        let names = value["requiredFor"]?.array ?? []
        let actions = names.compactMap { $0.string.flatMap(ChangeAction.init(rawValue:)) }
        self.init(
            required: Int(clamping: max(0, value["required"]?.int ?? 1)), requiredFor: actions.count == names.count ? actions : [],
            excludesCommitter: value["excludeCommitter"]?.bool ?? false, allowedSigners: value["allowedSigners"]?.string)
    }
}
