import Manifests

/// Corrects the references of all resources, in runs side by side when there are many.
enum ReferenceFixing {
    /// From how many resources on the work is shared out.
    private static let parallelMin = 256
    private static let runs = 8

    static func run(_ map: inout ResourceMap, _ specs: [TransformerConfiguration.NameReferenceSpec]) async throws {
        for resource in map.resources where resource.kind == "RoleBinding" { _ = try Referrer(resource) }
        // Nothing was renamed: no reference can be stale.
        guard map.resources.contains(where: { !$0.previous.isEmpty }) else { return }
        let references = NameReferences(specs, resources: map.resources)
        var fields: [GroupVersionKind: [NameReferences.Field]] = [:]
        for resource in map.resources {
            let kind = resource.originalID.kind
            if fields[kind] == nil { fields[kind] = references.fields(of: kind) }
        }
        let known = fields
        let correct: @Sendable (Handover<[Resource]>) throws -> [Resource] = { run in
            var resources = run.take() ?? []
            for place in resources.indices {
                guard let fields = known[resources[place].originalID.kind], !fields.isEmpty else { continue }
                try references.correct(&resources[place], fields)
            }
            return resources
        }
        let runs = split(map.takeAll())
        let results =
            runs.count == 1
            ? [try correct(runs[0])] : try await BoundedTasks.map(runs, limit: BoundedTasks.processors) { try correct($0) }
        map.replaceAll(results.count == 1 ? results[0] : Array(results.joined()))
    }

    /// Parts of the resources that nobody else holds, to be changed in place.
    private static func split(_ resources: consuming [Resource]) -> [Handover<[Resource]>] {
        guard resources.count >= parallelMin else { return [Handover(resources)] }
        let count = resources.count
        return (0..<runs).map { Handover(Array(resources[count * $0 / runs..<count * ($0 + 1) / runs])) }
    }
}
