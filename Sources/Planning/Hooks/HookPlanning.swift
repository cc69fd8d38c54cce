internal import KubernetesAPI
internal import Manifests

/// The hooks of an environment, told from what it keeps.
struct HookSelection: Sendable {
    /// What is kept, in the order in which it came.
    var ordinary: [DesiredObject] = []
    var hooks: [(object: DesiredObject, moments: [HookMoment], deletePolicies: [Hook.DeletePolicy])] = []
    /// What is never applied.
    var skipped: [ObjectReference] = []

    /// - Parameter isDestruction: Whether the hooks of an environment's end are wanted, and nothing else.
    /// - Throws: `Diagnostics` for annotations that cannot be read.
    init(_ objects: [DesiredObject], isDestruction: Bool) throws {
        var faults: [Diagnostic] = []
        for object in objects {
            do throws(Diagnostic) {
                switch try HookReading.read(object.manifest) {
                case .ordinary: if !isDestruction { ordinary.append(object) }
                case .skipped: skipped.append(object.reference)
                case .hook(let moments, let policies):
                    let wanted = moments.filter { ($0.occasion == .destruction) == isDestruction }
                    if wanted.isEmpty { skipped.append(object.reference) } else { hooks.append((object, wanted, policies)) }
                }
            } catch { faults.append(error) }
        }
        if !faults.isEmpty { throw Diagnostics(faults) }
    }
}

/// Plans the hooks of an apply that has changes.
struct HookPlanning: Sendable {
    let client: KubernetesClient
    let observer: Observer
    let previous: PreviousManifests
    /// Whether this environment was applied before.
    let wasApplied: Bool

    /// The hooks that run, as changes without an order yet.
    /// - Throws: `Diagnostics` for hooks that the server refuses.
    func changes(
        _ selection: HookSelection, environment: String, warnings: inout [String], deferral: (DesiredObject) -> String?
    ) async throws -> [Change] {
        var runs: [(object: DesiredObject, phases: [ChangePhase], policies: [Hook.DeletePolicy])] = []
        for hook in selection.hooks {
            let isKnown = await isKnown(hook.object.reference, moments: hook.moments)
            var phases: [ChangePhase] = []
            for moment in hook.moments where !phases.contains(moment.phase) {
                switch moment.occasion {
                case .always, .destruction: phases.append(moment.phase)
                case .first: if isKnown != true { phases.append(moment.phase) }
                case .later: if isKnown != false { phases.append(moment.phase) }
                }
            }
            if !phases.isEmpty { runs.append((hook.object, phases.sorted(), hook.deletePolicies)) }
        }
        let live = try await observer.observe(
            runs.filter { !$0.object.isOfPlannedKind }.map { .init(resource: $0.object.resource, reference: $0.object.reference) })
        var planned: [Change] = []
        var faults: [Diagnostic] = []
        for run in runs {
            let reason = deferral(run.object)
            let reference = run.object.reference
            if let there = live[reference], !TrackingID.isCarried(by: there, environment: environment, reference: reference) {
                let owner = Ownership.otherTool(of: there).map { " and is managed by \($0)" } ?? ""
                warnings.append("\(reference.id): it exists already\(owner); running this hook replaces it")
            }
            if reason == nil {
                do throws(APIError) { try await validate(run.object) } catch {
                    faults.append(RefusalText.diagnostic(error, object: run.object))
                }
            }
            for phase in run.phases {
                let hook = Hook(deletePolicies: run.policies, isRepeated: run.phases.count > 1)
                let place = ChangePlace(phase: phase, wave: try SyncWave.wave(of: run.object.manifest))
                planned.append(change(run.object, hook, place, live: live[run.object.reference], deferral: reason))
            }
        }
        if !faults.isEmpty { throw Diagnostics(faults) }
        return planned
    }

    /// Whether the commit applied last had the hook; `nil` when that cannot be told, or makes no difference.
    private func isKnown(_ reference: ObjectReference, moments: [HookMoment]) async -> Bool? {
        guard moments.contains(where: { $0.occasion == .first || $0.occasion == .later }) else { return nil }
        guard wasApplied else { return false }
        return await previous.body(of: reference).map { $0 != nil }
    }

    /// Asks the server whether it would take the object, under a name that nobody has: an object of the run before may be there.
    private func validate(_ object: DesiredObject) async throws(APIError) {
        var body = object.body
        var metadata = body["metadata"] ?? .null
        metadata["name"] = nil
        metadata["generateName"] = .string("\(object.reference.name)-")
        body["metadata"] = metadata
        _ = try await client.create(
            object.resource, namespace: object.reference.namespace, body: body,
            options: ApplyOptions(fieldManager: FieldManager.name, dryRun: true, fieldValidation: .strict))
    }

    private func change(
        _ object: DesiredObject, _ hook: Hook, _ place: ChangePlace, live: Value?, deferral: String?
    ) -> Change {
        var precondition = Precondition.absent
        if let live {
            precondition = .present(
                uid: live.at("metadata", "uid")?.string ?? "", resourceVersion: live.at("metadata", "resourceVersion")?.string ?? "",
                digest: "")
        }
        var change = Change(
            apiVersion: object.resource.apiVersion, reference: object.reference,
            action: live == nil ? .create : hook.deletes(.beforeHookCreation) ? .replace : .update, causes: [.git],
            precondition: precondition, desired: Sensitivity.masked(object.body), source: object.manifest.source,
            sensitive: Sensitivity.pointers(in: object.body), validation: deferral.map { .deferred(reason: $0, schema: nil) } ?? .server)
        change.hook = hook
        change.place = place
        return change
    }
}
