internal import KubernetesAPI
internal import Manifests
internal import Planning

/// How far each change of an execution is: ready, announced in the log, under way to the server, answered, recorded, waited
/// for. Decides what is sent and what is written to the log next; does neither.
struct ExecutionFlow {
    /// What the server said to a change.
    struct Answer: Sendable {
        let index: Int
        var result: ChangeResult
        /// What is waited for now, and the object as it was written; `nil` when nothing is.
        var target: HealthTarget?
        var live: Value?

        init(index: Int, result: ChangeResult) {
            self.index = index
            self.result = result
        }
    }

    /// What goes to the log in one flush.
    struct Records: Sendable {
        var answers: [Answer]
        var announced: [Int]
        let finished: [(Change, ChangeResult)]
        let started: [Change]
    }

    let steps: [ExecutionStep]
    var results: [String: ChangeResult] = [:]
    var requestsMax = 1
    /// Whether somebody is waiting for `hasLingered`.
    var isLingering = false
    private(set) var hasFailed = false
    /// Why the log takes nothing more.
    private(set) var logFailure: (any Error)?

    private var schedule: Schedule
    private var announced = IndexQueue()
    private var sending = 0
    private var unrecorded: [Answer] = []
    private var isRecording = false
    private var isDue = false
    private var waiting = 0

    /// More answers than this do not wait for company.
    private static let unrecordedMax = 256
    /// So many times the requests under way are announced ahead: enough for the server not to run out of work during a flush.
    private static let aheadFactor = 4
    /// With fewer requests than this at a time, somebody wants them one after the other.
    private static let parallelMin = 8

    init(_ steps: [ExecutionStep]) {
        self.steps = steps
        schedule = Schedule(steps)
    }

    /// Whether anything is under way.
    var isBusy: Bool { sending > 0 || isRecording || waiting > 0 || !unrecorded.isEmpty || (!announced.isEmpty && logFailure == nil) }

    private var announcedMax: Int { requestsMax < Self.parallelMin ? requestsMax : requestsMax * Self.aheadFactor }

    /// The next change to send.
    mutating func takeToSend() -> Int? {
        guard sending < requestsMax, let index = announced.popFirst() else { return nil }
        sending += 1
        return index
    }

    mutating func answered(_ answer: Answer) {
        sending -= 1
        if answer.result.outcome == .failed { hasFailed = true }
        unrecorded.append(answer)
    }

    /// Takes the changes that can never start to what is recorded.
    mutating func takeSkipped() {
        for (index, reason) in schedule.takeSkipped() {
            unrecorded.append(Answer(index: index, result: ChangeResult(.skipped, error: reason)))
        }
    }

    /// What was announced and is not to be sent any more is recorded as skipped.
    mutating func giveUpAnnounced(reason: String) {
        while let index = announced.popFirst() {
            unrecorded.append(Answer(index: index, result: ChangeResult(.skipped, error: reason)))
        }
    }

    /// What is to be written to the log now; `nil` when a flush is under way, or when it is better to wait for more: as long
    /// as enough is announced to keep the server busy, answers wait for company.
    mutating func takeRecords(isStopping: Bool) -> Records? {
        guard !isRecording, logFailure == nil else { return nil }
        let isStarving = announced.count < requestsMax
        guard isStopping || isStarving || isDue || unrecorded.count >= Self.unrecordedMax else { return nil }
        var started: [Int] = []
        while !isStopping, announced.count + started.count < announcedMax, let index = schedule.takeReady() { started.append(index) }
        guard !started.isEmpty || !unrecorded.isEmpty else { return nil }
        defer {
            unrecorded = []
            isDue = false
            isRecording = true
        }
        return Records(
            answers: unrecorded, announced: started, finished: unrecorded.map { (steps[$0.index].change, $0.result) },
            started: started.map { steps[$0].change })
    }

    /// Whether an answer has begun to wait for company.
    var beginsToLinger: Bool { !isLingering && !unrecorded.isEmpty && !isRecording && logFailure == nil }

    mutating func hasLingered() {
        isLingering = false
        isDue = true
    }

    /// The records are on disk.
    /// - Returns: The answers among them; those with a target are to be waited for.
    mutating func recorded(_ records: Records) -> [Answer] {
        isRecording = false
        for index in records.announced { announced.append(index) }
        for answer in records.answers {
            if answer.target != nil {
                waiting += 1
                schedule.written(answer.index)
            } else {
                end(answer.index, answer.result)
            }
        }
        return records.answers
    }

    mutating func waited(_ index: Int, _ result: ChangeResult) {
        waiting -= 1
        if result.outcome == .failed { hasFailed = true }
        end(index, result)
    }

    private mutating func end(_ index: Int, _ result: ChangeResult) {
        results[steps[index].change.id] = result
        // The schedule knows already of what it skipped, and of what was given up it is not asked any more.
        if result.outcome != .skipped { schedule.finished(index, result.outcome) }
    }

    /// The log takes nothing more: the first failure counts.
    mutating func failed(_ failure: any Error) {
        if logFailure == nil { logFailure = failure }
        isRecording = false
        unrecorded = []
        announced = IndexQueue()
    }

    /// What never started.
    func skippedRest(reason: String) -> [(Change, ChangeResult)] {
        steps.enumerated().filter { results[$0.element.change.id] == nil }.map { index, step in
            (step.change, ChangeResult(.skipped, error: schedule.reason(for: index) ?? reason))
        }
    }
}
