internal import Manifests
internal import Planning

/// How an apply changes the inventory: wider before the first write, narrower after the last.
struct InventoryUpdate: Sendable {
    private let plan: Plan
    /// Of the server that is applied to; empty when it does not say.
    private let serverVersion: String
    /// Over what each change applies, in the order of the plan's changes; empty for what applies nothing.
    private let digests: [String]

    /// Takes a while: all that the plan applies is digested, once for both updates.
    init(_ plan: Plan, serverVersion: String) {
        self.plan = plan
        self.serverVersion = serverVersion
        digests = plan.changes.map { change in
            // What is unchanged keeps the digest of its precondition.
            change.action == .noOp && change.hook == nil ? "" : change.desired.map { Digest.sha256(of: $0) } ?? ""
        }
    }

    /// The inventory with everything that the plan may make, so that no crash leaves an object that nobody remembers.
    func widened(_ inventory: Inventory, run: PendingRun) -> Inventory {
        var widened = inventory
        widened.pending = run
        widened.rendering = nil
        if let identity = plan.source.identity { widened.repository = identity }
        let known = Dictionary(inventory.entries.enumerated().map { ($1.reference, $0) }) { first, _ in first }
        for (index, change) in plan.changes.enumerated() where change.action != .noOp {
            if let place = known[change.reference] {
                // From here on it may be in a state that nobody has seen.
                widened.entries[place].seen = SeenState()
            } else if change.action != .delete {
                widened.entries.append(entry(index))
            }
        }
        return widened
    }

    /// The inventory after the run: without what is surely gone, with the UIDs of what was made.
    func narrowed(
        _ inventory: Inventory, results: [String: ChangeResult], record: ApplyRecord, outcome: ApplyOutcome,
        gone: Set<ObjectReference> = []
    ) -> Inventory {
        var entries = Dictionary(seenHere(inventory).map { ($0.reference, $0) }) { first, _ in first }
        for (index, change) in plan.changes.enumerated() {
            let result = results[change.id]
            if change.hook != nil {
                updateHook(index, result, in: &entries)
                continue
            }
            switch change.action {
            case .noOp:
                keepUnchanged(change, in: &entries)
            case .delete:
                if let outcome = result?.outcome, outcome == .succeeded || outcome == .unchanged { entries[change.reference] = nil }
            case .create, .update, .replace:
                // What failed may have been made all the same: it stays.
                guard let result, !result.uid.isEmpty else { continue }
                entries[change.reference] = entry(index, result)
            }
        }
        for reference in gone { entries[reference] = nil }
        var narrowed = inventory
        narrowed.serverVersion = serverVersion
        narrowed.entries = entries.values.sorted { $0.reference < $1.reference }
        narrowed.rendering = outcome.isComplete ? rendering(of: entries) : nil
        // A run that was asked to stop leaves its mark: the next apply of the same plan carries on where it ended.
        if outcome.signal == nil { narrowed.pending = nil }
        if outcome.isComplete { narrowed.commit = plan.source.commit }
        narrowed.applies = Array((inventory.applies + [record]).suffix(Inventory.appliesMax))
        return narrowed
    }

    /// What the objects were rendered by, where they are what the plan's commit renders to, no more and no less.
    private func rendering(of entries: [ObjectReference: InventoryEntry]) -> RenderingRecord? {
        guard plan.settings.isFromCommitAlone, let namespace = plan.settings.defaultNamespace else { return nil }
        let desired = plan.changes.lazy.filter { $0.hook == nil && $0.action != .delete }.map(\.reference)
        guard entries.count == desired.count, desired.allSatisfy({ entries[$0] != nil }) else { return nil }
        return RenderingRecord(plumbVersion: plan.plumbVersion, defaultNamespace: namespace)
    }

    /// A hook's object is remembered for as long as it may be there, so that it is deleted when its definition goes.
    private func updateHook(_ index: Int, _ result: ChangeResult?, in entries: inout [ObjectReference: InventoryEntry]) {
        let change = plan.changes[index]
        if let result, !result.uid.isEmpty {
            entries[change.reference] = entry(index, result)
        } else if result?.outcome != .failed, entries[change.reference]?.uid.isEmpty == true {
            entries[change.reference] = nil
        }
    }

    private func keepUnchanged(_ change: Change, in entries: inout [ObjectReference: InventoryEntry]) {
        switch change.precondition {
        case .absent: entries[change.reference] = nil
        case .present(let uid, _, let digest):
            var entry = InventoryEntry(apiVersion: change.apiVersion, reference: change.reference, uid: uid, digest: digest)
            if plan.target.serverVersion == serverVersion { entry.seen = change.seen }
            // The state that was known is one still in which it is as applied.
            if entry.seen.isEmpty, let known = entries[change.reference], known.uid == uid, known.digest == digest {
                entry.seen = known.seen
            }
            entries[change.reference] = entry
        }
    }

    /// The entries without the states that another version of the server has shown.
    private func seenHere(_ inventory: Inventory) -> [InventoryEntry] {
        if inventory.serverVersion == serverVersion { return inventory.entries }
        return inventory.entries.map { entry in
            var entry = entry
            entry.seen = SeenState()
            return entry
        }
    }

    private func entry(_ index: Int, _ result: ChangeResult? = nil) -> InventoryEntry {
        let change = plan.changes[index]
        return InventoryEntry(
            apiVersion: change.apiVersion, reference: change.reference, uid: result?.uid ?? "", digest: digests[index],
            seen: serverVersion.isEmpty ? SeenState() : result?.seen ?? SeenState())
    }
}
