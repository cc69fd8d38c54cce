internal import Manifests
internal import Planning

extension ApplyRun {
    /// What a run that came to the end of its changes knows.
    struct Settlement: Sendable {
        let update: InventoryUpdate
        var widened: Inventory
        /// Of the widened inventory, as it is stored.
        var version: String
        var results: [String: ChangeResult]
        var outcome: ApplyOutcome
        /// Whether the inventory says already that all hooks have ended.
        var hooksEnded: Bool
    }

    /// Whether a plan without changes still tells the inventory something.
    func needsRecording(_ inventory: Inventory) -> Bool {
        inventory.commit != plan.source.commit || inventory.pending != nil
            || (inventory.repository != plan.source.identity && plan.source.identity != nil)
    }

    /// Deletes hooks that have ended, and narrows the inventory to what is there now. A run that was told to end at once, or
    /// that lost its lock, leaves it wide: whoever applies next finds all that may have been made.
    func settle(_ settlement: Settlement, endedHooks: [(step: ExecutionStep, uid: String)]) async throws {
        if stop.isUrgent { return }
        guard Self.isHeld(lock, stop) else { throw ApplyAborted([lockLost]) }
        var settlement = settlement
        let outcome = settlement.outcome
        var gone: Set<ObjectReference> = []
        if outcome.isComplete, !endedHooks.isEmpty {
            // From here on a run that carries on must not run a hook again that it finds deleted.
            settlement.widened.pending?.hooksEnded = true
            if !settlement.hooksEnded, !endsWithItsHome {
                settlement.version = try await write(laidOut(settlement.widened), replacing: settlement.version, purpose: "hooks ended")
            }
            gone = try await deleteHooks(endedHooks)
        }
        try await narrow(settlement, gone: gone)
        if !outcome.isComplete { _ = try await deleteHooks(endedHooks) }
    }

    /// Whether the namespace of inventory and lock is deleted with all that is in it.
    private var endsWithItsHome: Bool {
        plan.changes.contains { $0.action == .delete && isHome($0.reference) }
    }

    private func narrow(_ settlement: Settlement, gone: Set<ObjectReference>) async throws {
        let outcome = settlement.outcome
        let record = ApplyRecord(
            time: clock().rfc3339, runID: runID, commit: plan.source.commit, actor: actor.user,
            result: outcome.isComplete ? "succeeded" : outcome.signal == nil ? "failed" : "interrupted", planDigest: planDigest)
        var narrowed = settlement.update.narrowed(
            settlement.widened, results: settlement.results, record: record, outcome: outcome, gone: gone)
        if let head = journal.head(host: actor.host, time: record.time) { narrowed.remember(head) }
        if plan.settings.isDestruction, outcome.isComplete, narrowed.entries.isEmpty {
            // Nothing of the environment is left, so nothing is left to remember.
            try await store.remove(version: settlement.version)
            try journal.inventoryUpdated(place: store.place, version: "", count: 0, purpose: "removed")
        } else {
            _ = try await write(laidOut(narrowed), replacing: settlement.version, purpose: "narrowed")
        }
    }

    private var lockLost: Diagnostic {
        Diagnostic(
            "the lock was lost: another run took it, or the server could not be reached to renew it; nothing more was written",
            object: lock.place, advice: "see what the other run did with 'plumb history \(plan.environment)', then make the plan again")
    }

    /// What ended a run that had begun to write.
    func aborted(_ error: any Error, counts: [ChangeResult.Outcome: Int]) -> ApplyAborted {
        if var aborted = error as? ApplyAborted {
            aborted.counts = counts
            return aborted
        }
        switch error {
        case ApplyRefusal.stale(let faults), ApplyRefusal.failed(let faults): return ApplyAborted(faults, counts: counts)
        default: return ApplyAborted([], counts: counts, cause: error)
        }
    }
}
