internal import Manifests

/// What the commit applied last rendered to, made on first use: most plans never need it.
actor PreviousManifests {
    private let request: PlanRequest
    private let preparation: DesiredPreparation
    private var rendering: Task<Rendered?, Never>?

    private struct Rendered: Sendable {
        var manifests: [ObjectReference: Manifest]
        var kinds: PlannedKinds
    }

    init(request: PlanRequest, preparation: DesiredPreparation) {
        self.request = request
        self.preparation = preparation
    }

    /// The body that was applied then; `.none` when that commit is not to be had, an inner `nil` when it had no such object.
    func body(of reference: ObjectReference) async -> Value?? {
        guard let rendered = await rendered() else { return .none }
        guard let manifest = rendered.manifests[reference] else { return .some(nil) }
        return .some((try? preparation.prepare(manifest, planned: rendered.kinds))?.body)
    }

    /// The file that defined an object then; `nil` when it is not known.
    func file(of reference: ObjectReference) async -> String? { await rendered()?.manifests[reference]?.source.file }

    /// Many ask at once; it is rendered for the first of them.
    private func rendered() async -> Rendered? {
        let task: Task<Rendered?, Never>
        if let rendering {
            task = rendering
        } else {
            task = Task { [request, preparation] in
                guard let manifests = await request.previous().map(HookNames.named) else { return nil }
                let kinds = PlannedKinds(manifests)
                var known: [ObjectReference: Manifest] = [:]
                for manifest in manifests {
                    // What the target no longer serves cannot be the cause of a difference today.
                    guard let reference = try? preparation.reference(of: manifest, planned: kinds), known[reference] == nil else {
                        continue
                    }
                    known[reference] = manifest
                }
                return Rendered(manifests: known, kinds: kinds)
            }
            rendering = task
        }
        return await task.value
    }
}
