internal import KubernetesAPI
internal import Manifests

/// Compares one desired object with its live one, by the server's own answer where a difference is possible.
struct ObjectComparison: Sendable {
    let client: KubernetesClient
    let fields: FieldPolicy
    let replacements: ReplacementPolicy
    let schemas: DeferredSchemas

    /// What an apply would do.
    enum Outcome: Sendable {
        case unchanged
        case created
        case changed([RawDifference])
        case replaced([RawDifference], Replacement)
        /// The server cannot be asked: what is applied is what is known.
        case deferred(reason: String, schema: String?)
    }

    struct Result: Sendable {
        var outcome: Outcome
        /// What is applied: the desired object without the fields that are left to others.
        var body: Value
        /// The body's (`ChangeBuilder.digest`).
        var digest: String
        /// JSON Pointers of the live fields that are left as they are.
        var left: [String] = []
        var takeover: Takeover?
        /// The server's.
        var warnings: [String] = []
    }

    /// What can be told of an object without asking the server.
    struct Examination: Sendable {
        var result: Result
        /// Whether an apply could change nothing, so that the result is the whole answer.
        var isSettled: Bool
    }

    /// Whether an object needs no look that is as it was when it was found to be as applied: it was applied as it is desired now,
    /// and nothing that its live fields say is to be known.
    func isKnown(_ desired: DesiredObject, entry: InventoryEntry) -> Bool {
        entry.digest == desired.digest && !replacements.isForced(desired.reference) && !fields.leavesAny(of: desired.reference)
    }

    /// - Parameter entry: The inventory's.
    func examine(_ desired: DesiredObject, live: Value, entry: InventoryEntry?) -> Examination {
        let (body, left) = fields.leaving(desired.body, live: live, reference: desired.reference)
        // With nothing left to others the body is the desired one.
        let digest = left.isEmpty ? desired.digest : ChangeBuilder.digest(of: body)
        var result = Result(outcome: .unchanged, body: body, digest: digest, left: left)
        if entry == nil { result.takeover = OwnershipMigration.takeover(of: live) }
        guard result.takeover == nil, !replacements.isForced(desired.reference) else {
            return Examination(result: result, isSettled: false)
        }
        let isAsApplied = entry.map { !$0.uid.isEmpty && $0.digest == digest } ?? false
        let check = UnchangedCheck(manager: FieldManager.name, isAsApplied: isAsApplied)
        return Examination(result: result, isSettled: check.isUnchanged(desired: body, live: live))
    }

    /// Asks the server about an object that is there.
    /// - Parameter examined: What `examine` found out.
    /// - Throws: `APIError` when the server refuses the object; `Diagnostics` when a policy does.
    func compare(_ desired: DesiredObject, live: Value, examined: Result) async throws -> Result {
        var result = examined
        if replacements.isForced(desired.reference) {
            try await replace(desired, live: live, refusal: nil, into: &result)
            return result
        }
        do {
            let answer = try await dryRun(desired, live: live, result: &result)
            let differences = Differ.differences(before: live, after: answer)
            if !differences.isEmpty { result.outcome = .changed(differences) }
        } catch let refusal as APIError where refusal.status == 422 {
            try await replace(desired, live: live, refusal: refusal, into: &result)
        }
        return result
    }

    /// Asks the server about an object that is not there.
    /// - Parameter deferral: Why it cannot be asked yet.
    func creation(_ desired: DesiredObject, deferral: String?) async throws -> Result {
        if let deferral {
            let schema = try await schemas.check(desired)
            return Result(outcome: .deferred(reason: deferral, schema: schema), body: desired.body, digest: desired.digest)
        }
        let answer = try await apply(desired, body: desired.body, force: true)
        return Result(outcome: .created, body: desired.body, digest: desired.digest, warnings: answer.warnings)
    }

    private func apply(_ desired: DesiredObject, body: Value, force: Bool) async throws(APIError) -> WriteResult {
        try await client.apply(
            desired.resource, namespace: desired.reference.namespace, name: desired.reference.name, body: body,
            options: ApplyOptions(fieldManager: FieldManager.name, force: force, dryRun: true, fieldValidation: .strict))
    }

    /// The object as the server would make it, with the fields that an apply takes over removed with their owner.
    private func dryRun(_ desired: DesiredObject, live: Value, result: inout Result) async throws -> Value {
        let answer =
            fields.asksForConflicts(desired.reference)
            ? try await applyWithoutForce(desired, live: live, result: &result)
            : try await apply(desired, body: result.body, force: true)
        result.warnings = answer.warnings
        let orphans = OwnershipMigration.orphans(in: live, body: result.body, managers: result.takeover?.managers ?? [])
        guard !orphans.isEmpty else { return answer.object }
        var whole = answer.object
        // From the end, so that places in lists stay what they are.
        for path in orphans.reversed() { whole.remove(at: path) }
        whole["metadata"]?["managedFields"] = nil
        whole["metadata"]?["resourceVersion"] = live.at("metadata", "resourceVersion")
        let replaced = try await client.replace(
            desired.resource, namespace: desired.reference.namespace, name: desired.reference.name, body: whole,
            options: ApplyOptions(fieldManager: FieldManager.name, dryRun: true, fieldValidation: .strict))
        return replaced.object
    }

    /// How often fields are left out and the rest is tried again: each time brings all conflicts there are, but a field that
    /// is left may show another.
    private static let conflictRoundsMax = 4

    /// Asks without force, and does with each conflict what the policy says.
    private func applyWithoutForce(_ desired: DesiredObject, live: Value, result: inout Result) async throws -> WriteResult {
        for _ in 0..<Self.conflictRoundsMax {
            do throws(APIError) {
                return try await apply(desired, body: result.body, force: false)
            } catch {
                guard error.isFieldManagerConflict else { throw error }
                let left = try leave(error, desired: desired, live: live, result: &result)
                if !left { return try await apply(desired, body: result.body, force: true) }
            }
        }
        return try await apply(desired, body: result.body, force: true)
    }

    /// - Returns: Whether a field was left out; `false` when all that is in conflict may be taken.
    private func leave(_ error: APIError, desired: DesiredObject, live: Value, result: inout Result) throws -> Bool {
        guard let conflicts = FieldConflict.conflicts(in: error, body: result.body, live: live) else { throw error }
        let taken = Set(result.takeover?.managers ?? [])
        var faults: [Diagnostic] = []
        var leaver = FieldLeaver(desired: result.body, live: live)
        var hasLeft = false
        for conflict in conflicts {
            // What a tool owns that hands its object over is no conflict.
            if !conflict.owners.isEmpty, conflict.owners.allSatisfy({ taken.contains($0.manager) }) { continue }
            switch fields.policy(of: conflict.path, in: desired.body, reference: desired.reference) {
            case .take: continue
            case .leave:
                leaver.leave(conflict.path)
                hasLeft = true
            case .fail:
                faults.append(
                    Diagnostic(
                        "\(conflict.path.fieldText) has another value, and field manager \(conflict.ownersText) owns it",
                        at: desired.manifest.source, object: desired.reference.id,
                        advice:
                            "take the field out of the manifest, or let the configuration take or leave it (conflicts, ignoreDifferences)"))
            }
        }
        if !faults.isEmpty { throw Diagnostics(faults) }
        let (body, left) = leaver.result
        guard hasLeft, body != result.body else { return false }
        result.body = body
        result.digest = ChangeBuilder.digest(of: body)
        result.left = Set(result.left).union(left).sorted(by: UTF8Order.isLess)
        return true
    }

    /// Turns a refusal of the change into a replacement where that is allowed.
    /// - Parameter refusal: `nil` when the replacement was asked for.
    private func replace(_ desired: DesiredObject, live: Value, refusal: APIError?, into result: inout Result) async throws {
        let reference = desired.reference
        var replacement = Replacement(reason: "its replacement was asked for", fields: [])
        var answer: Value
        if let refusal {
            let check = ReplacementCheck(client: client)
            guard case .immutable(let found, let made) = await check.examine(desired, body: result.body, refusal: refusal) else {
                throw refusal
            }
            (replacement, answer) = (found, made)
        } else {
            answer = result.body
        }
        let text = replacement.reason
        if let obstacle = ReplacementPolicy.obstacle(reference, manifest: desired.body, live: live) {
            throw Diagnostics([
                Diagnostic(
                    "cannot be changed in place (\(text)), and is not replaced: \(obstacle)", at: desired.manifest.source,
                    object: reference.id, advice: "take the change back, or delete the object yourself")
            ])
        }
        guard replacements.isAllowed(reference, manifest: desired.body) else {
            let lost = ChangeDanger.dangers(
                of: Change(apiVersion: desired.resource.apiVersion, reference: reference, action: .replace, precondition: .absent))
            throw Diagnostics([
                Diagnostic(
                    "cannot be changed in place: \(text)", at: desired.manifest.source, object: reference.id,
                    advice: "take the change back, or let it be replaced (\(lost.joined(separator: "; "))): with the annotation "
                        + "\(ReplacementPolicy.annotation): \(ReplacementPolicy.allowedText), with --allow-replace \(reference.id), "
                        + "or with allowReplace in the configuration")
            ])
        }
        result.outcome = .replaced(Self.differences(live: live, made: answer, body: result.body), replacement)
    }

    /// What a replaced object differs in by our doing: in what the repository says, and in what we set and it no longer
    /// says. What the server gives each object anew (addresses, labels of a job) is no change.
    private static func differences(live: Value, made: Value, body: Value) -> [RawDifference] {
        let own = ManagedFieldsEntry.entries(of: live).filter { $0.manager == FieldManager.name && $0.operation == .apply }
        return Differ.differences(before: live, after: made).filter { difference in
            if body.value(at: difference.path) != nil { return true }
            guard difference.after == nil else { return false }
            return !ManagedFieldsEntry.owners(of: difference.path.pointer(in: live), in: live, entries: own).isEmpty
        }
    }
}
