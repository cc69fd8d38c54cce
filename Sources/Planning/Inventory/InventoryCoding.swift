package import Manifests

extension Inventory {
    /// The form that is kept in the target: JSON with sorted keys, entries in order.
    package var encoded: Value {
        var object: Object = [
            "formatVersion": 1,
            "environment": .string(environment),
            "commit": .string(commit),
            "entries": .array(entries.sorted { $0.reference < $1.reference }.map(\.encoded)),
            "applies": .array(applies.map(\.encoded)),
        ]
        if let pending { object["pending"] = pending.encoded }
        return .object(object)
    }

    /// Reads the kept form.
    package init(decoding value: Value, at place: String) throws(Diagnostic) {
        guard value["formatVersion"]?.int == 1 else {
            throw Diagnostic(
                "the inventory has a format that this plumb does not know", object: place,
                advice: "use the version of plumb that wrote it, or a newer one")
        }
        guard let environment = value["environment"]?.string, let entries = value["entries"]?.array else {
            throw Diagnostic("this is no inventory of plumb's", object: place)
        }
        var decoded: [InventoryEntry] = []
        for entry in entries {
            guard let entry = InventoryEntry(decoding: entry) else {
                throw Diagnostic("the inventory holds an entry that names no object", object: place)
            }
            decoded.append(entry)
        }
        self.init(
            environment: environment, commit: value["commit"]?.string ?? "", entries: decoded,
            pending: value["pending"].flatMap(PendingRun.init(decoding:)),
            applies: value["applies"]?.array?.compactMap(ApplyRecord.init(decoding:)) ?? [])
    }
}

extension InventoryEntry {
    var encoded: Value {
        [
            "apiVersion": .string(apiVersion), "kind": .string(reference.kind), "namespace": .string(reference.namespace),
            "name": .string(reference.name), "uid": .string(uid), "digest": .string(digest),
        ]
    }

    init?(decoding value: Value) {
        guard let apiVersion = value["apiVersion"]?.string, let kind = value["kind"]?.string, let name = value["name"]?.string
        else { return nil }
        self.init(
            apiVersion: apiVersion,
            reference: ObjectReference(
                group: GroupVersionKind(apiVersion: apiVersion, kind: kind).group, kind: kind,
                namespace: value["namespace"]?.string ?? "", name: name),
            uid: value["uid"]?.string ?? "", digest: value["digest"]?.string ?? "")
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
            "result": .string(result),
        ]
    }

    init?(decoding value: Value) {
        guard let time = value["time"]?.string, let commit = value["commit"]?.string else { return nil }
        self.init(
            time: time, runID: value["runID"]?.string ?? "", commit: commit, actor: value["actor"]?.string ?? "",
            result: value["result"]?.string ?? "")
    }
}
