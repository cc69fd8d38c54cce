internal import KubernetesAPI
internal import Manifests
internal import Planning

extension ApplyRun {
    /// Between two tries for a lock that another run holds.
    private static let lockPause: Duration = .seconds(1)

    /// The environment's lock, which is ours now.
    struct TakenLock: Sendable {
        /// Of what had to be made for it.
        var results: [String: ChangeResult] = [:]
        /// Whether it was free: what was read while it was being taken is what stands under it.
        var wasFree: Bool
    }

    /// Takes the environment's lock. The namespace in which lock and inventory live may be one that this very plan
    /// creates: then it is made first, which leaves nothing behind that the repository does not have.
    func takeLock(_ bodies: [ObjectReference: Value]) async throws -> TakenLock {
        let started = ContinuousClock.now
        var told: LockHolder?
        while true {
            do {
                try await lock.acquire()
                return TakenLock(wasFree: told == nil)
            } catch let error as LockedError {
                guard let timeout = settings.lockTimeout, started.duration(to: .now) < timeout, stop.signal == nil else {
                    throw ApplyRefusal.locked(error)
                }
                if told != error.holder { report(.note("\(error.diagnostic.message); waiting")) }
                told = error.holder
                try await Task.sleep(for: Self.lockPause)
            } catch let error as APIError {
                guard error.isNotFound, let results = try await makeNamespace(bodies) else {
                    throw ApplyRefusal.failed([lockFault(error)])
                }
                try await lock.acquire()
                return TakenLock(results: results, wasFree: false)
            }
        }
    }

    /// Whether this run may write; a run that may not any more is stopped.
    static func isHeld(_ lock: any RunLock, _ stop: StopSignal) -> Bool {
        if lock.isHeld { return true }
        stop.loseLock()
        return false
    }

    /// Frees the lock, also when the run was cancelled. What cannot be freed in time expires by itself.
    func releaseLock() async {
        let patience: Duration = stop.isUrgent ? .seconds(2) : .seconds(15)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await lock.release() }
            group.addTask { try? await Task.sleep(for: patience) }
            await group.next()
            group.cancelAll()
        }
    }

    private func lockFault(_ error: APIError) -> Diagnostic {
        var fault = error.diagnostic(object: lock.place, doing: "taking the lock")
        if error.isNotFound {
            fault.advice =
                "lock and inventory live in namespace '\(plan.inventory.namespace)', which is not there; "
                + "create it, or name another with 'inventory: {namespace: NAME}'"
        }
        return fault
    }

    private func makeNamespace(_ bodies: [ObjectReference: Value]) async throws -> [String: ChangeResult]? {
        let reference = ObjectReference(group: "", kind: "Namespace", namespace: "", name: plan.inventory.namespace)
        guard let change = plan.changes.first(where: { $0.reference == reference && $0.action == .create }),
            let body = bodies[reference],
            let resource = discovery.resource(for: GroupVersionKind(group: "", version: "v1", kind: "Namespace"))
        else { return nil }
        try await journal.changeStarted(change)
        let step = ExecutionStep(change: change, resource: resource, body: body, resourceVersion: "")
        let monitor = HealthMonitor(client: client, rules: plan.settings.health, stop: stop, report: report)
        let check = StalenessCheck(environment: plan.environment, isResumed: false)
        let written = await ChangeWriter(client: client, check: check, isHeld: { true }, monitor: monitor)
            .write(step, timeout: settings.timeout)
        try await journal.changeFinished(change, written.result)
        report(.finished(change, written.result))
        guard written.result.outcome != .failed else {
            throw ApplyRefusal.failed([
                Diagnostic("creating the namespace for lock and inventory: \(written.result.error ?? "it failed")", object: change.id)
            ])
        }
        return [change.id: written.result]
    }
}
