internal import KubernetesAPI
internal import Manifests

/// Turns the comparison of one desired object into a change.
struct ChangeBuilder: Sendable {
    let request: PlanRequest
    /// The inventory's entries by what they name.
    let entries: [ObjectReference: InventoryEntry]
    let previous: PreviousManifests

    func change(
        for object: DesiredObject, live: Value?, outcome: ObjectComparison.Outcome, warnings: inout [String]
    ) async -> Change {
        switch outcome {
        case .unchanged:
            return base(object, action: .noOp, live: live, removed: [])
        case .created(let answer, let served):
            warn(served, of: object, into: &warnings)
            return creation(object, answer: answer, validation: .server)
        case .deferred(let reason):
            return creation(object, answer: object.body, validation: .deferred(reason: reason))
        case .changed(let differences, let served):
            warn(served, of: object, into: &warnings)
            return await update(object, live: live ?? .null, differences: differences, warnings: &warnings)
        }
    }

    private func warn(_ served: [String], of object: DesiredObject, into warnings: inout [String]) {
        for text in served {
            warnings.append("\(object.reference.id): \(Sensitivity.redacted(text, of: object.body)) (\(object.manifest.source))")
        }
    }

    private func creation(_ object: DesiredObject, answer: Value, validation: ChangeValidation) -> Change {
        var change = base(object, action: .create, live: nil, removed: [])
        change.validation = validation
        if let entry = entries[object.reference], !entry.uid.isEmpty {
            // We made it once and it is gone: somebody deleted it.
            change.causes = entry.digest == Self.digest(of: object) ? [.drift] : [.drift, .git]
        } else {
            change.causes = [.new]
        }
        return change
    }

    private func update(
        _ object: DesiredObject, live: Value, differences: [RawDifference], warnings: inout [String]
    ) async -> Change {
        let wasApplied = entries[object.reference] != nil
        let before = wasApplied ? await previous.body(of: object.reference) : .none
        let finder = CauseFinder(
            desired: object.body, previous: before ?? nil, live: live, wasApplied: wasApplied, manager: FieldManager.name)
        var causes: Set<ChangeCause> = []
        var found: [FieldDifference] = []
        for difference in differences {
            let (own, manager, time) = finder.causes(of: difference)
            causes.formUnion(own)
            found.append(masked(difference, of: object, cause: own[0], manager: manager, time: time))
        }
        if !wasApplied, let owner = Ownership.otherTool(of: live) {
            warnings.append("\(object.reference.id): it exists already and is managed by \(owner); applying takes it over")
        }
        var change = base(
            object, action: .update, live: live, removed: differences.filter { $0.after == nil }.map(\.path))
        change.causes = causes.sorted()
        change.differences = found
        return change
    }

    private func masked(
        _ difference: RawDifference, of object: DesiredObject, cause: ChangeCause, manager: String?, time: String?
    ) -> FieldDifference {
        let isSecret =
            Sensitivity.isSensitive(object.reference.groupKind)
            && Sensitivity.isSecretPath(difference.path.map(\.token))
        return FieldDifference(
            path: difference.path.pointer, before: isSecret ? difference.before.map(Sensitivity.maskedLeaves) : difference.before,
            after: isSecret ? difference.after.map(Sensitivity.maskedLeaves) : difference.after, cause: cause,
            manager: manager, time: time, field: difference.path.fieldText)
    }

    private func base(_ object: DesiredObject, action: ChangeAction, live: Value?, removed: [FieldPath]) -> Change {
        var precondition = Precondition.absent
        if let live {
            precondition = .present(
                uid: live.at("metadata", "uid")?.string ?? "",
                resourceVersion: action == .noOp ? "" : live.at("metadata", "resourceVersion")?.string ?? "",
                digest: action == .noOp ? Self.digest(of: object) : LiveDigest.text(live: live, desired: object.body, removed: removed))
        }
        return Change(
            apiVersion: object.resource.apiVersion, reference: object.reference, action: action, precondition: precondition,
            desired: action == .noOp ? nil : Sensitivity.masked(object.body), source: object.manifest.source,
            sensitive: action == .noOp ? [] : Sensitivity.pointers(in: object.body))
    }

    /// The digest of a manifest that inventories keep: of what is applied, secret values withheld.
    static func digest(of object: DesiredObject) -> String { Digest.sha256(of: Sensitivity.masked(object.body)) }
}
