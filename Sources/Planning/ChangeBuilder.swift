internal import KubernetesAPI
internal import Manifests

/// Turns the comparison of one desired object into a change.
struct ChangeBuilder: Sendable {
    let request: PlanRequest
    let entries: EntryIndex
    let previous: PreviousManifests

    /// A change that the server was asked about.
    func change(for object: DesiredObject, live: Value?, result: ObjectComparison.Result) async -> Change {
        switch result.outcome {
        case .unchanged: return unchanged(object, uid: live?.at("metadata", "uid")?.string ?? "", digest: result.digest)
        case .created: return creation(object, result, validation: .server)
        case .deferred(let reason, let schema): return creation(object, result, validation: .deferred(reason: reason, schema: schema))
        case .changed(let differences):
            return await update(object, result, action: .update, live: live ?? .null, differences: differences)
        case .replaced(let differences, let replacement):
            var change = await update(object, result, action: .replace, live: live ?? .null, differences: differences)
            change.replacement = replacement
            if change.causes.isEmpty { change.causes = [.git] }
            for index in change.differences.indices {
                change.differences[index].forcesReplacement = replacement.fields.contains { field in
                    Self.isBelow(change.differences[index].path, field) || Self.isAbove(change.differences[index].path, field)
                }
            }
            return change
        }
    }

    /// What stays as it is: in the state that its live object is in, an apply can change nothing.
    func settled(_ object: DesiredObject, live: Value, digest: String) -> Change {
        let seen = SeenState(of: live, object.reference.groupKind, body: object.body)
        return unchanged(object, uid: live.at("metadata", "uid")?.string ?? "", digest: digest, seen: seen)
    }

    /// What stays as it is, and in the state that the inventory remembers.
    func standing(_ object: DesiredObject, entry: InventoryEntry) -> Change {
        unchanged(object, uid: entry.uid, digest: entry.digest, seen: entry.seen)
    }

    private func unchanged(_ object: DesiredObject, uid: String, digest: String, seen: SeenState = SeenState()) -> Change {
        var change = Change(
            apiVersion: object.resource.apiVersion, reference: object.reference, action: .noOp,
            precondition: .present(uid: uid, resourceVersion: "", digest: digest),
            source: object.manifest.source, chart: object.manifest.chart)
        change.seen = seen
        // What has a status is soon in another version: two plans would differ in it and in nothing else.
        if !SeenKinds.areQuiet(object.resource) { change.seen.resourceVersion = "" }
        return change
    }

    /// The server's warnings about an object, with its place.
    func warnings(about object: DesiredObject, _ result: ObjectComparison.Result) -> [String] {
        result.warnings.map { "\(object.reference.id): \(Sensitivity.redacted($0, of: object.body)) (\(object.manifest.source))" }
    }

    /// Whether a JSON Pointer stands below a field as the server names it, `spec.selector`.
    private static func isBelow(_ pointer: String, _ field: String) -> Bool {
        pointer == Self.pointer(field) || pointer.hasPrefix(Self.pointer(field) + "/")
    }

    private static func isAbove(_ pointer: String, _ field: String) -> Bool { Self.pointer(field).hasPrefix(pointer + "/") }

    private static func pointer(_ field: String) -> String {
        let tokens = field.split(whereSeparator: { $0 == "." || $0 == "[" || $0 == "]" }).map(String.init)
        return JSONPointer.text(tokens)
    }

    private func creation(_ object: DesiredObject, _ result: ObjectComparison.Result, validation: ChangeValidation) -> Change {
        var change = base(object, result, action: .create, live: nil, removed: [])
        change.validation = validation
        if let entry = entries[object.reference], !entry.uid.isEmpty {
            // We made it once and it is gone: somebody deleted it.
            change.causes = entry.digest == result.digest ? [.drift] : [.drift, .git]
        } else {
            change.causes = [.new]
        }
        return change
    }

    private func update(
        _ object: DesiredObject, _ result: ObjectComparison.Result, action: ChangeAction, live: Value, differences: [RawDifference]
    ) async -> Change {
        let entry = entries[object.reference]
        var finder = CauseFinder(desired: result.body, live: live, wasApplied: entry != nil, manager: FieldManager.name)
        let owners = differences.map(finder.owners)
        if let entry, owners.contains(where: { !finder.isOurs($0) }) {
            finder.previous = await previousBody(of: object, result, entry: entry)
        }
        var causes: Set<ChangeCause> = []
        var found: [FieldDifference] = []
        for (difference, owners) in zip(differences, owners) {
            let finding = finder.causes(of: difference, owners: owners)
            causes.formUnion(finding.causes)
            found.append(masked(difference, of: object, cause: finding.causes[0], writer: finding.writer))
        }
        var change = base(object, result, action: action, live: live, removed: differences.filter { $0.after == nil }.map(\.path))
        change.causes = causes.sorted()
        change.differences = found
        change.takeover = result.takeover
        return change
    }

    /// What was applied last. Where the manifest is as it was then there is no need to look for it; the values of a Secret are
    /// in no digest, and may be others.
    private func previousBody(of object: DesiredObject, _ result: ObjectComparison.Result, entry: InventoryEntry) async -> Value? {
        let isSame = entry.digest == result.digest
        if isSame, !Sensitivity.isSensitive(object.reference.groupKind) { return result.body }
        return await previous.body(of: object.reference) ?? nil
    }

    private func masked(_ difference: RawDifference, of object: DesiredObject, cause: ChangeCause, writer: FieldWriter?) -> FieldDifference
    {
        let isSecret =
            Sensitivity.isSensitive(object.reference.groupKind)
            && Sensitivity.isSecretPath(difference.path.map(\.token))
        return FieldDifference(
            path: difference.path.pointer, before: isSecret ? difference.before.map(Sensitivity.maskedLeaves) : difference.before,
            after: isSecret ? difference.after.map(Sensitivity.maskedLeaves) : difference.after, cause: cause,
            writer: writer, field: difference.path.fieldText)
    }

    private func base(
        _ object: DesiredObject, _ result: ObjectComparison.Result, action: ChangeAction, live: Value?, removed: [FieldPath]
    ) -> Change {
        var precondition = Precondition.absent
        if let live {
            precondition = .present(
                uid: live.at("metadata", "uid")?.string ?? "", resourceVersion: live.at("metadata", "resourceVersion")?.string ?? "",
                digest: LiveDigest.text(live: live, desired: result.body, removed: removed))
        }
        var change = Change(
            apiVersion: object.resource.apiVersion, reference: object.reference, action: action, precondition: precondition,
            desired: Sensitivity.masked(result.body), source: object.manifest.source, chart: object.manifest.chart,
            sensitive: Sensitivity.pointers(in: result.body))
        change.left = result.left
        return change
    }

    /// The digest of a manifest that inventories keep: of what is applied, secret values withheld.
    static func digest(of body: Value) -> String { Digest.sha256(of: Sensitivity.masked(body)) }
}
