internal import Manifests

/// What the commit applied last rendered to, made on first use: most plans never need it.
actor PreviousManifests {
    private let request: PlanRequest
    private let preparation: DesiredPreparation
    private var bodies: [ObjectReference: Value]??

    init(request: PlanRequest, preparation: DesiredPreparation) {
        self.request = request
        self.preparation = preparation
    }

    /// The body that was applied then; `.none` when that commit is not to be had, an inner `nil` when it had no such object.
    func body(of reference: ObjectReference) async -> Value?? {
        if bodies == nil {
            let manifests = await request.previous()
            bodies = .some(manifests.map { prepared($0) })
        }
        guard let known = bodies ?? nil else { return .none }
        return .some(known[reference])
    }

    private func prepared(_ manifests: [Manifest]) -> [ObjectReference: Value] {
        // What the target no longer serves cannot be the cause of a difference today.
        guard let objects = try? preparation.prepare(HookNames.named(manifests)) else { return [:] }
        return Dictionary(objects.map { ($0.reference, $0.body) }) { first, _ in first }
    }
}
