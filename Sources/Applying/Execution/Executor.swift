internal import KubernetesAPI
internal import Manifests
internal import Planning

/// Executes a plan's changes in dependency order, several at a time.
///
/// A change starts when all it depends on is done, healthy included, and everything of an earlier stage is written. A
/// change that fails stops what depends on it; deletions start when all else has succeeded, since what takes the place
/// of the deleted may be what failed.
struct Executor: Sendable {
    struct Step: Sendable {
        var change: Change
        var resource: APIResource
        /// What is applied; `nil` for deletions.
        var body: Value?
        /// Of the live object as it was checked; empty when there is none.
        var resourceVersion: String
    }

    let writer: ChangeWriter
    let journal: RunJournal
    let wait: HealthWait?
    let parallelism: Int
    let failsFast: Bool
    let stop: StopSignal
    let report: @Sendable (ApplyEvent) -> Void

    private enum Progress: Sendable {
        /// Written, as the server answered; what waits for its health goes on.
        case written(Int, ChangeResult, Value)
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
                        let result = ChangeResult(.skipped, error: reason)
                        results[steps[index].change.id] = result
                        try await journal.changeFinished(steps[index].change, result)
                        report(.finished(steps[index].change, result))
                    }
                    while writing < parallelism, let index = schedule.takeReady() {
                        writing += 1
                        running += 1
                        let step = steps[index]
                        report(.started(step.change))
                        group.addTask { try await write(step, index: index) }
                    }
                }
                guard running > 0 else { break }
                do {
                    switch try await group.next() {
                    case nil: running = 0
                    case .written(let index, let result, let live):
                        writing -= 1
                        schedule.written(index)
                        let step = steps[index]
                        group.addTask { try await finish(step, index: index, result: result, written: live) }
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
                    running -= 1
                    writing = max(0, writing - 1)
                }
            }
            if let logFailure { throw logFailure }
            for (index, step) in steps.enumerated() where results[step.change.id] == nil {
                let result = ChangeResult(.skipped, error: schedule.reason(for: index) ?? "the run was stopped before it")
                results[step.change.id] = result
                try await journal.changeFinished(step.change, result)
                report(.finished(step.change, result))
            }
            return results
        }
    }

    private func write(_ step: Step, index: Int) async throws -> Progress {
        try await journal.changeStarted(step.change)
        let started = ContinuousClock.now
        let written = await writer.write(step.change, body: step.body, resource: step.resource, resourceVersion: step.resourceVersion)
        var result = written.result
        result.durationMilliseconds = started.duration(to: .now).milliseconds
        try await journal.changeFinished(step.change, result)
        guard result.outcome != .failed, let live = written.live else { return .finished(index, result) }
        let isDone = step.change.action != .delete && Health.assess(live).status == .current
        if isDone || wait == nil { return .finished(index, result) }
        return .written(index, result, live)
    }

    private func finish(_ step: Step, index: Int, result: ChangeResult, written live: Value) async throws -> Progress {
        guard let wait else { return .finished(index, result) }
        let started = ContinuousClock.now
        let outcome = await wait.wait(for: step.change, resource: step.resource, written: live)
        var result = result
        let message: String
        switch outcome {
        case .healthy: message = ""
        case .failed(let reason): message = reason.isEmpty ? "it failed" : reason
        case .timedOut(let reason): message = "not ready within \(DurationText.text(wait.timeout))\(reason.isEmpty ? "" : ": \(reason)")"
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
