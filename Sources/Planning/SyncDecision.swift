/// What a run may do of a plan on its own, and what it has to leave to people.
package struct SyncDecision: Sendable {
    /// A change that is not made, and why.
    package struct Withheld: Sendable {
        package var change: Change
        package var reason: String

        package init(change: Change, reason: String) {
            self.change = change
            self.reason = reason
        }
    }

    /// The plan without what is withheld.
    package let plan: Plan
    /// In the plan's order.
    package let withheld: [Withheld]

    /// - Parameters:
    ///   - isAutomated: whether changes may be made at all.
    ///   - prunes: whether objects may be deleted.
    ///   - selfHeals: whether what others changed in the target may be reverted. An object that both Git and somebody else
    ///     changed is left alone without it: applying the one would revert the other.
    package init(_ plan: Plan, isAutomated: Bool, prunes: Bool, selfHeals: Bool) {
        var withheld: [Withheld] = []
        var missing: [String: String] = [:]
        var kept: [Change] = []
        for change in plan.changes {
            if change.action == .noOp {
                kept.append(change)
                continue
            }
            var reason: String?
            if !isAutomated {
                reason = "syncPolicy has no 'automated'"
            } else if change.action == .delete {
                if !prunes { reason = "syncPolicy.automated.prune is not set" }
            } else if change.causes.contains(.drift), !selfHeals {
                let who = change.differences.compactMap(\.writer).first.map { " by \($0.manager)" } ?? ""
                reason =
                    change.causes == [.drift]
                    ? "it was changed in the target\(who), and syncPolicy.automated.selfHeal is not set"
                    : "Git changed it and so did others in the target\(who), which applying would revert; syncPolicy.automated.selfHeal is not set"
            } else if let dependency = change.dependsOn.first(where: { missing[$0] != nil }) {
                // Changes come after those that they depend on.
                reason = "it needs \(dependency), which is withheld"
            }
            guard let reason else {
                kept.append(change)
                continue
            }
            withheld.append(Withheld(change: change, reason: reason))
            // What exists already can be depended on, whatever is wrong with it.
            if change.action == .create { missing[change.id] = reason }
        }
        let ids = Set(withheld.map(\.change.id))
        var rest = plan
        if !withheld.isEmpty { rest.settings.isFromCommitAlone = false }
        rest.changes = kept.map { change in
            var change = change
            change.dependsOn.removeAll { ids.contains($0) }
            return change
        }
        self.plan = rest
        self.withheld = withheld
    }
}
