package import KubernetesAPI
internal import Manifests
internal import Synchronization

/// Which objects of an inventory are in the state in which they were seen, told by their metadata.
package struct StandingLook: Sendable {
    /// Those that are; empty when all are.
    private let standing: Set<ObjectReference>
    /// Whether all of the inventory's are.
    package let isAll: Bool

    /// Looks at the objects of an inventory.
    /// - Returns: `nil`, without a look, where metadata does not tell of all of them.
    /// - Throws: `Diagnostic` for a list that fails otherwise than for want of rights.
    package static func look(
        at inventory: Inventory, client: KubernetesClient, discovery: Discovery, serverVersion: String
    ) async throws -> StandingLook? {
        guard let wanted = wanted(of: inventory, discovery, serverVersion: serverVersion) else { return nil }
        let entries = inventory.entries
        let stands = Mutex([Bool](repeating: false, count: entries.count))
        try await Observer(client: client).look(wanted) { index, live in
            if entries[index].isSeen(live) { stands.withLock { $0[index] = true } }
        }
        let answers = stands.withLock { $0 }
        if answers.allSatisfy({ $0 }) { return StandingLook(standing: [], isAll: true) }
        let standing = zip(entries, answers).lazy.filter(\.1).map(\.0.reference)
        return StandingLook(standing: Set(standing), isAll: false)
    }

    /// Where the objects are, of all of which a look tells; `nil` where there is another, or none at all.
    private static func wanted(of inventory: Inventory, _ discovery: Discovery, serverVersion: String) -> [Observer.Wanted]? {
        guard !inventory.entries.isEmpty else { return nil }
        var resources = EntryResources(discovery)
        var wanted: [Observer.Wanted] = []
        wanted.reserveCapacity(inventory.entries.count)
        for entry in inventory.entries {
            guard inventory.hasSeen(entry, serverVersion: serverVersion), let resource = resources.resource(of: entry) else { return nil }
            // A version alone soon says nothing of what a controller writes into.
            guard entry.seen.generation != nil || SeenKinds.areQuiet(resource) else { return nil }
            wanted.append(Observer.Wanted(resource: resource, reference: entry.reference, isMetadataOnly: true, isSeen: true))
        }
        return wanted
    }

    /// Whether an object of the inventory is in the state in which it was seen.
    func stands(_ reference: ObjectReference) -> Bool { isAll || standing.contains(reference) }
}
