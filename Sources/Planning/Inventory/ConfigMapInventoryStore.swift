package import KubernetesAPI
internal import Manifests
internal import Synchronization

/// An inventory in a ConfigMap of the target, and in shards of it when it does not fit into one.
///
/// Shards are written before the head that names them and removed after the head that no longer does: a crash at any
/// point leaves the old inventory or the new one, and at worst a shard that nobody names.
package struct ConfigMapInventoryStore: InventoryStore {
    static let textKey = "inventory"
    static let binaryKey = "inventory.json.gz"
    private static let shardLabel = "plumb.dev/inventory-shard"
    /// A shard that nobody names is older than this when it is removed: a run that writes it names it within seconds.
    private static let shardAge: Duration = .seconds(3600)
    /// Between reading a head and its shards another run may have swapped them.
    private static let readingsMax = 5

    private let client: KubernetesClient
    /// What an inventory is read from before discovery has come.
    private let resource = APIResource(group: "", version: "v1", kind: "ConfigMap", plural: "configmaps", isNamespaced: true)
    private let environment: String
    private let namespace: String
    private let name: String
    private let limits: InventoryLayout.Limits
    private let parallelism = 8
    private let known = KnownShards()

    /// The shards that the head names, as far as this store has read or written it.
    private final class KnownShards: Sendable {
        let names = Mutex<Set<String>>([])
    }

    package init(client: KubernetesClient, environment: String, namespace: String) {
        self.client = client
        self.environment = environment
        self.namespace = namespace
        name = "plumb-inventory-\(environment)"
        limits = InventoryLayout.Limits()
    }

    package var place: String { "ConfigMap/\(namespace)/\(name)" }
    private var reading: InventoryReading { InventoryReading(place: place) }

    package func version() async throws -> String {
        try await live(name)?.at("metadata", "resourceVersion")?.string ?? ""
    }

    package func read(_ glimpse: @Sendable (Inventory) -> Void) async throws -> StoredInventory {
        for _ in 1..<Self.readingsMax {
            if let stored = try await readOnce(glimpse) { return stored }
        }
        throw Diagnostic("the inventory names shards that are not there", object: place, advice: InventoryReading.advice)
    }

    /// `nil` when a shard is gone, as it is when another run has just swapped the inventory.
    private func readOnce(_ glimpse: @Sendable (Inventory) -> Void) async throws -> StoredInventory? {
        guard let live = try await live(name) else {
            let nothing = Inventory(environment: environment)
            glimpse(nothing)
            return StoredInventory(inventory: nothing, version: "")
        }
        var (inventory, shards) = try reading.head(try data(of: live))
        glimpse(inventory)
        let beside = live["binaryData"] ?? .null
        let parts = try await BoundedTasks.map(shards, limit: parallelism) { shard -> [InventoryEntry]? in
            if let bytes = beside[shard.name]?.string.flatMap(Base64.decode) { return try reading.entries(bytes, of: shard) }
            guard let live = try await self.live(shard.name) else { return nil }
            return try reading.entries(try data(of: live), of: shard)
        }
        for part in parts {
            guard let part else { return nil }
            inventory.entries += part
        }
        known.names.withLock { $0 = Set(shards.map(\.name).filter { beside[$0] == nil }) }
        return StoredInventory(inventory: inventory, version: live.at("metadata", "resourceVersion")?.string ?? "")
    }

    private func live(_ name: String) async throws -> Value? {
        do { return try await client.get(resource, namespace: namespace, name: name, skipsManagedFields: true) } catch {
            // Neither the object nor its kind is there.
            guard !error.isNotFound else {
                throw Diagnostic(
                    "the target serves no ConfigMaps, in which the inventory is kept",
                    advice: "set 'inventory: {file: PATH}' for the environment to keep it in a file")
            }
            throw error.diagnostic(object: place, doing: "reading the inventory")
        }
    }

    private func data(of live: Value) throws(Diagnostic) -> [UInt8] {
        if let text = live.at("data", Self.textKey)?.string { return Array(text.utf8) }
        if let bytes = live.at("binaryData", Self.binaryKey)?.string.flatMap(Base64.decode) { return bytes }
        throw Diagnostic("the inventory holds no data", object: place, advice: InventoryReading.advice)
    }

    package func layout(_ inventory: Inventory) throws -> InventoryLayout {
        try InventoryLayout(inventory, name: name, limits: limits)
    }

    package func write(_ layout: InventoryLayout, replacing version: String) async throws -> String {
        let apart = layout.areBeside ? [] : layout.shards
        _ = try await BoundedTasks.map(apart, limit: parallelism) { try await writeShard($0) }
        let written = try await writeHead(layout.head, beside: layout.areBeside ? layout.shards : [], replacing: version)
        let kept = Set(apart.map(\.name))
        let before = known.names.withLock { names in
            defer { names = kept }
            return names
        }
        // What the head named before is removed now that it is no head any more.
        if !kept.isEmpty || !before.isEmpty { await removeShards(named: before.subtracting(kept), keeping: kept) }
        return written
    }

    private func writeShard(_ shard: InventoryLayout.Shard) async throws {
        let body = configMap(named: shard.name, bytes: shard.bytes, labels: [Self.shardLabel: .string(labelValue)], version: "")
        do { _ = try await client.create(resource, namespace: namespace, body: body) } catch {
            guard error.isAlreadyExists else { throw error }
            // The same content by its name; unless somebody changed it.
            let there = try await live(shard.name)
            if let there, (try? data(of: there)) == shard.bytes { return }
            _ = try await client.replace(resource, namespace: namespace, name: shard.name, body: body)
        }
    }

    private func writeHead(_ head: [UInt8], beside: [InventoryLayout.Shard], replacing version: String) async throws -> String {
        let body = configMap(named: name, bytes: head, beside: beside, labels: ["plumb.dev/inventory": "true"], version: version)
        do {
            let result =
                version.isEmpty
                ? try await client.create(resource, namespace: namespace, body: body)
                : try await client.replace(resource, namespace: namespace, name: name, body: body)
            return result.object.at("metadata", "resourceVersion")?.string ?? ""
        } catch {
            if let written = try await answeredLate(error, head) { return written }
            // Somebody was first, or took it away.
            if error.isConflict || error.isAlreadyExists || (error.isNotFound && !version.isEmpty) {
                throw InventoryConflict(place: place)
            }
            throw error
        }
    }

    /// The version of our own write, when its answer was lost and it was sent again, or there was none at all.
    private func answeredLate(_ error: APIError, _ head: [UInt8]) async throws -> String? {
        guard error.isConflict || error.isAlreadyExists || error.mayHaveHappened else { return nil }
        guard let live = try? await live(name), (try? data(of: live)) == head else { return nil }
        return live.at("metadata", "resourceVersion")?.string
    }

    private func configMap(
        named name: String, bytes: [UInt8], beside: [InventoryLayout.Shard] = [], labels: Object, version: String
    ) -> Value {
        var labels = labels
        labels["app.kubernetes.io/managed-by"] = "plumb"
        var metadata: Object = ["name": .string(name), "namespace": .string(namespace), "labels": .object(labels)]
        if !version.isEmpty { metadata["resourceVersion"] = .string(version) }
        var body: Object = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": .object(metadata)]
        if bytes.first == UInt8(ascii: "{") {
            body["data"] = [Self.textKey: .string(String(decoding: bytes, as: UTF8.self))]
        } else {
            body["binaryData"] = [Self.binaryKey: .string(Base64.encode(bytes))]
        }
        if !beside.isEmpty {
            body["binaryData"] = .object(Object(beside.map { Member(key: $0.name, value: .string(Base64.encode($0.bytes))) }))
        }
        return .object(body)
    }

    /// The environment as a label's value, which holds 63 characters.
    private var labelValue: String {
        environment.utf8.count <= 63 ? environment : String(Digest.sha256(of: Array(environment.utf8)).suffix(32))
    }

    /// Removes what the head named before, and what a run left behind that died before its head was written. What cannot
    /// be removed now is removed by the next run.
    private func removeShards(named names: Set<String>, keeping kept: Set<String>) async {
        var names = names
        let options = ListOptions(labelSelector: "\(Self.shardLabel)=\(labelValue)", form: .metadata)
        for item in (try? await client.list(resource, namespace: namespace, options: options).items) ?? [] {
            guard let name = item.at("metadata", "name")?.string, !kept.contains(name),
                let made = item.at("metadata", "creationTimestamp")?.string.flatMap(Timestamp.init(rfc3339:)),
                Timestamp.now().since(made) > Self.shardAge
            else { continue }
            names.insert(name)
        }
        for name in names.sorted() { _ = try? await client.delete(resource, namespace: namespace, name: name) }
    }

    package func remove(version: String) async throws {
        _ = try await client.delete(
            resource, namespace: namespace, name: name, options: DeleteOptions(resourceVersion: version.isEmpty ? nil : version))
        let names = known.names.withLock { $0 }
        if !names.isEmpty { await removeShards(named: names, keeping: []) }
    }
}
