internal import Manifests
internal import Threads

/// The thread that appends: it takes what was queued while the last group was flushed and commits it as one group.
///
/// A thread of its own, because a flush blocks for milliseconds and the shared pool has one thread a core.
final class AuditWriter: Sendable {
    typealias Answer = Result<[AuditReceipt], AuditError>

    struct Job: Sendable {
        let entries: [(entry: AuditEntry, time: Timestamp)]
        /// `nil` when nobody waits for them.
        let answer: CheckedContinuation<Answer, Never>?
    }

    struct State: Sendable {
        var jobs: [Job] = []
        var head: AuditHead
        var notes: [Diagnostic]
        /// The first failure: nothing is appended after it, so that no record is missing between two others.
        var failure: AuditError?
        var isClosing = false
        var hasEnded = false
    }

    let state: Monitor<State>
    /// More records than this go to the next group; it bounds what a power cut can tear.
    private static let groupRecordsMax = 256

    init(_ file: sending AuditFile) throws(AuditError) {
        let path = file.path
        state = Monitor(State(head: file.head, notes: file.notes))
        do {
            try SystemThread { [state] in Self.run(file, state) }.detach()
        } catch {
            throw AuditError.system("start the audit log's thread", path, errno: error.code)
        }
    }

    /// Queues records; the answer comes when they are on disk.
    /// - Returns: Why they are not taken; then no answer comes.
    func append(_ job: Job, path: String) -> AuditError? {
        state.withLock { state in
            if let failure = state.failure { return failure }
            if state.isClosing {
                return AuditError(kind: .closed, path: path, message: "the audit log is closed", advice: nil)
            }
            state.jobs.append(job)
            return nil
        }
    }

    private static func run(_ file: AuditFile, _ state: Monitor<State>) {
        while true {
            state.wait { $0.jobs.isEmpty && !$0.isClosing ? nil : () }
            guard let taken = state.withLock(takeJobs) else { continue }
            guard let jobs = taken else { break }
            let answer = commit(jobs, to: file)
            state.withLock { state in
                state.head = file.head
                state.notes = file.notes
                if case .failure(let error) = answer, state.failure == nil { state.failure = error }
            }
            var done = 0
            for job in jobs {
                let count = job.entries.count
                job.answer?.resume(returning: answer.map { Array($0[done..<(done + count)]) })
                done += count
            }
        }
        state.withLock { $0.hasEnded = true }
    }

    private static func commit(_ jobs: [Job], to file: AuditFile) -> Answer {
        let entries = jobs.flatMap(\.entries)
        // A flush alone: what came before it is on disk.
        if entries.isEmpty { return .success([]) }
        return Answer { () throws(AuditError) in try file.commit(entries) }
    }

    /// The next group; an inner `nil` when the log is closed and nothing is left, an outer one when there is nothing yet.
    private static func takeJobs(_ state: inout State) -> [Job]?? {
        if let failure = state.failure, !state.jobs.isEmpty {
            // Queued before the failure was known: refused like all that come after.
            for job in state.jobs { job.answer?.resume(returning: .failure(failure)) }
            state.jobs = []
        }
        guard !state.jobs.isEmpty else { return state.isClosing ? .some(nil) : nil }
        var records = 0
        var count = 0
        while count < state.jobs.count, count == 0 || records + state.jobs[count].entries.count <= groupRecordsMax {
            records += state.jobs[count].entries.count
            count += 1
        }
        let jobs = Array(state.jobs[..<count])
        state.jobs.removeFirst(count)
        return .some(jobs)
    }
}
