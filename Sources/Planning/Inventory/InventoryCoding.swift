package import Manifests

extension Inventory {
    /// Of inventories in one piece.
    static let formatVersion = 1
    /// Of inventories whose entries are in shards: who knows the first alone would take them for empty.
    static let shardedFormatVersion = 2
    /// Of inventories whose shards stand beside the head.
    static let besideFormatVersion = 3

    /// The form that is kept in the target: JSON with sorted keys, entries in order.
    package var encoded: Value {
        var object: Object = [
            "formatVersion": .int(Int64(Self.formatVersion)),
            "environment": .string(environment),
            "commit": .string(commit),
            "entries": .array(entries.sorted { $0.reference < $1.reference }.map(\.encoded)),
            "applies": .array(applies.map(\.encoded)),
        ]
        if let pending { object["pending"] = pending.encoded }
        if let repository { object["repository"] = repository.encoded }
        if !heads.isEmpty { object["auditHeads"] = .array(heads.map(\.encoded)) }
        if !serverVersion.isEmpty { object["serverVersion"] = .string(serverVersion) }
        if let rendering { object["rendering"] = rendering.encoded }
        return .object(object)
    }

    /// Reads the kept form.
    package init(decoding value: Value, at place: String) throws(Diagnostic) {
        guard let format = value["formatVersion"]?.int else {
            throw Diagnostic("this is no inventory of plumb's", object: place, advice: InventoryReading.advice)
        }
        guard [Self.formatVersion, Self.shardedFormatVersion, Self.besideFormatVersion].contains(Int(clamping: format)) else {
            throw Diagnostic(
                "the inventory has a format that this plumb does not know", object: place,
                advice: "use the version of plumb that wrote it, or a newer one")
        }
        guard let environment = value["environment"]?.string else {
            throw Diagnostic("this is no inventory of plumb's", object: place, advice: InventoryReading.advice)
        }
        self.init(
            environment: environment, commit: value["commit"]?.string ?? "", entries: try Self.entries(decoding: value, at: place),
            pending: value["pending"].flatMap(PendingRun.init(decoding:)),
            applies: value["applies"]?.array?.compactMap(ApplyRecord.init(decoding:)) ?? [],
            repository: value["repository"].flatMap(RepositoryIdentity.init(decoding:)),
            heads: value["auditHeads"]?.array?.compactMap(InventoryHead.init(decoding:)) ?? [],
            serverVersion: value["serverVersion"]?.string ?? "")
        rendering = value["rendering"].flatMap(RenderingRecord.init(decoding:))
    }

    /// The entries of an inventory, or of a shard of one.
    static func entries(decoding value: Value, at place: String) throws(Diagnostic) -> [InventoryEntry] {
        guard let entries = value["entries"]?.array else {
            throw Diagnostic("this is no inventory of plumb's", object: place, advice: InventoryReading.advice)
        }
        var decoded: [InventoryEntry] = []
        decoded.reserveCapacity(entries.count)
        for entry in entries {
            guard let entry = InventoryEntry(decoding: entry) else {
                throw Diagnostic("the inventory holds an entry that names no object", object: place, advice: InventoryReading.advice)
            }
            decoded.append(entry)
        }
        return decoded
    }
}

extension RepositoryIdentity {
    package var encoded: Value { ["url": .string(url), "rootCommit": .string(rootCommit)] }

    package init?(decoding value: Value) {
        self.init(url: value["url"]?.string ?? "", rootCommit: value["rootCommit"]?.string ?? "")
        if isEmpty { return nil }
    }
}

extension InventoryHead {
    var encoded: Value {
        [
            "log": .string(log), "sequence": .int(Int64(sequence)), "hash": .string(hash), "host": .string(host),
            "path": .string(path), "time": .string(time),
        ]
    }

    init?(decoding value: Value) {
        guard let log = value["log"]?.string, let sequence = value["sequence"]?.int, let hash = value["hash"]?.string else { return nil }
        self.init(
            log: log, sequence: Int(clamping: sequence), hash: hash, host: value["host"]?.string ?? "",
            path: value["path"]?.string ?? "", time: value["time"]?.string ?? "")
    }
}

extension InventoryEntry {
    var encoded: Value {
        // In the order that they are written in.
        var object: Object = [
            "apiVersion": .string(apiVersion), "digest": .string(digest),
        ]
        if let generation = seen.generation { object["generation"] = .int(generation.number) }
        object["kind"] = .string(reference.kind)
        if let generation = seen.generation { object["metadata"] = generation.metadata.encoded }
        object["name"] = .string(reference.name)
        object["namespace"] = .string(reference.namespace)
        if !seen.resourceVersion.isEmpty { object["resourceVersion"] = .string(seen.resourceVersion) }
        object["uid"] = .string(uid)
        return .object(object)
    }

    init?(decoding value: Value) {
        guard let apiVersion = value["apiVersion"]?.string, let kind = value["kind"]?.string, let name = value["name"]?.string
        else { return nil }
        self.init(
            apiVersion: apiVersion,
            reference: ObjectReference(
                group: GroupVersionKind(apiVersion: apiVersion, kind: kind).group, kind: kind,
                namespace: value["namespace"]?.string ?? "", name: name),
            uid: value["uid"]?.string ?? "", digest: value["digest"]?.string ?? "",
            seen: SeenState(decoding: value))
    }
}

extension PendingRun {
    var encoded: Value {
        var object: Object = [
            "runID": .string(runID), "planDigest": .string(planDigest), "commit": .string(commit), "since": .string(since),
        ]
        if hooksEnded { object["hooksEnded"] = true }
        return .object(object)
    }

    init?(decoding value: Value) {
        guard let runID = value["runID"]?.string, let planDigest = value["planDigest"]?.string else { return nil }
        self.init(
            runID: runID, planDigest: planDigest, commit: value["commit"]?.string ?? "", since: value["since"]?.string ?? "")
        hooksEnded = value["hooksEnded"]?.bool ?? false
    }
}

extension ApplyRecord {
    var encoded: Value {
        [
            "time": .string(time), "runID": .string(runID), "commit": .string(commit), "actor": .string(actor),
            "result": .string(result), "planDigest": .string(planDigest),
        ]
    }

    init?(decoding value: Value) {
        guard let time = value["time"]?.string, let commit = value["commit"]?.string else { return nil }
        self.init(
            time: time, runID: value["runID"]?.string ?? "", commit: commit, actor: value["actor"]?.string ?? "",
            result: value["result"]?.string ?? "", planDigest: value["planDigest"]?.string ?? "")
    }
}
