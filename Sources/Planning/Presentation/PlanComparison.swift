package import Manifests

/// What changed from one plan to another of the same environment.
package struct PlanComparison: Sendable {
    package let before: Plan
    package let after: Plan
    /// Changes that only one plan has, or that are not the same in both, in the order of the newer plan, what is gone last.
    package let changes: [Altered]
    /// How many changes are the same in both; what neither changes is not counted.
    package let sameCount: Int

    package struct Altered: Sendable {
        package var before: Change?
        package var after: Change?
    }

    package init(_ before: Plan, _ after: Plan) {
        self.before = before
        self.after = after
        let old = Dictionary(before.changes.filter { $0.action != .noOp }.map { ($0.id, $0) }) { first, _ in first }
        var changes: [Altered] = []
        var seen: Set<String> = []
        var sameCount = 0
        for change in after.changes where change.action != .noOp {
            seen.insert(change.id)
            let former = old[change.id]
            if let former, Self.says(former, theSameAs: change) {
                sameCount += 1
            } else {
                changes.append(Altered(before: former, after: change))
            }
        }
        for change in before.changes where change.action != .noOp && !seen.contains(change.id) {
            changes.append(Altered(before: change, after: nil))
        }
        self.changes = changes
        self.sameCount = sameCount
    }

    /// Whether a reviewer of one has reviewed the other: what is done, to which fields, for which reason.
    private static func says(_ left: Change, theSameAs right: Change) -> Bool {
        left.action == right.action && left.causes == right.causes && left.differences == right.differences
            && left.desired == right.desired && left.dependsOn == right.dependsOn && left.validation == right.validation
    }

    /// What the plans as a whole differ in, each with both texts.
    package var facts: [(name: String, before: String, after: String)] {
        let all = [
            ("environment", before.environment, after.environment),
            ("commit", before.source.commit, after.source.commit),
            ("ref", before.source.ref, after.source.ref),
            ("repository", before.source.repository, after.source.repository),
            ("folder", before.source.path, after.source.path),
            ("target", before.target.server, after.target.server),
            ("cluster", before.target.clusterUID, after.target.clusterUID),
            ("server version", before.target.serverVersion, after.target.serverVersion),
            ("commit applied last", before.inventory.commit, after.inventory.commit),
            ("inventory", before.inventory.resourceVersion, after.inventory.resourceVersion),
            ("rollback", before.isRollback ? "yes" : "no", after.isRollback ? "yes" : "no"),
            ("plumb", before.plumbVersion, after.plumbVersion),
        ]
        return all.filter { $0.1 != $0.2 }
    }

    /// Whether the two say the same of everything that is done.
    package var hasDifferences: Bool { !changes.isEmpty || !facts.isEmpty }

    /// The comparison as JSON.
    package var encoded: Value {
        [
            "before": ["digest": .string(before.digest), "commit": .string(before.source.commit)],
            "after": ["digest": .string(after.digest), "commit": .string(after.source.commit)],
            "facts": .array(facts.map { ["name": .string($0.name), "before": .string($0.before), "after": .string($0.after)] }),
            "same": .int(Int64(sameCount)),
            "changes": .array(
                changes.map { altered in
                    var object: Object = ["id": .string((altered.after ?? altered.before)?.id ?? "")]
                    if let before = altered.before { object["before"] = before.encoded }
                    if let after = altered.after { object["after"] = after.encoded }
                    return .object(object)
                }),
        ]
    }
}
