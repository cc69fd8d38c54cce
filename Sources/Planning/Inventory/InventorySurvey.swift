package import KubernetesAPI
package import Manifests

/// Looks through a whole target for the objects that carry an environment's tracking annotation, to mend an inventory that
/// was lost or changed.
package struct InventorySurvey: Sendable {
    private let client: KubernetesClient
    private let discovery: Discovery
    private let environment: String
    /// Where the environment's own inventory is kept; others of the same name may be kept elsewhere.
    private let place: String
    private let namespaces: Set<String>?
    private let parallelism: Int

    /// - Parameters:
    ///   - place: Of the environment's own inventory.
    ///   - namespaces: Where its objects may be; `nil` for all. The annotation does not tell environments of one name apart
    ///     that are kept in different namespaces of one target.
    package init(
        client: KubernetesClient, discovery: Discovery, environment: String, place: String, namespaces: Set<String>?, parallelism: Int = 8
    ) {
        self.client = client
        self.discovery = discovery
        self.environment = environment
        self.place = place
        self.namespaces = namespaces
        self.parallelism = parallelism
    }

    /// What is in the target.
    package struct Found: Sendable {
        package init() {}

        /// Objects whose annotation names this environment and themselves, in order.
        package var entries: [InventoryEntry] = []
        /// Objects with an annotation of this environment that names another object: copies that a controller made.
        package var copies: [ObjectReference] = []
        /// Objects in namespaces that were not to be looked at.
        package var outside: [ObjectReference] = []
        /// Objects that another inventory has, of an environment of the same name kept elsewhere in the target.
        package var claimed: [ObjectReference] = []
        /// Kinds that could not be listed, with the reason.
        package var unread: [(kind: GroupKind, reason: String)] = []
        /// How many kinds were listed.
        package var kinds = 0
    }

    /// Lists every kind that the target serves and lets us list.
    package func find() async throws -> Found {
        var found = Found()
        let resources = discovery.resources.filter { resource in
            resource.verbs.contains("list") && discovery.resource(for: resource.groupVersionKind.groupKind) == resource
        }
        let lists = try await BoundedTasks.map(resources, limit: parallelism) { resource -> Result<[Value], APIError> in
            do throws(APIError) {
                return .success(
                    try await client.list(resource, options: ListOptions(form: .metadata, skipsManagedFields: true)).items)
            } catch {
                if error.isCancelled { throw error }
                return .failure(error)
            }
        }
        for (resource, list) in zip(resources, lists) {
            switch list {
            case .success(let items):
                found.kinds += 1
                for item in items { note(item, resource: resource, in: &found) }
            case .failure(let error): found.unread.append((resource.groupVersionKind.groupKind, error.message))
            }
        }
        for (group, reason) in discovery.failedGroups.sorted(by: { $0.key < $1.key }) {
            found.unread.append((GroupKind(group: String(group.prefix { $0 != "/" }), kind: "*"), reason))
        }
        let others = try await claims()
        found.claimed = found.entries.map(\.reference).filter { others.contains($0) }.sorted()
        found.entries = found.entries.filter { !others.contains($0.reference) }.sorted { $0.reference < $1.reference }
        found.copies.sort()
        found.outside.sort()
        return found
    }

    /// What the other inventories of environments of this name hold.
    private func claims() async throws -> Set<ObjectReference> {
        guard let resource = discovery.resource(for: GroupVersionKind(group: "", version: "v1", kind: "ConfigMap")) else { return [] }
        let maps = try await client.list(
            resource, options: ListOptions(labelSelector: "plumb.dev/inventory=true", form: .metadata, skipsManagedFields: true)
        ).items
        var claims: Set<ObjectReference> = []
        for map in maps where map.at("metadata", "name")?.string == "plumb-inventory-\(environment)" {
            let store = ConfigMapInventoryStore(
                client: client, environment: environment, namespace: map.at("metadata", "namespace")?.string ?? "")
            guard store.place != place else { continue }
            // One that cannot be read claims nothing that could be told.
            let inventory = try? await store.read().inventory
            claims.formUnion(inventory?.entries.map(\.reference) ?? [])
        }
        return claims
    }

    private func note(_ item: Value, resource: APIResource, in found: inout Found) {
        guard let tracking = item.at("metadata", "annotations", TrackingID.annotation)?.string,
            tracking.hasPrefix("\(environment):"), let name = item.at("metadata", "name")?.string
        else { return }
        let reference = ObjectReference(
            group: resource.group, kind: resource.kind, namespace: item.at("metadata", "namespace")?.string ?? "", name: name)
        guard TrackingID.isCarried(by: item, environment: environment, reference: reference) else {
            found.copies.append(reference)
            return
        }
        if let namespaces, !reference.namespace.isEmpty, !namespaces.contains(reference.namespace) {
            found.outside.append(reference)
            return
        }
        found.entries.append(
            InventoryEntry(
                apiVersion: resource.apiVersion, reference: reference, uid: item.at("metadata", "uid")?.string ?? "", digest: ""))
    }
}

/// What a survey makes of an inventory.
package struct InventoryRebuild: Sendable {
    /// The inventory as it is to be written.
    package var inventory: Inventory
    /// In the target, and not in the inventory until now.
    package var added: [ObjectReference] = []
    /// In the inventory, and not in the target.
    package var gone: [ObjectReference] = []
    /// In both, as another object: deleted and made anew, or restored from a backup.
    package var remade: [ObjectReference] = []
    /// In the inventory, of a kind that could not be listed: kept as they are.
    package var kept: [ObjectReference] = []

    package var changesAnything: Bool { !added.isEmpty || !gone.isEmpty || !remade.isEmpty }

    /// - Parameter inventory: As it was read; `nil` when it cannot be read.
    package init(_ inventory: Inventory?, environment: String, found: InventorySurvey.Found) {
        var known = Dictionary((inventory?.entries ?? []).map { ($0.reference, $0) }) { first, _ in first }
        self.inventory = inventory ?? Inventory(environment: environment)
        var entries: [InventoryEntry] = []
        for entry in found.entries {
            guard var old = known.removeValue(forKey: entry.reference) else {
                added.append(entry.reference)
                entries.append(entry)
                continue
            }
            if old.uid != entry.uid {
                if !old.uid.isEmpty { remade.append(entry.reference) }
                old.uid = entry.uid
                old.seen = SeenState()
            }
            entries.append(old)
        }
        let unread = Set(found.unread.map(\.kind))
        let outside = Set(found.outside)
        for (reference, entry) in known.sorted(by: { $0.key < $1.key }) {
            if outside.contains(reference) || unread.contains(reference.groupKind)
                || unread.contains(GroupKind(group: reference.group, kind: "*"))
            {
                kept.append(reference)
                entries.append(entry)
            } else {
                gone.append(reference)
            }
        }
        self.inventory.entries = entries.sorted { $0.reference < $1.reference }
        // What is in the target need not be all that the commit says.
        self.inventory.rendering = nil
    }
}
