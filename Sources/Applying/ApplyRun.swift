package import KubernetesAPI
package import Manifests
package import Planning

/// How a plan is applied.
package struct ApplySettings: Sendable {
    /// Requests under way at a time, at the most.
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
        parallelism: Int = 32, timeout: Duration = .seconds(300), waits: Bool = true, failsFast: Bool = false,
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
    let runID: String
    let client: KubernetesClient
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
        plan: Plan, runID: String, client: KubernetesClient, discovery: Discovery, store: any InventoryStore,
        lock: any RunLock, journal: RunJournal, settings: ApplySettings, actor: RunActor,
        clock: @escaping @Sendable () -> Timestamp, stop: StopSignal,
        secrets: @escaping @Sendable () async throws -> [ObjectReference: Value],
        report: @escaping @Sendable (ApplyEvent) -> Void
    ) {
        self.plan = plan
        self.runID = runID
        self.client = client
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

    /// Applies the plan. The log has begun: `run-started` is written by the caller, who also writes `run-finished`.
    /// - Throws: `ApplyRefusal` as long as nothing was changed; `AuditError` when the log cannot be written any more.
    package func execute() async throws -> ApplyOutcome {
        try checkPolicy()
        let bodies = try await self.bodies()
        let bootstrapped = try await takeLock(bodies)
        do {
            let outcome = try await executeLocked(bodies, bootstrapped: bootstrapped)
            await lock.release()
            return outcome
        } catch {
            await lock.release()
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

    private func executeLocked(_ bodies: [ObjectReference: Value], bootstrapped: [String: ChangeResult]) async throws -> ApplyOutcome {
        let stored = try await store.read()
        let isResumed = try checkInventory(stored)
        let steps = try await checkedSteps(bodies, isResumed: isResumed, made: Set(bootstrapped.keys))
        if stop.signal != nil { return ApplyOutcome(counts: [.skipped: steps.count], failures: [], signal: stop.signal) }
        guard plan.hasChanges || stored.inventory.commit != plan.source.commit else {
            return ApplyOutcome(counts: [:], failures: [], signal: nil)
        }
        let pending = PendingRun(
            runID: runID, planDigest: plan.digest, commit: plan.source.commit, since: clock().rfc3339)
        var widened = InventoryUpdate.widened(stored.inventory, for: plan, run: pending)
        var version = try await write(widened, replacing: stored.version, purpose: "widened")
        let hooksEnded = isResumed && stored.inventory.pending?.hooksEnded == true
        let execution = try await execute(steps.filter { bootstrapped[$0.change.id] == nil }, hooksEnded: hooksEnded)
        let results = execution.results.merging(bootstrapped) { result, _ in result }
        let outcome = outcome(results)
        var gone: Set<ObjectReference> = []
        if outcome.isComplete, !execution.endedHooks.isEmpty {
            // From here on a run that carries on must not run a hook again that it finds deleted.
            widened.pending?.hooksEnded = true
            if !hooksEnded { version = try await write(widened, replacing: version, purpose: "hooks ended") }
            gone = try await deleteHooks(execution.endedHooks)
        }
        let record = ApplyRecord(
            time: clock().rfc3339, runID: runID, commit: plan.source.commit, actor: actor.user,
            result: outcome.isComplete ? "succeeded" : outcome.signal == nil ? "failed" : "interrupted")
        let narrowed = InventoryUpdate.narrowed(
            widened, for: plan, results: results, record: record, outcome: outcome, gone: gone)
        if plan.settings.isDestruction, outcome.isComplete, narrowed.entries.isEmpty {
            // Nothing of the environment is left, so nothing is left to remember.
            try await store.remove(version: version)
            try await journal.inventoryUpdated(place: store.place, version: "", count: 0, purpose: "removed")
        } else {
            _ = try await write(narrowed, replacing: version, purpose: "narrowed")
        }
        if !outcome.isComplete { _ = try await deleteHooks(execution.endedHooks) }
        return outcome
    }

    /// - Returns: Whether an earlier run of this plan was cut short.
    private func checkInventory(_ stored: StoredInventory) throws(ApplyRefusal) -> Bool {
        if stored.version == plan.inventory.resourceVersion { return stored.inventory.pending?.planDigest == plan.digest }
        if let pending = stored.inventory.pending, pending.planDigest == plan.digest {
            report(.note("run \(pending.runID) of this plan was cut short; carrying on"))
            return true
        }
        let last = stored.inventory.applies.last
        var message = "the environment was applied since the plan was made"
        if let last { message += ": commit \(last.commit.prefix(12)) by run \(last.runID) at \(last.time)" }
        throw .stale([Diagnostic(message, object: store.place, advice: "make the plan again")])
    }

    /// Reads every object that is about to change, and refuses when one is not as the plan assumed.
    private func checkedSteps(
        _ bodies: [ObjectReference: Value], isResumed: Bool, made: Set<String>
    ) async throws -> [Executor.Step] {
        let changes = plan.changes.filter { $0.action != .noOp }
        var known = discovery
        for change in changes where change.reference.kind == "CustomResourceDefinition" {
            if let desired = change.desired { known.add(customResourceDefinition: desired) }
        }
        var steps: [Executor.Step] = []
        var faults: [Diagnostic] = []
        for change in changes {
            let kind = GroupVersionKind(apiVersion: change.apiVersion, kind: change.reference.kind)
            guard let resource = known.resource(for: kind) else {
                faults.append(Diagnostic("the target no longer serves \(kind.kind) in \(kind.apiVersion)", object: change.id))
                continue
            }
            steps.append(Executor.Step(change: change, resource: resource, body: bodies[change.reference], resourceVersion: ""))
        }
        if !faults.isEmpty { throw ApplyRefusal.stale(faults) }
        let observable = steps.filter { discovery.resource(for: $0.resource.groupVersionKind) != nil }
        let live = try await Observer(client: client).observe(
            observable.map { .init(resource: $0.resource, reference: $0.change.reference) })
        for index in steps.indices {
            let change = steps[index].change
            steps[index].live = live[change.reference].map {
                LiveFacts($0, environment: plan.environment, reference: change.reference)
            }
            steps[index].isCarriedOn = isResumed
            // A hook is made anew whatever there is.
            if change.hook != nil { continue }
            if !change.left.isEmpty, !change.sensitive.isEmpty, let live = live[change.reference] {
                steps[index].body = steps[index].body.map { LeftFields.adopted(change.left, $0, live: live) }
            }
            let check = StalenessCheck(
                client: client, environment: plan.environment, isResumed: isResumed || made.contains(change.id))
            switch check.check(change, desired: steps[index].body, resource: steps[index].resource, live: live[change.reference]) {
            case .proceed(let version): steps[index].resourceVersion = version
            case .done(_, let version): steps[index].resourceVersion = version
            case .stale(let fault): faults.append(fault)
            }
        }
        if !faults.isEmpty { throw ApplyRefusal.stale(faults) }
        return steps
    }

    private func write(_ inventory: Inventory, replacing version: String, purpose: String) async throws -> String {
        do {
            let written = try await store.write(inventory, replacing: version)
            try await journal.inventoryUpdated(
                place: store.place, version: written, count: inventory.entries.count, purpose: purpose)
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
