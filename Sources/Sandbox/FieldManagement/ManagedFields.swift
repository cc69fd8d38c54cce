import Manifests

/// Who manages which fields of an object: `metadata.managedFields`, read.
struct ManagedFields: Hashable, Sendable {
    /// What tells entries apart. An Apply entry of a manager has one version at a time, so its version is no part of it.
    struct Manager: Hashable, Sendable {
        var name: String
        var isApply: Bool
        var subresource: String
        var apiVersion: String

        static func == (left: Manager, right: Manager) -> Bool {
            left.name == right.name && left.isApply == right.isApply && left.subresource == right.subresource
                && (left.isApply || left.apiVersion == right.apiVersion)
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(name)
            hasher.combine(isApply)
            hasher.combine(subresource)
            if !isApply { hasher.combine(apiVersion) }
        }
    }

    struct Entry: Hashable, Sendable {
        var manager: Manager
        var set: FieldSet
        /// RFC 3339, whole seconds; the scale subresource leaves it out.
        var time: String?
    }

    var entries: [Entry] = []

    var isEmpty: Bool { entries.isEmpty }

    func index(of manager: Manager) -> Int? { entries.firstIndex { $0.manager == manager } }

    /// Reads `metadata.managedFields`; what is no entry of format FieldsV1 is skipped.
    init(_ value: Value?) {
        for entry in value?.array ?? [] {
            guard let operation = entry["operation"]?.string else { continue }
            entries.append(
                Entry(
                    manager: Manager(
                        name: entry["manager"]?.string ?? "", isApply: operation == "Apply",
                        subresource: entry["subresource"]?.string ?? "", apiVersion: entry["apiVersion"]?.string ?? ""),
                    set: FieldSet(fieldsV1: entry["fieldsV1"] ?? .null), time: entry["time"]?.string))
        }
    }

    init(entries: [Entry] = []) { self.entries = entries }

    /// Writes the entries in the server's order: Apply before Update, then by time, manager, version, subresource.
    var value: Value? {
        if entries.isEmpty { return nil }
        let sorted = entries.sorted { left, right in
            let (a, b) = (left.manager, right.manager)
            if a.isApply != b.isApply { return a.isApply }
            if left.time != right.time { return (left.time ?? "") < (right.time ?? "") }
            return (a.name, a.apiVersion, a.subresource) < (b.name, b.apiVersion, b.subresource)
        }
        return .array(sorted.map(Self.value))
    }

    private static func value(_ entry: Entry) -> Value {
        var object: Object = [
            "apiVersion": .string(entry.manager.apiVersion), "fieldsType": "FieldsV1", "fieldsV1": entry.set.fieldsV1,
            "manager": .string(entry.manager.name), "operation": entry.manager.isApply ? "Apply" : "Update",
        ]
        if !entry.manager.subresource.isEmpty { object["subresource"] = .string(entry.manager.subresource) }
        if let time = entry.time { object["time"] = .string(time) }
        return .object(object)
    }
}
