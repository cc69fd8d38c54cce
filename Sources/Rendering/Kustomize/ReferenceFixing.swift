import Manifests

/// Corrects the references of all resources, in runs side by side when there are many.
enum ReferenceFixing {
    /// From how many resources on the work is shared out.
    private static let parallelMin = 256
    private static let runs = 8

    static func run(_ map: inout ResourceMap, _ specs: [TransformerConfiguration.NameReferenceSpec]) async throws {
        let resources = map.resources
        for resource in resources where resource.kind == "RoleBinding" { _ = try Referrer(resource) }
        // Nothing was renamed: no reference can be stale.
        guard resources.contains(where: { !$0.previous.isEmpty }) else { return }
        let references = NameReferences(specs, resources: resources)
        var fields: [GroupVersionKind: [NameReferences.Field]] = [:]
        for resource in resources {
            let kind = resource.originalID.kind
            if fields[kind] == nil { fields[kind] = references.fields(of: kind) }
        }
        let known = fields
        let correct: @Sendable (Range<Int>) throws -> [(Int, Resource)] = { range in
            var changed: [(Int, Resource)] = []
            for place in range {
                let original = resources[place]
                guard let fields = known[original.originalID.kind], !fields.isEmpty else { continue }
                var resource = original
                if try references.correct(&resource, fields) { changed.append((place, resource)) }
            }
            return changed
        }
        let results: [[(Int, Resource)]]
        if resources.count < parallelMin {
            results = [try correct(0..<resources.count)]
        } else {
            let ranges = (0..<runs).map { resources.count * $0 / runs..<resources.count * ($0 + 1) / runs }
            results = try await BoundedTasks.map(ranges, limit: runs) { try correct($0) }
        }
        var updated = resources
        for (place, resource) in results.joined() { updated[place] = resource }
        map.replaceAll(updated)
    }
}
