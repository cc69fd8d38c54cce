package import Manifests

extension Presentation {
    /// What two commits differ in.
    /// - Parameters:
    ///   - before: How the older commit is called: what was asked for and its id.
    ///   - after: The newer one.
    package init(before: RevisionName, after: RevisionName, environments: [RevisionComparison]) {
        title = VisibleText.text("Differences from \(before.ref) to \(after.ref)")
        facts = [Fact(name: "from", text: VisibleText.text(before.text)), Fact(name: "to", text: VisibleText.text(after.text))]
        dangers = []
        let isNamed = environments.count > 1
        groups = environments.filter { !$0.changes.isEmpty }.map { comparison in
            Group(
                title: VisibleText.text(comparison.environment),
                items: comparison.changes.map { object in
                    var item = PresentedItem(object)
                    // The same object stands in several environments.
                    if isNamed { item.environment = VisibleText.text(comparison.environment) }
                    return item
                })
        }
        warnings = environments.flatMap { comparison in comparison.warnings.map { VisibleText.text("\(comparison.environment): \($0)") } }
        let all = environments.flatMap(\.changes)
        let unchanged = environments.reduce(0) { $0 + $1.unchangedCount }
        if all.isEmpty {
            let names =
                environments.count == 1 ? VisibleText.text(environments[0].environment) : ItemLines.count(environments.count, "environment")
            closing = ("No differences.", "\(names): \(ItemLines.count(unchanged, "object")) compared.")
        } else {
            func count(_ action: ChangeAction) -> Int { all.count { $0.action == action } }
            closing = (
                "Differences:",
                "\(count(.create)) added, \(count(.update)) changed, \(count(.delete)) removed, \(unchanged) the same."
            )
        }
    }
}

/// A commit with the name it was asked for by.
package struct RevisionName: Hashable, Sendable {
    package var ref: String
    package var commit: String
    /// The first line of its message, its author, its time; empty where not known.
    package var subject: String

    package init(ref: String, commit: String, subject: String = "") {
        self.ref = ref
        self.commit = commit
        self.subject = subject
    }

    var text: String {
        let name = ref == commit ? String(commit.prefix(12)) : "\(commit.prefix(12)) (\(ref))"
        return subject.isEmpty ? name : "\(name) \(subject)"
    }
}

extension PresentedItem {
    init(_ object: RevisionComparison.RevisedObject) {
        let verb =
            switch object.action {
            case .create: "added"
            case .delete: "removed"
            case .update, .replace, .noOp: "changed"
            }
        let content: PresentedContent =
            if let whole = object.action == .create ? object.after : object.action == .delete ? object.before : nil {
                .whole(whole)
            } else {
                .fields(object.differences, object: object.after)
            }
        self.init(
            mark: PresentedMark(object.action), id: VisibleText.text(object.reference.id), reference: object.reference, verb: verb,
            causes: [], dangers: [], source: VisibleText.text(object.source.description),
            notes: object.formerName.map { [VisibleText.text("was named \($0): the name ends with a hash of the content")] } ?? [],
            dependsOn: [], content: content)
    }
}

extension RevisionComparison {
    /// The comparison as JSON.
    package var encoded: Value {
        [
            "environment": .string(environment), "unchanged": .int(Int64(unchangedCount)),
            "warnings": .array(warnings.map(Value.string)),
            "changes": .array(
                changes.map { change in
                    var object: Object = [
                        "id": .string(change.reference.id), "action": .string(change.action.rawValue),
                        "diff": .array(
                            change.differences.map { difference in
                                var value = difference.encoded
                                value["cause"] = nil
                                return value
                            }),
                        "source": ["file": .string(change.source.file), "line": .int(Int64(change.source.line))],
                    ]
                    if let former = change.formerName { object["formerName"] = .string(former) }
                    if change.action == .create, let after = change.after { object["after"] = after }
                    if change.action == .delete, let before = change.before { object["before"] = before }
                    return .object(object)
                }),
        ]
    }
}
