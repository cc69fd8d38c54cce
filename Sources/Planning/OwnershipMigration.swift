internal import KubernetesAPI
package import Manifests

/// Moves the fields of an object from the tool that managed it to us.
///
/// Server-side apply removes what its own manager owned and no longer names. What another tool set and the repository does
/// not have would stay for ever, owned by a tool that is gone. So the tool's entries in managedFields become ours before the
/// first apply, as client-go's `csaupgrade` does it for kubectl; then the apply removes what is in none of our files.
package enum OwnershipMigration {
    /// The managers by which tools apply: what they own is what somebody declared.
    private static let tools: Set<String> = [
        // kubectl: client-side apply, what was there before the first server-side one, server-side apply.
        "kubectl-client-side-apply", "before-first-apply", "kubectl",
        "kustomize-controller", "helm-controller", "helm", "argocd-controller", "argocd-application-controller", "kapp", "kapp-server",
    ]

    /// How an object that this environment has not applied yet is taken over; `nil` when nobody else manages it.
    static func takeover(of live: Value) -> Takeover? {
        guard let owner = Ownership.otherTool(of: live) else { return nil }
        let entries = ManagedFieldsEntry.entries(of: live)
        // What plumb itself owns, for whichever environment, is ours without further ado.
        let isOurs = entries.contains { $0.manager == FieldManager.name && $0.operation == .apply && $0.subresource.isEmpty }
        let managers = isOurs ? [] : Set(entries.filter(isTool).map(\.manager)).sorted(by: UTF8Order.isLess)
        return Takeover(owner: owner, managers: managers)
    }

    private static func isTool(_ entry: ManagedFieldsEntry) -> Bool { entry.subresource.isEmpty && tools.contains(entry.manager) }

    private static func moves(_ entry: ManagedFieldsEntry, of managers: [String]) -> Bool {
        entry.subresource.isEmpty && managers.contains(entry.manager)
    }

    /// `managedFields` with the entries of these managers made one entry of ours; `nil` when there are none, or we have one.
    package static func migrated(_ live: Value, from managers: [String]) -> Value? {
        let entries = ManagedFieldsEntry.entries(of: live)
        guard !entries.contains(where: { $0.manager == FieldManager.name && $0.operation == .apply && $0.subresource.isEmpty }) else {
            return nil
        }
        let moving = entries.filter { moves($0, of: managers) }
        // Field sets of different versions cannot be put together; the newest says what is there now.
        guard let newest = moving.max(by: { $0.time < $1.time }) else { return nil }
        let fields = moving.filter { $0.apiVersion == newest.apiVersion }.reduce(FieldSet()) { $0.union($1.fields) }
        let kept = (live.at("metadata", "managedFields")?.array ?? []).filter { value in
            ManagedFieldsEntry(value: value).map { !moves($0, of: managers) } ?? true
        }
        var own: Object = [
            "manager": .string(FieldManager.name), "operation": "Apply", "apiVersion": .string(newest.apiVersion), "fieldsType": "FieldsV1",
            "fieldsV1": fields.fieldsV1,
        ]
        if !newest.time.isEmpty { own["time"] = .string(newest.time) }
        return .array([.object(own)] + kept)
    }

    /// The fields that an apply removes once the managers' fields are ours: those that are in the live object, not in the
    /// body, and nobody else's.
    static func orphans(in live: Value, body: Value, managers: [String]) -> [FieldPath] {
        if managers.isEmpty { return [] }
        let entries = ManagedFieldsEntry.entries(of: live)
        let moving = entries.filter { moves($0, of: managers) }.reduce(FieldSet()) { $0.union($1.fields) }
        let kept = entries.filter { !moves($0, of: managers) && $0.subresource.isEmpty }.reduce(FieldSet()) { $0.union($1.fields) }
        var orphans: [FieldPath] = []
        for elements in moving.subtracting(kept).members {
            guard !elements.isEmpty, let path = FieldPath(elements, in: live), live.value(at: path) != nil else { continue }
            // What goes with the item or the mapping that holds it needs no mention.
            if orphans.contains(where: { path.starts(with: $0) }) { continue }
            // A mapping goes when nothing is left in it; an item of a list when nobody else owns a part of it.
            if case .field = elements[elements.count - 1], moving.subset(at: elements).map({ !$0.children.isEmpty }) ?? false { continue }
            if kept.subset(at: elements) != nil { continue }
            if Self.has(body, elements) { continue }
            orphans.append(path)
        }
        return orphans
    }

    private static func has(_ body: Value, _ elements: [PathElement]) -> Bool {
        guard let path = FieldPath(elements, in: body) else { return false }
        return body.value(at: path) != nil
    }
}
