internal import Manifests

/// What the commit applied last rendered to, made on first use: most plans never need it.
actor PreviousManifests {
    private let request: PlanRequest
    private let preparation: DesiredPreparation
    private var objects: [ObjectReference: DesiredObject]??

    init(request: PlanRequest, preparation: DesiredPreparation) {
        self.request = request
        self.preparation = preparation
    }

    /// The body that was applied then; `.none` when that commit is not to be had, an inner `nil` when it had no such object.
    func body(of reference: ObjectReference) async -> Value?? {
        guard let known = await known() else { return .none }
        return .some(known[reference]?.body)
    }

    /// The file that defined an object then; `nil` when it is not known.
    func file(of reference: ObjectReference) async -> String? { await known()?[reference]?.manifest.source.file }

    private func known() async -> [ObjectReference: DesiredObject]? {
        if objects == nil {
            let manifests = await request.previous()
            objects = .some(manifests.map { prepared($0) })
        }
        return objects ?? nil
    }

    private func prepared(_ manifests: [Manifest]) -> [ObjectReference: DesiredObject] {
        // What the target no longer serves cannot be the cause of a difference today.
        guard let objects = try? preparation.prepare(HookNames.named(manifests)) else { return [:] }
        return Dictionary(objects.map { ($0.reference, $0) }) { first, _ in first }
    }
}
