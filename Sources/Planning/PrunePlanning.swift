internal import KubernetesAPI
package import Manifests

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
            if let reason = reasonToKeep(object, entry: entry) {
                warnings.append("\(entry.reference.id): not deleted, though no longer in the repository: \(reason)")
                return keep(entry, live: object)
            }
            return deletion(entry, live: object)
        }
    }

    /// It is gone already: nothing to do but to drop it from the inventory.
    private func forget(_ entry: InventoryEntry) -> Change {
        Change(apiVersion: entry.apiVersion, reference: entry.reference, action: .noOp, precondition: .absent)
    }

    private func keep(_ entry: InventoryEntry, live: Value) -> Change {
        Change(
            apiVersion: entry.apiVersion, reference: entry.reference, action: .noOp,
            precondition: .present(uid: live.at("metadata", "uid")?.string ?? "", resourceVersion: "", digest: entry.digest))
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
        if let protection = PruneProtection.reason(live) { return protection }
        let owner = live.at("metadata", "ownerReferences")?.array?.first { $0["controller"]?.bool == true }
        if let owner { return "\(owner["kind"]?.string ?? "a controller") '\(owner["name"]?.string ?? "")' owns it" }
        return nil
    }
}

/// The annotations, of several tools, that ask to keep an object.
package enum PruneProtection {
    /// Keeps an object from being deleted, and from being replaced.
    static let preventDestroy = "plumb.dev/prevent-destroy"

    package static func reason(_ live: Value) -> String? {
        let metadata = live["metadata"]
        let rules: [(key: String, isSet: (String) -> Bool)] = [
            (preventDestroy, { $0 == "true" }),
            ("plumb.dev/prune", { $0 == "disabled" }),
            ("kustomize.toolkit.fluxcd.io/prune", { $0.lowercased() == "disabled" }),
            (
                "argocd.argoproj.io/sync-options",
                { options in
                    options.split(separator: ",").contains { option in
                        let trimmed = String(option.filter { $0 != " " })
                        return trimmed == "Prune=false" || trimmed == "Delete=false"
                    }
                }
            ),
            ("cli-utils.sigs.k8s.io/on-remove", { $0 == "keep" }),
            ("client.lifecycle.config.k8s.io/deletion", { $0 == "detach" }),
            ("helm.sh/resource-policy", { $0 == "keep" }),
        ]
        for rule in rules {
            for place in ["annotations", "labels"] {
                if let text = metadata?.at(place, rule.key)?.string, rule.isSet(text) { return "its \(rule.key) is '\(text)'" }
            }
        }
        return nil
    }
}
