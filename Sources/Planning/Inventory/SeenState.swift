internal import KubernetesAPI
package import Manifests

/// A state of a live object that needs no second look: in it the object was found to be as it had been applied.
///
/// The same resourceVersion means the same stored object (Kubernetes' API concepts, resource versions). What a controller writes
/// into is soon at another one, and is known by its generation, which counts the changes of its `spec`, with the metadata that was
/// applied.
package struct SeenState: Hashable, Sendable {
    /// Empty when it tells nothing.
    package var resourceVersion: String
    /// `nil` when it tells nothing.
    package var generation: Generation?

    /// A generation, which says nothing of metadata, with the metadata that was applied.
    package struct Generation: Hashable, Sendable {
        package var number: Int64
        package var metadata: AppliedMetadata

        package init(_ number: Int64, _ metadata: AppliedMetadata) {
            self.number = number
            self.metadata = metadata
        }
    }

    package init(resourceVersion: String = "", generation: Generation? = nil) {
        self.resourceVersion = resourceVersion
        self.generation = generation
    }

    /// What is to be remembered of a live object of a kind; nothing, of the kinds that are not known by it.
    /// - Parameter body: What was applied to it.
    package init(of live: Value, _ kind: GroupKind, body: Value) {
        self.init()
        guard SeenKinds.areTold(kind) else { return }
        resourceVersion = live.at("metadata", "resourceVersion")?.string ?? ""
        if SeenKinds.countGenerations(kind), let number = live.at("metadata", "generation")?.int, number > 0 {
            generation = body["metadata"].flatMap(AppliedMetadata.init(of:)).map { Generation(number, $0) }
        }
    }

    package var isEmpty: Bool { resourceVersion.isEmpty && generation == nil }

    /// Whether a live object is in this state, of which metadata is known.
    func isState(of live: Value) -> Bool {
        guard let metadata = live["metadata"] else { return false }
        if !resourceVersion.isEmpty, metadata["resourceVersion"]?.string == resourceVersion { return true }
        guard let generation else { return false }
        return metadata["generation"]?.int == generation.number && generation.metadata.isHeld(by: metadata)
    }
}

extension InventoryEntry {
    /// Whether a live object, of which metadata is known, is the entry's and in the state in which it was seen.
    func isSeen(_ live: Value) -> Bool { live.at("metadata", "uid")?.string == uid && seen.isState(of: live) }

    /// Whether the digest tells all of what was applied; the values of a Secret are in none.
    var isToldByDigest: Bool { !Sensitivity.isSensitive(reference.groupKind) }
}

extension Inventory {
    /// Whether the state of an entry's object was seen, by a server of this version: what another has shown says nothing.
    ///
    /// That the object is as it was does not say that it is as it is desired now: the manifest may be another.
    func hasSeen(_ entry: InventoryEntry, serverVersion: String) -> Bool {
        !serverVersion.isEmpty && serverVersion == self.serverVersion && !entry.uid.isEmpty && !entry.seen.isEmpty
            && SeenKinds.areTold(entry.reference.groupKind)
    }
}
