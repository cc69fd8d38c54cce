internal import Manifests

extension Presentation {
    /// What a plan shows.
    package init(_ plan: Plan) {
        let commit = plan.source.commit.prefix(12)
        title = VisibleText.text("Plan for \(plan.environment)")
        facts = Self.facts(plan)
        groups = StageTitle.groups(plan.changes).map { group in
            Group(title: group.title, items: group.changes.map(PresentedItem.init))
        }
        dangers = Self.dangers(plan)
        warnings = plan.warnings.map { VisibleText.text($0) }
        if plan.hasChanges {
            var counts = [
                "\(plan.count(.create)) to create", "\(plan.count(.update)) to update", "\(plan.count(.replace)) to replace",
                "\(plan.count(.delete)) to delete", "\(plan.count(.noOp)) unchanged",
            ]
            if plan.hookCount > 0 { counts.append(ItemLines.count(plan.hookCount, "hook") + " to run") }
            closing = ("Plan:", counts.joined(separator: ", ") + ".")
        } else {
            let compared = ItemLines.count(plan.changes.count, "object")
            closing = ("No changes.", VisibleText.text("\(plan.environment) matches \(commit): \(compared) compared."))
        }
    }

    private static func facts(_ plan: Plan) -> [Fact] {
        var facts = [
            Fact(
                name: "commit",
                text: "\(plan.source.commit.prefix(12)) (\(plan.source.ref)) by \(plan.source.author), \(plan.source.committedAt)"),
            Fact(name: "source", text: "\(plan.source.repository), folder \(plan.source.path)"),
            Fact(name: "target", text: "\(plan.target.server) \(plan.target.serverVersion)"),
        ]
        if !plan.inventory.commit.isEmpty {
            facts.append(
                Fact(
                    name: "applied last",
                    text: "\(plan.inventory.commit.prefix(12)), \(ItemLines.count(plan.settings.inventoryCount, "object"))"))
        }
        facts.append(Fact(name: "made", text: "\(plan.createdAt) by plumb \(plan.plumbVersion), run \(plan.runID)"))
        return facts.map { Fact(name: $0.name, text: VisibleText.text($0.text)) }
    }

    private static func dangers(_ plan: Plan) -> [String] {
        var dangers = plan.dangers.map { $0.prefix(1).uppercased() + $0.dropFirst() + "." }
        dangers += plan.undoes.prefix(undoesShown).map { "Undoes \($0.text)" }
        if plan.undoes.count > undoesShown { dangers.append("and \(plan.undoes.count - undoesShown) more commits") }
        for change in plan.changes {
            let verb =
                switch change.action {
                case .delete: "Deletes"
                case .replace: "Replaces"
                case .create, .update, .noOp: "Changes"
                }
            for danger in ChangeDanger.dangers(of: change) { dangers.append("\(verb) \(change.id): \(danger)") }
        }
        return dangers.map { VisibleText.text($0) }
    }

    /// A reviewer looks the rest up in Git.
    private static let undoesShown = 10
}

extension LastChange {
    /// `1a2b3c4d5e6f "take the new image" by Ada, 2026-01-01T00:00:00Z`
    var text: String { "\(commit.prefix(12)) \"\(summary)\" by \(author), \(committedAt)" }
}

extension PresentedItem {
    init(_ change: Change) {
        var notes: [String] = []
        if case .deferred(let reason, let schema) = change.validation {
            notes.append("not validated by the server yet: \(reason)" + (schema.map { "; checked against \($0)" } ?? ""))
        }
        if let hook = change.hook {
            notes.append("deleted \(hook.deletePolicies.map(\.text).joined(separator: " and "))")
        }
        if let replacement = change.replacement { notes.append("cannot be changed in place: \(replacement.reason)") }
        if !change.left.isEmpty { notes.append("left as they are: \(change.left.joined(separator: ", "))") }
        let content: PresentedContent =
            if change.hook != nil, let desired = change.desired {
                .whole(desired)
            } else if change.action == .create, let desired = change.desired {
                .whole(desired)
            } else if change.differences.isEmpty {
                .none
            } else {
                .fields(change.differences, object: change.desired)
            }
        self.init(
            mark: PresentedMark(change.action), id: VisibleText.text(change.id), reference: change.reference,
            verb: change.hook == nil ? change.action.rawValue : "run \(change.place.phase.rawValue) hook",
            causes: change.hook == nil ? change.causes : [], dangers: ChangeDanger.dangers(of: change),
            source: Self.place(of: change).map { VisibleText.text($0) }, notes: notes.map { VisibleText.text($0) },
            dependsOn: change.dependsOn.map { VisibleText.text($0) }, content: content)
    }

    /// `app.yaml:3, changed in 1a2b3c4d5e6f`; for a deletion `taken out in 1a2b3c4d5e6f`.
    private static func place(of change: Change) -> String? {
        let commit = change.lastChange.map { $0.commit.prefix(12) }
        guard let source = change.source else { return commit.map { "taken out in \($0)" } }
        return source.description + (commit.map { ", changed in \($0)" } ?? "")
    }
}

extension Hook.DeletePolicy {
    /// When, in words.
    fileprivate var text: String {
        switch self {
        case .hookSucceeded: "when it has succeeded"
        case .hookFailed: "when it has failed"
        case .beforeHookCreation: "before it runs again"
        }
    }
}
