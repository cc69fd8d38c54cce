internal import KubernetesAPI
internal import Manifests

/// Plans the deletion of what the inventory holds and the repository no longer has.
struct PrunePlanning: Sendable {
    let client: KubernetesClient
    let discovery: Discovery
    let request: PlanRequest

    /// Splits entries into those that can be looked for and those whose kind is not served any more, so that no object
    /// of it can be there.
    func observable(_ entries: [InventoryEntry]) throws -> (wanted: [Observer.Wanted], gone: Set<ObjectReference>) {
        var wanted: [Observer.Wanted] = []
        var gone: Set<ObjectReference> = []
        var faults: [Diagnostic] = []
        for entry in entries {
            if let resource = resource(of: entry) {
                let isMetadataOnly = MetadataOnly.isEnough(toDelete: entry.reference.groupKind)
                wanted.append(.init(resource: resource, reference: entry.reference, isMetadataOnly: isMetadataOnly))
            } else if let failure = discovery.failure(ofGroup: entry.reference.group) {
                faults.append(
                    Diagnostic(
                        "whether it is still there cannot be told: its API group does not answer (\(failure))",
                        object: entry.reference.id, advice: "mend the API group, or plan with --no-prune"))
            } else {
                gone.insert(entry.reference)
            }
        }
        if !faults.isEmpty { throw Diagnostics(faults) }
        return (wanted, gone)
    }

    private func resource(of entry: InventoryEntry) -> APIResource? {
        discovery.resource(for: GroupVersionKind(apiVersion: entry.apiVersion, kind: entry.reference.kind))
            ?? discovery.resource(for: entry.reference.groupKind)
    }

    func changes(
        for entries: [InventoryEntry], live: [ObjectReference: Value], gone: Set<ObjectReference>, warnings: inout [String]
    ) -> [Change] {
        entries.map { entry in
            guard let object = live[entry.reference], !gone.contains(entry.reference) else { return forget(entry) }
            if let other = TrackingID.environment(of: object, reference: entry.reference), other != request.environment {
                warnings.append("\(entry.reference.id): not deleted: environment '\(other)' has it now")
                return forget(entry)
            }
            if let reason = reasonToKeep(object, entry: entry) {
                warnings.append("\(entry.reference.id): not deleted, though no longer in the repository: \(reason)")
                return keep(entry)
            }
            return deletion(entry, live: object)
        }
    }

    /// It is gone already: nothing to do but to drop it from the inventory.
    private func forget(_ entry: InventoryEntry) -> Change {
        Change(apiVersion: entry.apiVersion, reference: entry.reference, action: .noOp, precondition: .absent)
    }

    /// It stays in the inventory as it was applied: taking the live object's UID for ours would let the next plan delete it.
    private func keep(_ entry: InventoryEntry) -> Change {
        Change(
            apiVersion: entry.apiVersion, reference: entry.reference, action: .noOp,
            precondition: .present(uid: entry.uid, resourceVersion: "", digest: entry.digest))
    }

    private func deletion(_ entry: InventoryEntry, live: Value) -> Change {
        Change(
            apiVersion: resource(of: entry)?.apiVersion ?? entry.apiVersion, reference: entry.reference, action: .delete,
            causes: [.git],
            precondition: .present(
                uid: live.at("metadata", "uid")?.string ?? "", resourceVersion: live.at("metadata", "resourceVersion")?.string ?? "",
                digest: Self.digest(of: live)))
    }

    /// What a deletion depends on in the live object: that it is still marked as this environment's.
    static func digest(of live: Value) -> String {
        Digest.sha256(of: live.at("metadata", "annotations", TrackingID.annotation) ?? .null)
    }

    /// An object is deleted only if inventory, UID and tracking annotation agree and nobody has asked to keep it.
    private func reasonToKeep(_ live: Value, entry: InventoryEntry) -> String? {
        guard request.prunes else { return "--no-prune" }
        if !entry.uid.isEmpty, live.at("metadata", "uid")?.string != entry.uid {
            return "it is another object of the same name (its UID is not the one that was applied)"
        }
        guard TrackingID.isCarried(by: live, environment: request.environment, reference: entry.reference) else {
            return "its annotation \(TrackingID.annotation) does not say that it is this environment's"
        }
        return PruneProtection.reason(live)
    }
}
