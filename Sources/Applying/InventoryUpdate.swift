internal import Manifests
internal import Planning

/// How an apply changes the inventory: wider before the first write, narrower after the last.
enum InventoryUpdate {
    /// The inventory with everything that the plan may make, so that no crash leaves an object that nobody remembers.
    static func widened(_ inventory: Inventory, for plan: Plan, run: PendingRun) -> Inventory {
        var widened = inventory
        widened.pending = run
        if let identity = plan.source.identity { widened.repository = identity }
        let known = Set(inventory.entries.map(\.reference))
        for change in plan.changes where change.action == .create || change.action == .update || change.action == .replace {
            if !known.contains(change.reference) { widened.entries.append(entry(change, uid: "")) }
        }
        return widened
    }

    /// The inventory after the run: without what is surely gone, with the UIDs of what was made.
    static func narrowed(
        _ inventory: Inventory, for plan: Plan, results: [String: ChangeResult], record: ApplyRecord, outcome: ApplyOutcome,
        gone: Set<ObjectReference> = []
    ) -> Inventory {
        var entries = Dictionary(inventory.entries.map { ($0.reference, $0) }) { first, _ in first }
        for change in plan.changes {
            let result = results[change.id]
            if change.hook != nil {
                updateHook(change, result, in: &entries)
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
                entries[change.reference] = entry(change, uid: result.uid)
            }
        }
        for reference in gone { entries[reference] = nil }
        var narrowed = inventory
        narrowed.entries = entries.values.sorted { $0.reference < $1.reference }
        // A run that was asked to stop leaves its mark: the next apply of the same plan carries on where it ended.
        if outcome.signal == nil { narrowed.pending = nil }
        if outcome.isComplete { narrowed.commit = plan.source.commit }
        narrowed.applies = Array((inventory.applies + [record]).suffix(Inventory.appliesMax))
        return narrowed
    }

    /// A hook's object is remembered for as long as it may be there, so that it is deleted when its definition goes.
    private static func updateHook(
        _ change: Change, _ result: ChangeResult?, in entries: inout [ObjectReference: InventoryEntry]
    ) {
        if let result, !result.uid.isEmpty {
            entries[change.reference] = entry(change, uid: result.uid)
        } else if result?.outcome != .failed, entries[change.reference]?.uid.isEmpty == true {
            entries[change.reference] = nil
        }
    }

    private static func keepUnchanged(_ change: Change, in entries: inout [ObjectReference: InventoryEntry]) {
        switch change.precondition {
        case .absent: entries[change.reference] = nil
        case .present(let uid, _, let digest):
            entries[change.reference] = InventoryEntry(
                apiVersion: change.apiVersion, reference: change.reference, uid: uid, digest: digest)
        }
    }

    private static func entry(_ change: Change, uid: String) -> InventoryEntry {
        InventoryEntry(
            apiVersion: change.apiVersion, reference: change.reference, uid: uid,
            digest: change.desired.map { Digest.sha256(of: $0) } ?? "")
    }
}
