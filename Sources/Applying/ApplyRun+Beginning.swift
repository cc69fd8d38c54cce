internal import KubernetesAPI
internal import Manifests
internal import Planning

extension ApplyRun {
    /// What a run knows when the lock is its own and all that the plan assumes was found true. The live objects themselves are
    /// let go: thousands would fill the memory.
    struct Beginning: Sendable {
        let steps: [ExecutionStep]
        /// Of the inventory as it is stored.
        let version: String
        /// The inventory for this run; `nil` when there is nothing to do that it has to know of.
        let widened: LaidOutInventory?
        let update: InventoryUpdate
        /// The run of this plan that was cut short; `nil` when there was none.
        let resumes: String?
        /// Whether that run had all hooks behind it.
        let hooksEnded: Bool
        /// The results of what had to be made for the lock.
        let made: [String: ChangeResult]
    }

    /// An inventory, and how it is stored.
    struct LaidOutInventory: Sendable {
        var inventory: Inventory
        var layout: InventoryLayout
    }

    /// What stands in the target before anything is written.
    private struct Standing: Sendable {
        var stored: StoredInventory
        /// The objects that are about to change, or why they cannot be read: what is wrong with the inventory is said before.
        var live: Result<[ObjectReference: Value], any Error>
        let update: InventoryUpdate
        var widened: LaidOutInventory?
    }

    /// Takes the lock, and reads meanwhile what stands in the target.
    /// - Throws: `ApplyRefusal` when it is not what the plan assumes.
    func begin(_ served: [ExecutionStep], _ bodies: [ObjectReference: Value]) async throws -> Beginning {
        async let ahead = read(served)
        let lock = try await takeLock(bodies)
        let standing = try await standing(served, ahead: lock.wasFree ? try? ahead : nil)
        let stored = standing.stored
        try journal.check(against: stored.inventory.heads, host: actor.host)
        let check = try checkInventory(stored)
        let steps = try await checkedSteps(
            served, live: standing.live.get(), isResumed: check.resumes != nil, made: Set(lock.results.keys))
        return Beginning(
            steps: steps, version: stored.version, widened: standing.widened, update: standing.update, resumes: check.resumes,
            hooksEnded: check.resumes != nil && stored.inventory.pending?.hooksEnded == true, made: lock.results)
    }

    /// What was read while the lock was being taken stands as long as no other run had begun: one that begins after the
    /// inventory was read changes its version, which the first write insists on.
    private func standing(_ served: [ExecutionStep], ahead: Standing?) async throws -> Standing {
        if let ahead, ahead.stored.inventory.pending == nil { return ahead }
        return try await read(served)
    }

    private func read(_ steps: [ExecutionStep]) async throws -> Standing {
        // All at a time: none of them needs another's answer.
        async let live = observed(steps)
        async let digested = InventoryUpdate(plan, serverVersion: serverVersion)
        let stored = try await store.read()
        let update = await digested
        var widened: LaidOutInventory?
        if plan.hasChanges || needsRecording(stored.inventory) {
            let pending = PendingRun(runID: runID, planDigest: planDigest, commit: plan.source.commit, since: clock().rfc3339)
            widened = try laidOut(update.widened(stored.inventory, run: pending))
        }
        return Standing(stored: stored, live: await live, update: update, widened: widened)
    }

    private func observed(_ steps: [ExecutionStep]) async -> Result<[ObjectReference: Value], any Error> {
        do { return .success(try await observe(steps)) } catch { return .failure(error) }
    }

    func laidOut(_ inventory: Inventory) throws -> LaidOutInventory {
        LaidOutInventory(inventory: inventory, layout: try store.layout(inventory))
    }
}
