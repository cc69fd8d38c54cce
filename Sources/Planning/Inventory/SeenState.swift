internal import KubernetesAPI
package import Manifests

/// A state of a live object that needs no second look: in it the object was found to be as it had been applied.
///
/// The same resourceVersion means the same stored object (Kubernetes' API concepts, resource versions). What a controller writes
/// into is soon at another one, and is known by its generation, which counts the changes of its `spec`; its metadata is compared.
package struct SeenState: Hashable, Sendable {
    /// Empty when it tells nothing.
    package var resourceVersion: String
    /// 0 when it tells nothing.
    package var generation: Int64

    package init(resourceVersion: String = "", generation: Int64 = 0) {
        self.resourceVersion = resourceVersion
        self.generation = generation
    }

    /// What is to be remembered of a live object of a kind; nothing, of the kinds that are not known by it.
    package init(of live: Value, _ kind: GroupKind) {
        self.init()
        guard SeenKinds.areTold(kind) else { return }
        resourceVersion = live.at("metadata", "resourceVersion")?.string ?? ""
        if SeenKinds.countGenerations(kind) { generation = live.at("metadata", "generation")?.int ?? 0 }
    }

    package var isEmpty: Bool { resourceVersion.isEmpty && generation == 0 }

    /// Whether a live object is in this state, of which metadata is known.
    /// - Parameter desired: The metadata that was applied.
    func isState(of live: Value, desired: Value) -> Bool {
        guard let metadata = live["metadata"] else { return false }
        if !resourceVersion.isEmpty, metadata["resourceVersion"]?.string == resourceVersion { return true }
        return generation > 0 && metadata["generation"]?.int == generation && UnchangedCheck.hasFields(of: desired, metadata)
    }
}

extension InventoryEntry {
    /// Whether a live object, of which metadata is known, is the entry's and in the state in which it was seen.
    /// - Parameter desired: The body that was applied.
    func isSeen(_ live: Value, desired: Value) -> Bool {
        live.at("metadata", "uid")?.string == uid && seen.isState(of: live, desired: desired["metadata"] ?? .null)
    }
}

extension Inventory {
    /// Whether the state of an entry's object was seen, by a server of this version: what another has shown says nothing.
    func hasSeen(_ entry: InventoryEntry, serverVersion: String) -> Bool {
        !serverVersion.isEmpty && serverVersion == self.serverVersion && !entry.uid.isEmpty && !entry.seen.isEmpty
            && SeenKinds.areTold(entry.reference.groupKind)
    }
}
