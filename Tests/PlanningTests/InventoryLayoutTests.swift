import Deflate
import Manifests
import Testing

@testable import Planning

@Suite struct InventoryLayoutTests {
    /// As little alike as real ones: UIDs and digests do not compress.
    private func inventory(_ count: Int) -> Inventory {
        let entries = (0..<count).map { index -> InventoryEntry in
            let digest = Digest.sha256(of: Array("\(index)".utf8))
            return InventoryEntry(
                apiVersion: "apps/v1",
                reference: ObjectReference(group: "apps", kind: "Deployment", namespace: "shop-\(index % 7)", name: "web-\(index)"),
                uid: String(digest.suffix(36)), digest: digest,
                seen: seen(index))
        }
        var inventory = Inventory(
            environment: "production", commit: "c0ffee", entries: entries,
            pending: PendingRun(runID: "r1", planDigest: "sha256:1", commit: "c0ffee", since: "2026-01-01T00:00:00Z"),
            applies: [
                ApplyRecord(time: "2026-01-01T00:00:00Z", runID: "r0", commit: "c0", actor: "ada", result: "failed", planDigest: "sha256:0")
            ],
            repository: RepositoryIdentity(url: "example.org/shop", rootCommit: "abc"),
            heads: [InventoryHead(log: "l", sequence: 7, hash: "h", host: "ci", path: "/log", time: "2026-01-01T00:00:00Z")],
            serverVersion: "v1.36.2")
        inventory.rendering = RenderingRecord(plumbVersion: "0.1.0", defaultNamespace: "shop")
        return inventory
    }

    private func seen(_ index: Int) -> SeenState {
        let metadata: Value = ["labels": ["app": .string("web-\(index)")], "annotations": ["a/b": "c"]]
        let generation = AppliedMetadata(of: metadata).map { SeenState.Generation(Int64(index), $0) }
        switch index % 4 {
        case 0: return SeenState()
        case 1: return SeenState(resourceVersion: "\(index)")
        case 2: return SeenState(generation: generation)
        default: return SeenState(resourceVersion: "\(index)", generation: generation)
        }
    }

    private func read(_ layout: InventoryLayout) throws -> Inventory {
        let reading = InventoryReading(place: "here")
        var (inventory, names) = try reading.head(layout.head)
        #expect(names.map(\.name) == layout.shards.map(\.name))
        for (name, shard) in zip(names, layout.shards) { inventory.entries += try reading.entries(shard.bytes, of: name) }
        return inventory
    }

    @Test(arguments: [(0, 0, false), (10, 0, false), (400, 0, false), (401, 1, true), (1300, 3, true), (1001, 3, false)])
    func readsBackWhatItWrote(count: Int, shards: Int, areBeside: Bool) throws {
        var limits = InventoryLayout.Limits()
        // Lower than a ConfigMap's, which tens of thousands of objects would meet.
        if shards > 0, !areBeside { (limits.bytes, limits.entries) = (40 << 10, 400) }
        let inventory = inventory(count)
        let layout = try InventoryLayout(inventory, name: "plumb-inventory-production", limits: limits)
        #expect(layout.shards.count == shards, "\(layout.shards.map(\.bytes.count))")
        #expect(layout.head.first == UInt8(ascii: "{"), "the head is text")
        #expect(layout.areBeside == areBeside)
        #expect(layout.shards.allSatisfy { $0.bytes.count <= limits.bytes })
        let back = try read(layout)
        #expect(JSONWriter.canonical(back.encoded) == JSONWriter.canonical(inventory.encoded))
    }

    @Test func theSameInventoryHasTheSameBytes() throws {
        let limits = InventoryLayout.Limits(textEntries: 10, bytes: 5000, entries: 100)
        let first = try InventoryLayout(inventory(500), name: "n", limits: limits)
        #expect(first.shards.count >= 5)
        var shuffled = inventory(500)
        shuffled.entries.reverse()
        let second = try InventoryLayout(shuffled, name: "n", limits: limits)
        #expect(first.head == second.head && first.shards == second.shards)
        // A change in one place leaves the other shards, and their names, alone.
        var changed = inventory(500)
        changed.entries[3].uid = "another"
        let third = try InventoryLayout(changed, name: "n", limits: limits)
        #expect(Set(third.shards.map(\.name)).symmetricDifference(first.shards.map(\.name)).count == 2)
    }

    /// As it was laid out before the head was a text of its own.
    @Test func anInventoryThatIsCompressedAsAWholeIsRead() throws {
        let inventory = inventory(1000)
        let whole = try Gzip.compress(JSONWriter.canonical(inventory.encoded))
        let (back, shards) = try InventoryReading(place: "here").head(whole)
        #expect(shards.isEmpty && JSONWriter.canonical(back.encoded) == JSONWriter.canonical(inventory.encoded))
    }

    @Test func fewLongEntriesAreNoText() throws {
        var inventory = inventory(3)
        inventory.entries[0].reference.name = String(repeating: "x", count: 30_000)
        let layout = try InventoryLayout(inventory, name: "n", limits: .init(bytes: 20_000))
        #expect(layout.shards.count == 1 && layout.areBeside && layout.head.count < 2_000)
        #expect(try read(layout).entries.count == 3)
    }

    @Test func longEntriesMakeMoreShards() throws {
        let limits = InventoryLayout.Limits(textEntries: 10, bytes: 1500, entries: 100)
        let layout = try InventoryLayout(inventory(100), name: "n", limits: limits)
        #expect(layout.shards.count > 4)
        #expect(try read(layout).entries.count == 100)
    }

    @Test func whatWasChangedIsFound() throws {
        let layout = try InventoryLayout(inventory(500), name: "n", limits: .init(textEntries: 10, bytes: 5000, entries: 100))
        let reading = InventoryReading(place: "here")
        let (_, names) = try reading.head(layout.head)
        for index in stride(from: 0, to: layout.shards[0].bytes.count, by: 97) {
            var bytes = layout.shards[0].bytes
            bytes[index] ^= 1
            let error = #expect(throws: Diagnostic.self) { try reading.entries(bytes, of: names[0]) }
            #expect(error?.advice?.contains("--rebuild") == true)
        }
        // One that took another's place.
        #expect(throws: Diagnostic.self) { try reading.entries(layout.shards[1].bytes, of: names[0]) }
        for bytes in [[], Array("{}".utf8), Array("[1]".utf8), [0x1F, 0x8B], Array(layout.shards[0].bytes.prefix(40))] {
            #expect(throws: Diagnostic.self) { try reading.head(bytes) }
        }
    }

    @Test func gzipUnpacksNoMoreThanIsAllowed() throws {
        let packed = try Gzip.compress([UInt8](repeating: 0, count: 10_000_000))
        #expect(packed.count < 50_000)
        #expect(throws: Gzip.Fault.tooLarge) { try Gzip.decompress(packed, bytesMax: 1_000_000) }
        #expect(try Gzip.decompress(packed, bytesMax: 10_000_000).count == 10_000_000)
        for count in [0, 1, 65_535, 65_536, 65_537, 200_000] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
            #expect(try Gzip.decompress(Gzip.compress(bytes), bytesMax: count) == bytes)
        }
        for cut in stride(from: 0, to: packed.count, by: 501) {
            #expect(throws: Gzip.Fault.cutShort) { try Gzip.decompress(Array(packed[..<cut]), bytesMax: 20_000_000) }
        }
    }

    @Test func gzipTellsWhatIsWrong() throws {
        let one = try Gzip.compress(Array("one ".utf8))
        let two = try Gzip.compress(Array("two".utf8))
        #expect(try Gzip.decompress(one + two, bytesMax: 100) == Array("one two".utf8))
        #expect(throws: Gzip.Fault.tooLarge) { try Gzip.decompress(one + two, bytesMax: 6) }
        #expect(throws: Gzip.Fault.invalidHeader) { try Gzip.decompress(one + [1, 2, 3], bytesMax: 100) }
        #expect(throws: Gzip.Fault.invalidHeader) { try Gzip.decompress(Array("no gzip at all".utf8), bytesMax: 100) }
        #expect(throws: Gzip.Fault.cutShort) { try Gzip.decompress(one + two.dropLast(), bytesMax: 100) }
        // The checksum and the length at the end.
        for place in [one.count - 8, one.count - 4] {
            var changed = one
            changed[place] ^= 1
            #expect(throws: Gzip.Fault.invalidChecksum) { try Gzip.decompress(changed, bytesMax: 100) }
        }
        // A block of a kind that there is not, right behind the header of ten bytes.
        let corrupt = Array(one[..<10]) + [0x07]
        #expect { try Gzip.decompress(corrupt, bytesMax: 100) } throws: { "\($0)".hasPrefix("flate: corrupt input before offset 1") }
    }
}
