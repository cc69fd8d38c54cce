package import KubernetesAPI
package import Manifests
package import Planning

/// How a plan is applied.
package struct ApplySettings: Sendable {
    /// Changes under way at a time.
    package var parallelism: Int
    /// How long an object may take to become healthy, or to be gone.
    package var timeout: Duration
    /// Whether to wait for health at all.
    package var waits: Bool
    package var failsFast: Bool
    package var deletionLimit: DeletionLimit
    package var allowsRollback: Bool
    /// How long to wait for another run's lock; `nil` to give up at once.
    package var lockTimeout: Duration?

    package init(
        parallelism: Int = 16, timeout: Duration = .seconds(300), waits: Bool = true, failsFast: Bool = false,
        deletionLimit: DeletionLimit = .standard, allowsRollback: Bool = false, lockTimeout: Duration? = nil
    ) {
        self.parallelism = parallelism
        self.timeout = timeout
        self.waits = waits
        self.failsFast = failsFast
        self.deletionLimit = deletionLimit
        self.allowsRollback = allowsRollback
        self.lockTimeout = lockTimeout
    }
}

/// One apply of a plan: checks what it assumes, executes exactly it, keeps inventory and log.
package struct ApplyRun: Sendable {
    let plan: Plan
    /// The plan's digest, which takes a while to make.
    let planDigest: String
    let runID: String
    let client: KubernetesClient
    /// The target's, now.
    let serverVersion: String
    let discovery: Discovery
    let store: any InventoryStore
    let lock: any RunLock
    let journal: RunJournal
    let settings: ApplySettings
    let actor: RunActor
    let clock: @Sendable () -> Timestamp
    let stop: StopSignal
    /// The bodies of the objects whose values the plan withholds, rendered again from its commit.
    let secrets: @Sendable () async throws -> [ObjectReference: Value]
    let report: @Sendable (ApplyEvent) -> Void

    package init(
        plan: Plan, planDigest: String, runID: String, client: KubernetesClient, serverVersion: String, discovery: Discovery,
        store: any InventoryStore,
        lock: any RunLock, journal: RunJournal, settings: ApplySettings, actor: RunActor,
        clock: @escaping @Sendable () -> Timestamp, stop: StopSignal,
        secrets: @escaping @Sendable () async throws -> [ObjectReference: Value],
        report: @escaping @Sendable (ApplyEvent) -> Void
    ) {
        self.plan = plan
        self.planDigest = planDigest
        self.runID = runID
        self.client = client
        self.serverVersion = serverVersion
        self.discovery = discovery
        self.store = store
        self.lock = lock
        self.journal = journal
        self.settings = settings
        self.actor = actor
        self.clock = clock
        self.stop = stop
        self.secrets = secrets
        self.report = report
    }

    /// Applies the plan. The log has begun: `run-started` was queued by the caller, who also writes `run-finished`.
    /// - Throws: `ApplyRefusal` as long as nothing was changed; `ApplyAborted` when the run could not go on to its end.
    package func execute() async throws -> ApplyOutcome {
        try checkPolicy()
        let bodies = try await self.bodies()
        let served = try servedSteps(bodies)
        do {
            try await journal.flush()
            let outcome = try await stop.interruptible {
                let beginning = try await begin(served, bodies)
                return try await execute(beginning)
            }
            await releaseLock()
            return outcome
        } catch {
            await releaseLock()
            throw error
        }
    }

    private func checkPolicy() throws(ApplyRefusal) {
        if plan.isRollback, !settings.allowsRollback {
            throw .forbidden(
                Diagnostic(
                    "this plan is a rollback: its commit \(plan.source.commit.prefix(12)) is no descendant of the one applied last",
                    advice: "apply it with --allow-rollback if that is meant"))
        }
        let deletions = plan.count(.delete)
        let maximum = settings.deletionLimit.maximum(of: plan.settings.inventoryCount)
        if deletions > maximum {
            throw .forbidden(
                Diagnostic(
                    "this plan deletes \(deletions) of \(plan.settings.inventoryCount) objects, and no more than \(maximum) are allowed",
                    advice: "look at the plan once more; if it is meant, apply it with --max-deletes \(deletions)"))
        }
    }

    /// What is applied, by object: out of the plan, and out of the commit where the plan withholds values.
    private func bodies() async throws -> [ObjectReference: Value] {
        var bodies: [ObjectReference: Value] = [:]
        var withheld: [Change] = []
        for change in plan.changes {
            guard let desired = change.desired else { continue }
            if change.sensitive.isEmpty { bodies[change.reference] = desired } else { withheld.append(change) }
        }
        guard !withheld.isEmpty else { return bodies }
        let rendered = try await secrets()
        for change in withheld {
            let body = rendered[change.reference].map { LeftFields.without(change.left, $0, planned: change.desired ?? .null) }
            guard let body, Sensitivity.masked(body) == change.desired else {
                throw ApplyRefusal.forbidden(
                    Diagnostic(
                        "its commit renders to something else than the plan says", object: change.id,
                        advice: "make the plan again, with this version of plumb"))
            }
            bodies[change.reference] = body
        }
        return bodies
    }

    private func execute(_ beginning: Beginning) async throws -> ApplyOutcome {
        if stop.signal != nil { return ApplyOutcome(counts: [.skipped: beginning.steps.count], failures: [], signal: stop.signal) }
        guard let widened = beginning.widened else { return ApplyOutcome(counts: [:], failures: [], signal: nil) }
        let version = try await write(widened, replacing: beginning.version, purpose: "widened", resumes: beginning.resumes)
        var counts: [ChangeResult.Outcome: Int] = [:]
        do {
            let steps = beginning.steps.filter { beginning.made[$0.change.id] == nil }
            let execution = try await execute(steps, hooksEnded: beginning.hooksEnded)
            let results = execution.results.merging(beginning.made) { result, _ in result }
            let outcome = outcome(results)
            counts = outcome.counts
            try await settle(
                Settlement(
                    update: beginning.update, widened: widened.inventory, version: version, results: results, outcome: outcome,
                    hooksEnded: beginning.hooksEnded),
                endedHooks: execution.endedHooks)
            return outcome
        } catch {
            throw aborted(error, counts: counts)
        }
    }

    func write(
        _ laidOut: LaidOutInventory, replacing version: String, purpose: String, resumes: String? = nil
    ) async throws -> String {
        do {
            let written = try await store.write(laidOut.layout, replacing: version)
            try journal.inventoryUpdated(
                place: store.place, version: written, count: laidOut.inventory.entries.count, purpose: purpose, resumes: resumes)
            return written
        } catch is InventoryConflict {
            throw ApplyRefusal.stale([
                Diagnostic("somebody wrote the inventory just now", object: store.place, advice: "make the plan again")
            ])
        } catch let error as APIError {
            throw ApplyRefusal.failed([error.diagnostic(object: store.place, doing: "writing the inventory")])
        }
    }

    private func outcome(_ results: [String: ChangeResult]) -> ApplyOutcome {
        var counts: [ChangeResult.Outcome: Int] = [:]
        var failures: [(id: String, error: String)] = []
        for change in plan.changes {
            guard let result = results[change.id] else { continue }
            counts[result.outcome, default: 0] += 1
            if result.outcome == .failed { failures.append((change.id, result.error ?? "it failed")) }
        }
        return ApplyOutcome(counts: counts, failures: failures, signal: stop.signal)
    }
}
