import Manifests

/// Ownership of fields through writes: the rules of structured-merge-diff's updater and of the API server around it.
struct FieldManager {
    var type: TypeNode
    var apiVersion: String
    var subresource: String
    /// The time of the request, RFC 3339.
    var now: String

    struct Conflict: Error {
        var manager: ManagedFields.Manager
        var time: String?
        var paths: [String]
    }

    struct Conflicts: Error {
        var all: [Conflict]
    }

    /// What no manager owns: identity, and what the server itself writes.
    private static let unowned: FieldSet = {
        var metadata = FieldSet.leaf
        for name in [
            "name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields",
            "resourceVersion",
        ] { metadata.children["f:\(name)"] = .leaf }
        return FieldSet(children: ["f:apiVersion": .leaf, "f:kind": .leaf, "f:metadata": metadata])
    }()

    /// A server-side apply: the merged object and the new ownership.
    ///
    /// - Throws: `Conflicts` when other managers own what would change and `force` is off.
    func apply(
        _ applied: Value, to live: Value, managed: ManagedFields, manager name: String, force: Bool
    ) throws(Conflicts) -> (object: Value, managed: ManagedFields) {
        let own = ManagedFields.Manager(name: name, isApply: true, subresource: subresource, apiVersion: apiVersion)
        var managed = managed
        let merged = TypedValue.merge(live, applied, type) ?? live
        let set = TypedValue.fieldSet(of: applied, type)
        let index = managed.index(of: own)
        let last = index.map { managed.entries[$0].set } ?? FieldSet()
        let oldTime = index.flatMap { managed.entries[$0].time }
        if let index { managed.entries.remove(at: index) }
        managed.entries.append(.init(manager: own, set: set, time: oldTime))
        let object = prune(merged, last: last, applied: set, managed: managed)
        let comparison = TypedValue.compare(live, object, type)
        managed = try take(comparison, from: managed, for: own, force: force)
        for index in managed.entries.indices where managed.entries[index].manager == own {
            managed.entries[index].set = managed.entries[index].set.subtracting(Self.unowned)
            if !comparison.isSame { managed.entries[index].time = now }
        }
        managed.entries.removeAll { $0.set.isEmpty }
        return (comparison.isSame ? live : object, managed)
    }

    /// Any other write: the manager takes what it changed.
    func update(_ object: Value, over live: Value, managed: ManagedFields, manager name: String) -> ManagedFields {
        let own = ManagedFields.Manager(name: name, isApply: false, subresource: subresource, apiVersion: apiVersion)
        var comparison = TypedValue.compare(live, object, type)
        comparison.removeUnowned(Self.unowned)
        var managed = managed
        var isChanged = !comparison.isSame
        if comparison.isSame { return managed }
        let taken = comparison.modified.union(comparison.added)
        for index in managed.entries.indices {
            managed.entries[index].set = managed.entries[index].set.subtracting(taken).subtracting(comparison.removed)
        }
        isChanged = !taken.isEmpty
        if let index = managed.index(of: own) {
            managed.entries[index].set.formUnion(taken)
            if isChanged { managed.entries[index].time = subresource == "scale" ? nil : now }
        } else {
            managed.entries.append(.init(manager: own, set: taken, time: subresource == "scale" ? nil : now))
        }
        managed.entries.removeAll { $0.set.isEmpty }
        return managed
    }

    /// Checks a change against other managers and takes it away from them.
    private func take(
        _ comparison: Comparison, from managed: ManagedFields, for own: ManagedFields.Manager, force: Bool
    ) throws(Conflicts) -> ManagedFields {
        if comparison.isSame { return managed }
        var managed = managed
        let changed = comparison.modified.union(comparison.added)
        var conflicts: [Conflict] = []
        for index in managed.entries.indices where managed.entries[index].manager != own {
            let entry = managed.entries[index]
            let conflict = entry.set.intersection(changed)
            if !conflict.isEmpty {
                conflicts.append(Conflict(manager: entry.manager, time: entry.time, paths: conflict.paths()))
            }
            managed.entries[index].set = entry.set.subtracting(conflict).subtracting(comparison.removed)
        }
        if !force, !conflicts.isEmpty { throw Conflicts(all: conflicts) }
        return managed
    }

    /// Takes out of the merged object what this manager applied before, applies no more, and nobody else owns.
    private func prune(_ merged: Value, last: FieldSet, applied: FieldSet, managed: ManagedFields) -> Value {
        if last.isEmpty || last.isSubset(of: applied) { return merged }
        let lastNamed = last.withNamedFields(of: type)
        let mergedSet = TypedValue.fieldSet(of: merged, type).withNamedFields(of: type)
        // First without all of it, then with what is owned added back.
        let without = TypedValue.remove(lastNamed, from: merged, type) ?? .object(Object())
        let withoutSet = TypedValue.fieldSet(of: without, type).withNamedFields(of: type)
        var owned = FieldSet()
        for entry in managed.entries { owned.formUnion(entry.set) }
        let keep = withoutSet.union(owned.withNamedFields(of: type))
        let restored = TypedValue.remove(mergedSet.subtracting(keep), from: merged, type) ?? .object(Object())
        // What went although this manager never applied it comes back.
        let restoredSet = TypedValue.fieldSet(of: restored, type).withNamedFields(of: type)
        let dropped = mergedSet.subtracting(restoredSet).intersection(lastNamed)
        return TypedValue.remove(dropped, from: merged, type) ?? .object(Object())
    }
}

extension Comparison {
    fileprivate mutating func removeUnowned(_ unowned: FieldSet) {
        added = added.subtracting(unowned)
        modified = modified.subtracting(unowned)
        removed = removed.subtracting(unowned)
    }
}

extension FieldManager.Conflicts {
    /// Sorted as the server sorts: by manager, then path.
    var causes: [(message: String, field: String)] {
        sorted.flatMap { conflict in conflict.paths.map { ("conflict with \(conflict.description)", $0) } }
    }

    var message: String {
        let count = all.reduce(0) { $0 + $1.paths.count }
        if count == 1, let only = sorted.first {
            return "Apply failed with 1 conflict: conflict with \(only.description): \(only.paths[0])"
        }
        let groups = sorted.map { conflict in
            "conflicts with \(conflict.description):\n" + conflict.paths.map { "- \($0)" }.joined(separator: "\n")
        }
        return "Apply failed with \(count) conflicts: " + groups.joined(separator: "\n")
    }

    private var sorted: [FieldManager.Conflict] {
        all.sorted { $0.description < $1.description }
    }
}

extension FieldManager.Conflict {
    /// `"kubectl-scale" with subresource "scale" using apps/v1`.
    var description: String {
        var text = "\"\(manager.name)\""
        if !manager.subresource.isEmpty { text += " with subresource \"\(manager.subresource)\"" }
        if !manager.isApply { text += " using \(manager.apiVersion)" }
        return text
    }
}
