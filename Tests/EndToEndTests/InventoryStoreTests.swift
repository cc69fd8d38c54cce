import Foundation
import KubernetesAPI
import Manifests
import Planning
import Testing

/// Inventories beyond one ConfigMap, against the server's own limits: too much for a server that is not optimized and
/// serves all the other tests meanwhile, so with `PLUMB_KILL_ALL` alone.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PLUMB_KILL_ALL"] != nil)) struct InventoryStoreTests {
    private func inventory(_ count: Int, round: Int = 0) -> Inventory {
        let entries = (0..<count).map { index in
            InventoryEntry(
                apiVersion: "apps/v1",
                reference: ObjectReference(group: "apps", kind: "Deployment", namespace: "shop", name: "web-\(index)"),
                uid: UUID().uuidString.lowercased(), digest: Digest.sha256(of: Array("\(index)-\(round)".utf8)))
        }
        return Inventory(environment: "big", commit: "c\(round)", entries: entries)
    }

    private func shards(_ repository: TestRepository) async throws -> [String] {
        let list = try await repository.cluster.get("/api/v1/namespaces/\(repository.namespace)/configmaps")
        return (list?["items"]?.array ?? []).compactMap { $0.at("metadata", "name")?.string }.filter {
            $0.hasPrefix("plumb-inventory-big-")
        }
    }

    @Test func anInventoryOfTensOfThousandsIsSharded() async throws {
        try await TestRepository.with { repository in
            let cluster = try ClusterConfiguration.load(
                kubeconfig: repository.cluster.kubeconfig, context: nil, environment: [:], homeDirectory: repository.folder)
            let client = try KubernetesClient(cluster)
            defer { client.shutdown() }
            func store() -> ConfigMapInventoryStore {
                ConfigMapInventoryStore(client: client, environment: "big", namespace: repository.namespace)
            }
            let first = store()
            #expect(try await first.read().version == "")
            let big = inventory(25_000)
            let version = try await first.write(big, replacing: "")
            #expect(try await shards(repository).count >= 2)
            let read = try await store().read()
            #expect(read.version == version && JSONWriter.canonical(read.inventory.encoded) == JSONWriter.canonical(big.encoded))

            // Who read before somebody else wrote does not write over it, and leaves what is there whole.
            let second = store()
            let stale = try await second.read().version
            let next = try await first.write(inventory(25_000, round: 1), replacing: version)
            await #expect(throws: InventoryConflict.self) { try await second.write(self.inventory(24_000, round: 2), replacing: stale) }
            #expect(try await store().read().inventory.commit == "c1")

            // Small again: one text, and no shard of the one before.
            let small = try await first.write(inventory(3), replacing: next)
            #expect(try await store().read().inventory.entries.count == 3)
            let names = try await shards(repository)
            #expect(names.count <= 5, "what a writer that lost left behind goes when it is an hour old: \(names)")

            // A shard that is gone is found.
            let again = try await first.write(inventory(25_000, round: 3), replacing: small)
            let head = try await repository.cluster.get(repository.configMap("plumb-inventory-big"))
            let text = head?.at("data", "inventory")?.string ?? ""
            let shard = try #require(try await shards(repository).first { text.contains($0) })
            try await repository.cluster.delete(repository.configMap(shard))
            let error = await #expect(throws: Diagnostic.self) { try await store().read() }
            #expect(error?.advice?.contains("--rebuild") == true)
            #expect(try await store().version() == again)
            try await first.remove(version: again)
            #expect(try await repository.cluster.get(repository.configMap("plumb-inventory-big")) == nil)
        }
    }
}
