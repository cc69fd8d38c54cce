internal import Deflate
internal import Manifests

/// The bytes of an inventory. Over ConfigMaps it is laid out as text while it is small, so that a person can read it with any
/// tool; with more entries than that these are in compressed shards, which the head names: beside it in its ConfigMap while they
/// fit, else each in one of its own.
///
/// Shards are named after their content and never change, so swapping the head swaps the whole inventory at once. The head is
/// read first and says all but the objects; the shards are read by all processors.
package struct InventoryLayout: Sendable {
    struct Shard: Hashable, Sendable {
        /// Of its ConfigMap, or of its place beside the head.
        var name: String
        /// `sha256:…` over its bytes.
        var digest: String
        var bytes: [UInt8]
    }

    /// The head's bytes: JSON, or gzip of it.
    var head: [UInt8]
    var shards: [Shard] = []
    /// Whether the shards are in the head's ConfigMap.
    var areBeside = false

    struct Limits: Sendable {
        /// Of a text.
        var textEntries = 400
        /// What a ConfigMap may hold is 1 MiB with everything around it.
        var bytes = 900 << 10
        /// Of a shard beside the head: a millisecond's work to read.
        var besideEntries = 512
        /// Of a shard with a ConfigMap of its own: some 400 KiB compressed.
        var entries = 5000
    }

    /// In one piece, whatever its size.
    init(whole text: [UInt8], isCompressed: Bool) throws(Diagnostic) { head = isCompressed ? try Self.compress(text) : text }

    /// - Throws: `Diagnostic` when an entry alone is too large to be kept.
    init(_ inventory: Inventory, name: String, limits: Limits = Limits()) throws(Diagnostic) {
        if inventory.entries.count <= limits.textEntries {
            head = JSONWriter.canonical(inventory.encoded)
            if head.count <= limits.bytes { return }
        }
        let entries = inventory.entries.sorted { $0.reference < $1.reference }
        if entries.count * Self.entryBytesMin <= limits.bytes {
            areBeside = true
            shards = try Self.shards(of: entries, each: limits.besideEntries, name: name, limits: limits)
            head = Self.head(of: inventory, shards, areBeside: true)
            guard shards.reduce(head.count, { $0 + $1.bytes.count }) > limits.bytes else { return }
            areBeside = false
        }
        shards = try Self.shards(of: entries, each: limits.entries, name: name, limits: limits)
        head = Self.head(of: inventory, shards, areBeside: false)
    }

    /// A digest and a UID, which do not compress: what has more entries than that fits into no ConfigMap, tried or not.
    private static let entryBytesMin = 48

    private static func head(of inventory: Inventory, _ shards: [Shard], areBeside: Bool) -> [UInt8] {
        var small = inventory
        small.entries = []
        var value = small.encoded
        value["formatVersion"] = .int(Int64(areBeside ? Inventory.besideFormatVersion : Inventory.shardedFormatVersion))
        value["shards"] = .array(shards.map { ["name": .string($0.name), "digest": .string($0.digest)] })
        return JSONWriter.canonical(value)
    }

    private static func shards(
        of entries: [InventoryEntry], each: Int, name: String, limits: Limits
    ) throws(Diagnostic) -> [Shard] {
        var shards: [Shard] = []
        var start = 0
        while start < entries.count {
            let end = min(start + each, entries.count)
            shards += try self.shards(of: entries[start..<end], name: name, limits: limits)
            start = end
        }
        return shards
    }

    /// One shard, or more where its entries are long.
    private static func shards(of entries: ArraySlice<InventoryEntry>, name: String, limits: Limits) throws(Diagnostic) -> [Shard] {
        let bytes = try compress(JSONWriter.canonical(["entries": .array(entries.map(\.encoded))]))
        if bytes.count > limits.bytes {
            guard entries.count > 1 else { throw Diagnostic("an entry of the inventory is too large to be kept") }
            let middle = entries.startIndex + entries.count / 2
            return try shards(of: entries[..<middle], name: name, limits: limits)
                + shards(of: entries[middle...], name: name, limits: limits)
        }
        let digest = Digest.sha256(of: bytes)
        return [Shard(name: "\(name)-\(digest.dropFirst("sha256:".count).prefix(16))", digest: digest, bytes: bytes)]
    }

    private static func compress(_ bytes: [UInt8]) throws(Diagnostic) -> [UInt8] {
        // Digests and UIDs for the most part: more effort takes twice the time for 5 % less.
        do throws(Gzip.Fault) { return try Gzip.compress(bytes, effort: .quick) } catch {
            throw Diagnostic("the inventory cannot be compressed: \(error)")
        }
    }
}

/// Reads what `InventoryLayout` wrote.
struct InventoryReading: Sendable {
    let place: String

    /// More than an inventory of a million objects unpacks to.
    private static let bytesMax = 512 << 20
    static let advice = "somebody changed it; 'plumb inventory <environment> --rebuild' makes it anew from the objects in the target"

    struct ShardName: Hashable, Sendable {
        var name: String
        var digest: String
    }

    /// The inventory as far as the head holds it, and the shards that hold its entries.
    func head(_ bytes: [UInt8]) throws(Diagnostic) -> (inventory: Inventory, shards: [ShardName]) {
        let value = try json(bytes)
        var shards: [ShardName] = []
        for shard in value["shards"]?.array ?? [] {
            guard let name = shard["name"]?.string, let digest = shard["digest"]?.string else {
                throw Diagnostic("the inventory names a shard without name or digest", object: place, advice: Self.advice)
            }
            shards.append(ShardName(name: name, digest: digest))
        }
        return (try Inventory(decoding: value, at: place), shards)
    }

    func entries(_ bytes: [UInt8], of shard: ShardName) throws(Diagnostic) -> [InventoryEntry] {
        guard Digest.sha256(of: bytes) == shard.digest else {
            throw Diagnostic("shard \(shard.name) of the inventory was changed", object: place, advice: Self.advice)
        }
        return try Inventory.entries(decoding: try json(bytes), at: place)
    }

    private func json(_ bytes: [UInt8]) throws(Diagnostic) -> Value {
        var text = bytes
        if Gzip.isGzip(bytes) {
            do throws(Gzip.Fault) { text = try Gzip.decompress(bytes, bytesMax: Self.bytesMax) } catch {
                throw Diagnostic("the inventory cannot be unpacked: \(error)", object: place, advice: Self.advice)
            }
        }
        do throws(JSONError) { return try JSONParser.parse(text) } catch {
            throw Diagnostic("the inventory is not JSON: \(error)", object: place, advice: Self.advice)
        }
    }
}
