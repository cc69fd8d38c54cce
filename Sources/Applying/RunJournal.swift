package import Auditing
package import Manifests
package import Planning

/// Writes a run's records: each is on disk before what it announces is done.
package struct RunJournal: Sendable {
    private let log: AuditLog
    private let runID: String
    private let environment: String

    package init(log: AuditLog, runID: String, environment: String) {
        self.log = log
        self.runID = runID
        self.environment = environment
    }

    /// Who runs what. It is on disk when `flush` returns.
    package func started(plan: Plan, planDigest: String, actor: RunActor, approvals: [String], notes: Object = Object()) throws {
        var fields: Object = [
            "actor": .string(actor.user), "host": .string(actor.host), "planDigest": .string(planDigest),
            "planRunID": .string(plan.runID), "commit": .string(plan.source.commit), "ref": .string(plan.source.ref),
            "repository": .string(plan.source.repository), "server": .string(plan.target.server),
            "isRollback": .bool(plan.isRollback), "approvals": .array(approvals.map(Value.string)),
        ]
        for note in notes { fields[note.key] = note.value }
        if let job = actor.ciJob { fields["ciJob"] = .string(job) }
        try log.enqueue([entry(.runStarted, fields)])
    }

    /// Waits until all that was said is on disk.
    func flush() async throws { try await log.flush() }

    package func changeStarted(_ change: Change) async throws { try await record(finished: [], started: [change]) }

    package func changeFinished(_ change: Change, _ result: ChangeResult) async throws {
        try await record(finished: [(change, result)], started: [])
    }

    /// Puts down together what came of changes and which ones begin: all of it is on disk when this returns, in this order.
    func record(finished: [(Change, ChangeResult)], started: [Change]) async throws {
        try await log.append(
            finished.map { change, result in entry(.changeFinished, Self.fields(change, result)) }
                + started.map { change in
                    entry(.changeStarted, ["object": .string(change.id), "action": .string(change.action.rawValue)])
                })
    }

    private static func fields(_ change: Change, _ result: ChangeResult) -> Object {
        var fields: Object = [
            "object": .string(change.id), "action": .string(change.action.rawValue), "result": .string(result.outcome.rawValue),
            "httpStatus": .int(Int64(result.httpStatus)), "resourceVersionBefore": .string(result.resourceVersionBefore),
            "resourceVersionAfter": .string(result.resourceVersionAfter),
            "durationMilliseconds": .int(Int64(result.durationMilliseconds)),
        ]
        if let error = result.error { fields["error"] = .string(error) }
        return fields
    }

    package func waitFinished(_ change: Change, isHealthy: Bool, message: String, durationMilliseconds: Int) async throws {
        try await append(
            .waitFinished,
            [
                "object": .string(change.id), "result": .string(isHealthy ? "succeeded" : "failed"), "message": .string(message),
                "durationMilliseconds": .int(Int64(durationMilliseconds)),
            ])
    }

    /// Tells of what was done; it is on disk before the next change is made, and before the run ends.
    /// - Parameter resumes: The run that was cut short and is carried on.
    package func inventoryUpdated(place: String, version: String, count: Int, purpose: String, resumes: String? = nil) throws {
        var fields: Object = [
            "inventory": .string(place), "resourceVersion": .string(version), "objects": .int(Int64(count)),
            "purpose": .string(purpose),
        ]
        if let resumes { fields["resumes"] = .string(resumes) }
        try log.enqueue([entry(.inventoryUpdated, fields)])
    }

    /// The beginning of a command that changes what plumb keeps and no object: the repair of an inventory, the end of a lock.
    package func started(command: String, server: String, actor: RunActor) async throws {
        var fields: Object = [
            "actor": .string(actor.user), "host": .string(actor.host), "command": .string(command), "server": .string(server),
        ]
        if let job = actor.ciJob { fields["ciJob"] = .string(job) }
        try await append(.runStarted, fields)
    }

    /// How far the log goes now, as the inventory remembers it; `nil` when the log's beginning is not at hand.
    func head(host: String, time: String) -> InventoryHead? {
        guard let id = log.id(host: host) else { return nil }
        let head = log.head
        return InventoryHead(log: id, sequence: head.sequence, hash: head.hash, host: host, path: log.path, time: time)
    }

    package func finished(counts: [ChangeResult.Outcome: Int], exitCode: Int, error: String?) async throws {
        var object = Object()
        for outcome in [ChangeResult.Outcome.succeeded, .failed, .skipped, .unchanged] {
            object[outcome.rawValue] = .int(Int64(counts[outcome] ?? 0))
        }
        var fields: Object = ["counts": .object(object), "exitCode": .int(Int64(exitCode))]
        if let error { fields["error"] = .string(error) }
        try await append(.runFinished, fields)
    }

    /// Checks that this log was not cut short since a run remembered it in the inventory.
    func check(against heads: [InventoryHead], host: String) throws {
        guard !heads.isEmpty, let id = log.id(host: host), let head = heads.last(where: { $0.log == id }) else { return }
        try log.check(head: AuditHead(sequence: head.sequence, hash: head.hash))
    }

    private func append(_ type: AuditRecordType, _ fields: Object) async throws { try await log.append([entry(type, fields)]) }

    private func entry(_ type: AuditRecordType, _ fields: Object) -> AuditEntry {
        AuditEntry(type, runID: runID, environment: environment, fields: fields)
    }
}

/// Who runs plumb, where.
package struct RunActor: Hashable, Sendable {
    package var user: String
    package var host: String
    /// The CI job, as its system names it; `nil` outside of CI.
    package var ciJob: String?

    package init(user: String, host: String, ciJob: String? = nil) {
        self.user = user
        self.host = host
        self.ciJob = ciJob
    }
}
