package import KubernetesAPI
package import Manifests

/// An inventory in a ConfigMap of the target.
package struct ConfigMapInventoryStore: InventoryStore {
    private static let key = "inventory"
    /// What a ConfigMap may hold (the API server's limit of 1 MiB for data).
    private static let bytesMax = 1_048_576

    private let client: KubernetesClient
    private let resource: APIResource
    private let environment: String
    private let namespace: String
    private let name: String

    /// - Throws: `Diagnostic` when the target serves no ConfigMaps.
    package init(client: KubernetesClient, discovery: Discovery, environment: String, namespace: String) throws(Diagnostic) {
        guard let resource = discovery.resource(for: GroupVersionKind(group: "", version: "v1", kind: "ConfigMap")) else {
            throw Diagnostic(
                "the target serves no ConfigMaps, in which the inventory is kept",
                advice: "set 'inventory: {file: PATH}' for the environment to keep it in a file")
        }
        self.client = client
        self.resource = resource
        self.environment = environment
        self.namespace = namespace
        name = "plumb-inventory-\(environment)"
    }

    package var place: String { "ConfigMap/\(namespace)/\(name)" }

    package func read() async throws -> StoredInventory {
        let live: Value?
        do { live = try await client.get(resource, namespace: namespace, name: name) } catch {
            throw error.diagnostic(object: place, doing: "reading the inventory")
        }
        guard let live else { return StoredInventory(inventory: Inventory(environment: environment), version: "") }
        guard let text = live.at("data", Self.key)?.string else {
            throw Diagnostic(
                "the inventory holds no data", object: place, advice: "somebody changed it; restore it, or delete it to start anew")
        }
        let value: Value
        do { value = try JSONParser.parse(Array(text.utf8)) } catch {
            throw Diagnostic(
                "the inventory is not JSON: \(error)", object: place, advice: "somebody changed it; restore it, or delete it to start anew")
        }
        return StoredInventory(
            inventory: try Inventory(decoding: value, at: place), version: live.at("metadata", "resourceVersion")?.string ?? "")
    }

    package func write(_ inventory: Inventory, replacing version: String) async throws -> String {
        let data = JSONWriter.canonical(inventory.encoded)
        guard data.count <= Self.bytesMax else {
            throw Diagnostic(
                "the inventory of \(inventory.entries.count) objects does not fit into a ConfigMap", object: place,
                advice: "split the environment, or set 'inventory: {file: PATH}'")
        }
        var metadata: Object = [
            "name": .string(name), "namespace": .string(namespace),
            "labels": ["app.kubernetes.io/managed-by": "plumb", "plumb.dev/inventory": "true"],
        ]
        if !version.isEmpty { metadata["resourceVersion"] = .string(version) }
        let body: Value = [
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": .object(metadata),
            "data": [Self.key: .string(String(decoding: data, as: UTF8.self))],
        ]
        do {
            let result =
                version.isEmpty
                ? try await client.create(resource, namespace: namespace, body: body)
                : try await client.replace(resource, namespace: namespace, name: name, body: body)
            return result.object.at("metadata", "resourceVersion")?.string ?? ""
        } catch {
            // Somebody was first, or took it away.
            if error.isConflict || error.isAlreadyExists || (error.isNotFound && !version.isEmpty) {
                throw InventoryConflict(place: place)
            }
            throw error
        }
    }

    package func remove(version: String) async throws {
        _ = try await client.delete(
            resource, namespace: namespace, name: name, options: DeleteOptions(resourceVersion: version.isEmpty ? nil : version))
    }
}
