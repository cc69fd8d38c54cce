internal import KubernetesAPI
internal import Manifests
internal import Planning

extension ApplyRun {
    /// What came of a run's changes and hooks.
    struct Execution {
        var results: [String: ChangeResult]
        /// Hooks that are to be deleted now that everything is done, each with the UID of its object.
        var endedHooks: [(step: ExecutionStep, uid: String)] = []
    }

    /// Makes the changes and runs the hooks; when something fails, the hooks for that as well.
    /// - Parameter hooksEnded: Whether a run of this plan that was cut short had all its hooks behind it: they are not run again.
    func execute(_ steps: [ExecutionStep], hooksEnded: Bool) async throws -> Execution {
        let executor = executor()
        let main = steps.filter { $0.change.place.phase != .syncFail && !(hooksEnded && $0.change.hook != nil) }
        var results = try await executor.run(main)
        let hasFailed = results.values.contains { $0.outcome == .failed }
        if hasFailed, !stop.isRaised, Self.isHeld(lock, stop) {
            let fallback = try await executor.run(steps.filter { $0.change.place.phase == .syncFail })
            results.merge(fallback) { first, _ in first }
        }
        if hooksEnded {
            for step in steps where step.change.hook != nil && step.change.place.phase != .syncFail {
                results[step.change.id] = ChangeResult(.unchanged, uid: step.live?.isOurs == true ? step.live?.uid ?? "" : "")
            }
        }
        return Execution(results: results, endedHooks: endedHooks(steps, results))
    }

    private func executor() -> Executor {
        let monitor = HealthMonitor(client: client, rules: plan.settings.health, stop: stop, report: report)
        let check = StalenessCheck(environment: plan.environment, isResumed: false)
        return Executor(
            writer: ChangeWriter(client: client, check: check, isHeld: { [lock, stop] in Self.isHeld(lock, stop) }, monitor: monitor),
            journal: journal,
            monitor: monitor, waits: settings.waits, timeout: settings.timeout, parallelism: settings.parallelism,
            failsFast: settings.failsFast, stop: stop, report: report)
    }

    /// The hooks whose policies ask for their deletion. One that ran in several phases is judged by its last run.
    private func endedHooks(_ steps: [ExecutionStep], _ results: [String: ChangeResult]) -> [(step: ExecutionStep, uid: String)] {
        var last: [ObjectReference: (step: ExecutionStep, result: ChangeResult)] = [:]
        for step in steps where step.change.hook != nil {
            if let result = results[step.change.id], !result.uid.isEmpty { last[step.change.reference] = (step, result) }
        }
        return last.values.filter { step, result in
            switch result.outcome {
            // Of an environment that is destroyed nothing is left, whatever the policies say.
            case .succeeded, .unchanged: plan.settings.isDestruction || step.change.hook?.deletes(.hookSucceeded) == true
            case .failed: step.change.hook?.deletes(.hookFailed) == true
            case .skipped: false
            }
        }.map { ($0.step, $0.result.uid) }.sorted { $0.0.change.reference < $1.0.change.reference }
    }

    /// Deletes the hooks that have ended.
    /// - Returns: Those that are gone.
    func deleteHooks(_ hooks: [(step: ExecutionStep, uid: String)]) async throws -> Set<ObjectReference> {
        let writer = executor().writer
        var gone: Set<ObjectReference> = []
        for (step, uid) in hooks where !stop.isRaised {
            var change = step.change
            change.action = .delete
            try await journal.changeStarted(change)
            let failure = await writer.deleteHook(step, uid: uid)
            try await journal.changeFinished(change, ChangeResult(failure == nil ? .succeeded : .failed, uid: uid, error: failure))
            if let failure {
                report(.note("the hook \(step.change.reference.id) has ended and could not be deleted: \(failure)"))
            } else {
                gone.insert(step.change.reference)
            }
        }
        return gone
    }
}
