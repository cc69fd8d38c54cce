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
    package static func canTell(_ inventory: Inventory, discovery: Discovery, serverVersion: String) -> Bool {
        !inventory.entries.isEmpty
            && inventory.entries.allSatisfy { entry in
                inventory.hasSeen(entry, serverVersion: serverVersion) && resource(of: entry, discovery) != nil
            }
    }

    /// Looks at the objects of an inventory, of all of which it can tell.
    /// - Throws: `Diagnostic` for a list that fails otherwise than for want of rights.
    package static func look(at inventory: Inventory, client: KubernetesClient, discovery: Discovery) async throws -> StandingLook {
        let entries = inventory.entries
        let wanted = entries.compactMap { entry in
            resource(of: entry, discovery).map {
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

    private static func resource(of entry: InventoryEntry, _ discovery: Discovery) -> APIResource? {
        discovery.resource(for: GroupVersionKind(apiVersion: entry.apiVersion, kind: entry.reference.kind))
    }

    /// Whether an object of the inventory is in the state in which it was seen.
    func stands(_ reference: ObjectReference) -> Bool { isAll || standing.contains(reference) }
}
