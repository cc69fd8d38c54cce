package import KubernetesAPI
internal import Manifests
internal import Synchronization

/// Which objects of an inventory are in the state in which they were seen, told by their metadata.
package struct StandingLook: Sendable {
    /// Those that are; empty when all are.
    private let standing: Set<ObjectReference>
    /// Whether all of the inventory's are.
    package let isAll: Bool

    /// Whether a look may tell of all objects of an inventory.
    package static func canTell(_ inventory: Inventory, _ discovery: Discovery, serverVersion: String) -> Bool {
        guard !inventory.entries.isEmpty else { return false }
        var resources = EntryResources(discovery)
        return inventory.entries.allSatisfy { entry in
            guard inventory.hasSeen(entry, serverVersion: serverVersion), let resource = resources.resource(of: entry) else { return false }
            // A version alone soon says nothing of what a controller writes into.
            return entry.seen.generation != nil || SeenKinds.areQuiet(resource)
        }
    }

    /// Looks at the objects of an inventory, of all of which it can tell.
    /// - Throws: `Diagnostic` for a list that fails otherwise than for want of rights.
    package static func look(at inventory: Inventory, client: KubernetesClient, discovery: Discovery) async throws -> StandingLook {
        let entries = inventory.entries
        var resources = EntryResources(discovery)
        let wanted = entries.compactMap { entry in
            resources.resource(of: entry).map {
                Observer.Wanted(resource: $0, reference: entry.reference, isMetadataOnly: true, isSeen: true)
            }
        }
        let stands = Mutex([Bool](repeating: false, count: entries.count))
        try await Observer(client: client).look(wanted) { index, live in
            if entries[index].isSeen(live) { stands.withLock { $0[index] = true } }
        }
        let answers = stands.withLock { $0 }
        if answers.allSatisfy({ $0 }) { return StandingLook(standing: [], isAll: true) }
        let standing = zip(entries, answers).lazy.filter(\.1).map(\.0.reference)
        return StandingLook(standing: Set(standing), isAll: false)
    }

    /// Whether an object of the inventory is in the state in which it was seen.
    func stands(_ reference: ObjectReference) -> Bool { isAll || standing.contains(reference) }
}
