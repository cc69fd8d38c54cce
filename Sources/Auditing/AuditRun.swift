package import Manifests

/// How a run ended, out of the exit code that it recorded.
package enum AuditRunResult: String, CaseIterable, Sendable {
    case succeeded
    /// Some changes failed, or the run ended with an error.
    case failed
    /// Nothing was changed: the plan was stale, not approved, against a policy, or the environment was locked.
    case refused
    /// Stopped by a signal, or ended without a word: killed, power cut, or still going on.
    case interrupted

    /// `nil` is a run without a `run-finished` record. The codes are those of the commands.
    package init(exitCode: Int?) {
        self =
            switch exitCode {
            case nil, 130, 143: .interrupted
            case 0: .succeeded
            case 3, 4, 6: .refused
            default: .failed
            }
    }
}

/// One apply, as the log tells it.
package struct AuditRun: Sendable {
    package var runID: String
    package var environment: String
    package var startedAt: Timestamp
    /// `nil` when the run recorded no end.
    package var finishedAt: Timestamp?
    package var actor: String?
    package var host: String?
    package var job: String?
    package var commit: String?
    package var planDigest: String?
    package var exitCode: Int?
    /// How many changes ended with which result, in alphabetical order of the results.
    package var counts: [(result: String, count: Int)] = []

    package var result: AuditRunResult { AuditRunResult(exitCode: exitCode) }

    package var value: Value {
        var object: Object = [
            "environment": .string(environment), "result": .string(result.rawValue), "runID": .string(runID),
            "startedAt": .string(startedAt.rfc3339Microseconds),
            "counts": .object(Object(counts.map { Member(key: $0.result, value: .int(Int64($0.count))) })),
        ]
        object["finishedAt"] = finishedAt.map { .string($0.rfc3339Microseconds) }
        object["actor"] = actor.map { .string($0) }
        object["host"] = host.map { .string($0) }
        object["job"] = job.map { .string($0) }
        object["commit"] = commit.map { .string($0) }
        object["planDigest"] = planDigest.map { .string($0) }
        object["exitCode"] = exitCode.map { .int(Int64($0)) }
        return .object(object)
    }
}
