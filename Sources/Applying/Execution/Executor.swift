internal import KubernetesAPI
internal import Manifests
internal import Planning

/// Executes a plan's changes in dependency order, several at a time.
///
/// A change starts when all it depends on is done, healthy included, everything of an earlier place is done and everything
/// of an earlier stage is written. A change that fails stops what depends on it and every later phase and wave, and nothing
/// else; deletions start when all else has succeeded, since what takes the place of the deleted may be what failed.
///
/// The log is written ahead: while some changes are under way to the server, the next ones are announced in it and the last
/// answers are put down in the same flush. So the server never waits for the disk, nor the disk for the server, and still
/// nothing is sent that the log does not announce, and nothing goes on from a result that the log does not hold.
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
        case answered(ExecutionFlow.Answer)
        case recorded(ExecutionFlow.Records, failure: (any Error)?)
        /// Its health was waited for, and the log says how that ended.
        case waited(Int, ChangeResult, failure: (any Error)?)
        /// The oldest answer that is not in the log yet has waited for company long enough.
        case lingered
    }

    private typealias Tasks = TaskGroup<Progress>

    /// How long an answer waits at the most for others to share its flush.
    private static let linger: Duration = .milliseconds(50)

    /// The results by id, in no order.
    /// - Throws: `AuditError` when the log cannot be written: then nothing more is sent, and what was under way is ended.
    func run(_ steps: [Step]) async throws -> [String: ChangeResult] {
        var flow = ExecutionFlow(steps)
        await withTaskGroup(of: Progress.self) { tasks in
            while true {
                advance(&flow, &tasks)
                guard flow.isBusy, let progress = await tasks.next() else { break }
                await take(progress, &flow, &tasks)
            }
            tasks.cancelAll()
        }
        if let failure = flow.logFailure { throw failure }
        try await skipRest(&flow)
        return flow.results
    }

    /// How many requests are under way at a time: fewer than asked for when the server is throttling us.
    private var requestsMax: Int { max(1, min(parallelism, writer.client.requestLimit)) }

    /// Starts what can be started now.
    private func advance(_ flow: inout ExecutionFlow, _ tasks: inout Tasks) {
        flow.requestsMax = requestsMax
        let isStopping = stop.isRaised || flow.logFailure != nil || (failsFast && flow.hasFailed)
        if isStopping { flow.giveUpAnnounced(reason: stop.reason) } else { flow.takeSkipped() }
        while !isStopping, let index = flow.takeToSend() {
            let step = flow.steps[index]
            report(.started(step.change))
            tasks.addTask { await .answered(send(step, index: index)) }
        }
        if let records = flow.takeRecords(isStopping: isStopping) {
            tasks.addTask {
                do {
                    try await journal.record(finished: records.finished, started: records.started)
                    return .recorded(records, failure: nil)
                } catch { return .recorded(records, failure: error) }
            }
        } else if flow.beginsToLinger {
            flow.isLingering = true
            tasks.addTask {
                try? await Task.sleep(for: Self.linger)
                return .lingered
            }
        }
    }

    private func take(_ progress: Progress, _ flow: inout ExecutionFlow, _ tasks: inout Tasks) async {
        switch progress {
        case .answered(let answer): flow.answered(answer)
        case .lingered: flow.hasLingered()
        case .recorded(let records, let failure):
            if let failure { return await fail(&flow, failure) }
            for answer in flow.recorded(records) {
                let change = flow.steps[answer.index].change
                guard let target = answer.target, let live = answer.live else {
                    report(.finished(change, answer.result))
                    continue
                }
                report(.written(change, answer.result))
                tasks.addTask { await wait(for: target, of: change, answer.index, result: answer.result, written: live) }
            }
        case .waited(let index, let result, let failure):
            flow.waited(index, result)
            if let failure { return await fail(&flow, failure) }
            report(.finished(flow.steps[index].change, result))
        }
    }

    /// The log is out of order: what is under way ends by itself, nothing new is started.
    private func fail(_ flow: inout ExecutionFlow, _ failure: any Error) async {
        flow.failed(failure)
        await monitor.abandon()
    }

    /// Records of what never started that it did not, and why.
    private func skipRest(_ flow: inout ExecutionFlow) async throws {
        let rest = flow.skippedRest(reason: stop.reason)
        guard !rest.isEmpty else { return }
        try await journal.record(finished: rest, started: [])
        for (change, result) in rest {
            flow.results[change.id] = result
            report(.finished(change, result))
        }
    }

    private func send(_ step: Step, index: Int) async -> ExecutionFlow.Answer {
        let started = ContinuousClock.now
        let timeout = step.timeout ?? timeout
        let written = await writer.write(step, timeout: timeout)
        var answer = ExecutionFlow.Answer(index: index, result: written.result)
        answer.result.durationMilliseconds = started.duration(to: .now).milliseconds
        guard answer.result.outcome != .failed, let live = written.live, step.isWaitedFor(waits) else { return answer }
        let goal: HealthTarget.Goal = step.change.action == .delete ? .gone : step.change.hook == nil ? .healthy : .completed
        if goal == .healthy, monitor.isHealthy(live) { return answer }
        answer.target = HealthTarget(change: step.change, resource: step.resource, written: live, goal: goal, timeout: timeout)
        answer.live = live
        return answer
    }

    private func wait(
        for target: HealthTarget, of change: Change, _ index: Int, result: ChangeResult, written live: Value
    ) async -> Progress {
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
        do {
            try await journal.waitFinished(
                change, isHealthy: outcome == .healthy, message: message,
                durationMilliseconds: started.duration(to: .now).milliseconds)
            return .waited(index, result, failure: nil)
        } catch { return .waited(index, result, failure: error) }
    }
}

extension Duration {
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(clamping: seconds) &* 1000 &+ Int(attoseconds / 1_000_000_000_000_000)
    }
}
