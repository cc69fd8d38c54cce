internal import KubernetesAPI
internal import Manifests
internal import Planning

/// Executes a plan's changes in dependency order, several at a time.
///
/// A change starts when all it depends on is done, healthy included, everything of an earlier place is done and everything
/// of an earlier stage is written. A change that fails stops what depends on it and every later phase and wave, and nothing
/// else; deletions start when all else has succeeded, since what takes the place of the deleted may be what failed.
struct Executor: Sendable {
    typealias Step = ExecutionStep

    let writer: ChangeWriter
    let journal: RunJournal
    let monitor: HealthMonitor
    /// Whether health is waited for; hooks are in any case.
    let waits: Bool
    /// How long an object may take that does not say so itself.
    let timeout: Duration
    let parallelism: Int
    let failsFast: Bool
    let stop: StopSignal
    let report: @Sendable (ApplyEvent) -> Void

    private enum Progress: Sendable {
        /// Written, as the server answered; what waits for its health goes on.
        case written(Int, ChangeResult, HealthTarget, Value)
        case finished(Int, ChangeResult)
    }

    /// The results by id, in no order.
    /// - Throws: `AuditError` when the log cannot be written: then nothing more is started, and what was under way is ended.
    func run(_ steps: [Step]) async throws -> [String: ChangeResult] {
        var schedule = Schedule(steps)
        var results: [String: ChangeResult] = [:]
        return try await withThrowingTaskGroup(of: Progress.self) { group in
            var writing = 0
            var running = 0
            var hasFailed = false
            var logFailure: (any Error)?
            while true {
                let isStopping = stop.signal != nil || logFailure != nil || (failsFast && hasFailed)
                if !isStopping {
                    for (index, reason) in schedule.takeSkipped() {
                        try await end(steps[index], ChangeResult(.skipped, error: reason), &results)
                    }
                    var started: [Int] = []
                    while writing < window, let index = schedule.takeReady() {
                        writing += 1
                        running += 1
                        started.append(index)
                    }
                    for index in started {
                        let step = steps[index]
                        report(.started(step.change))
                        group.addTask { try await write(step, index: index) }
                    }
                }
                guard running > 0 else { break }
                do {
                    switch try await group.next() {
                    case nil: running = 0
                    case .written(let index, let result, let target, let live):
                        writing -= 1
                        schedule.written(index)
                        let step = steps[index]
                        report(.written(step.change, result))
                        group.addTask { try await finish(step, index: index, result: result, target: target, written: live) }
                    case .finished(let index, let result):
                        running -= 1
                        if schedule.isRunning(index) { writing -= 1 }
                        if result.outcome == .failed { hasFailed = true }
                        results[steps[index].change.id] = result
                        schedule.finished(index, result.outcome)
                        report(.finished(steps[index].change, result))
                    }
                } catch {
                    // The log is out of order: what is under way ends by itself, nothing new is started.
                    if logFailure == nil { logFailure = error }
                    await monitor.abandon()
                    running -= 1
                    writing = max(0, writing - 1)
                }
            }
            if let logFailure { throw logFailure }
            for (index, step) in steps.enumerated() where results[step.change.id] == nil {
                let reason = schedule.reason(for: index) ?? "the run was stopped before it"
                try await end(step, ChangeResult(.skipped, error: reason), &results)
            }
            return results
        }
    }

    /// How many changes are under way at a time: twice as many as requests, so that while some are put down in the log the
    /// server does not run out of work; and fewer when the server is throttling us.
    private var window: Int {
        let requests = max(1, min(parallelism, writer.client.requestLimit))
        return requests < 8 ? requests : requests * 2
    }

    private func end(_ step: Step, _ result: ChangeResult, _ results: inout [String: ChangeResult]) async throws {
        results[step.change.id] = result
        try await journal.changeFinished(step.change, result)
        report(.finished(step.change, result))
    }

    private func write(_ step: Step, index: Int) async throws -> Progress {
        try await journal.changeStarted(step.change)
        let started = ContinuousClock.now
        let timeout = step.timeout ?? timeout
        let written = await writer.write(step, timeout: timeout)
        var result = written.result
        result.durationMilliseconds = started.duration(to: .now).milliseconds
        try await journal.changeFinished(step.change, result)
        guard result.outcome != .failed, let live = written.live, step.isWaitedFor(waits) else { return .finished(index, result) }
        let goal: HealthTarget.Goal = step.change.action == .delete ? .gone : step.change.hook == nil ? .healthy : .completed
        let target = HealthTarget(change: step.change, resource: step.resource, written: live, goal: goal, timeout: timeout)
        if goal == .healthy, monitor.isHealthy(live) { return .finished(index, result) }
        return .written(index, result, target, live)
    }

    private func finish(
        _ step: Step, index: Int, result: ChangeResult, target: HealthTarget, written live: Value
    ) async throws -> Progress {
        let started = ContinuousClock.now
        let outcome = await monitor.wait(for: target, written: live)
        var result = result
        let message: String
        switch outcome {
        case .healthy: message = ""
        case .failed(let reason): message = reason.isEmpty ? "it failed" : reason
        case .timedOut(let reason):
            message =
                "not \(target.goal == .gone ? "gone" : "ready") within \(DurationText.text(target.timeout))\(reason.isEmpty ? "" : ": \(reason)")"
        case .stopped: message = "the run was stopped while it was waited for"
        }
        if outcome != .healthy {
            result.outcome = .failed
            result.error = message
        }
        try await journal.waitFinished(
            step.change, isHealthy: outcome == .healthy, message: message,
            durationMilliseconds: started.duration(to: .now).milliseconds)
        return .finished(index, result)
    }
}

extension Duration {
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(clamping: seconds) &* 1000 &+ Int(attoseconds / 1_000_000_000_000_000)
    }
}
