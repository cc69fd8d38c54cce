internal import KubernetesAPI
package import Manifests

/// Tells without asking the server that an apply could change nothing.
///
/// Server-side apply changes an object only by setting a field to another value, by removing a field that its manager
/// owned and no longer names, or by making it an owner. None of that happens when every desired field has its value in
/// the live object and our entry in managedFields names exactly the desired fields.
///
/// It walks fieldsV1 as the server sent it: thousands of objects are looked at for each that differs.
package struct UnchangedCheck: Sendable {
    let manager: String
    /// Whether the manifest is the very one that was applied last. Whoever else changes a field of ours takes it over, so
    /// what is below a field that is owned as a whole and not in the manifest is then a default of the server's. Otherwise
    /// it may be what the manifest of then had and this one has not.
    let isAsApplied: Bool

    package init(manager: String, isAsApplied: Bool) {
        self.manager = manager
        self.isAsApplied = isAsApplied
    }

    package func isUnchanged(desired: Value, live: Value) -> Bool {
        let own = (live.at("metadata", "managedFields")?.array ?? []).filter { entry in
            entry["manager"]?.string == manager && entry["operation"]?.string == "Apply" && (entry["subresource"]?.string ?? "").isEmpty
        }
        guard own.count == 1, own[0]["apiVersion"]?.string == desired["apiVersion"]?.string, let fields = own[0]["fieldsV1"]?.object,
            let body = desired.object, let liveObject = live.object
        else { return false }
        return matches(body, liveObject, fields, parent: "", skipping: Self.rootSkips)
    }

    /// Whether a live object has every field of a body that was just applied, so that another apply of it changes nothing. It may not,
    /// where the server's admission has changed a field; and what that would do next time only the server can say.
    package static func hasFields(of body: Value, _ live: Value) -> Bool {
        UnchangedCheck(manager: FieldManager.name, isAsApplied: true).isCovered(body, by: live, key: "", parent: "")
    }

    /// What identifies an object is nobody's field.
    private static let rootSkips: Set<String> = ["apiVersion", "kind"]
    private static let metadataSkips: Set<String> = ["name", "namespace"]

    /// - Parameter parent: The name of the field that holds the mapping.
    private func matches(
        _ desired: Object, _ live: Object, _ fields: Object, parent: String, skipping: Set<String> = []
    ) -> Bool {
        var owned = 0
        for member in desired where !skipping.contains(member.key) {
            let value = live[member.key]
            guard let set = Self.fields(of: member.key, in: fields)?.object else {
                // An empty list has no items that could be owned, and the server keeps nothing of it.
                guard Differ.isNothing(member.value), value.map(Differ.isNothing) ?? true else { return false }
                continue
            }
            owned += 1
            guard matches(member.value, value, set, key: member.key, parent: parent) else { return false }
        }
        return owned == fields.count - (fields["."] == nil ? 0 : 1)
    }

    /// The set at `f:name`, without making that text.
    private static func fields(of name: String, in fields: Object) -> Value? {
        for index in fields.members.indices where UTF8Order.isEqual(fields.members[index].key, afterBytes: 2, to: name) {
            guard fields.members[index].key.utf8.first == UInt8(ascii: "f") else { continue }
            return fields.members[index].value
        }
        return nil
    }

    private func matches(_ desired: Value, _ live: Value?, _ fields: Object, key: String, parent: String) -> Bool {
        // A leaf is owned as a whole: scalars, atomic lists and mappings, empty ones.
        if fields.isEmpty { return isCovered(desired, by: live, key: key, parent: parent) }
        switch (desired, live) {
        case (.object(let desired), .object(let live)):
            let isMetadata = parent.isEmpty && key == "metadata"
            return matches(desired, live, fields, parent: key, skipping: isMetadata ? Self.metadataSkips : [])
        case (.array(let desired), .array(let live)):
            return matches(desired, live, fields, key: key)
        default: return false
        }
    }

    /// A list whose items are owned one by one.
    private func matches(_ desired: [Value], _ live: [Value], _ fields: Object, key: String) -> Bool {
        let elements = fields.members.compactMap { member in
            member.key == "." ? nil : PathElement(fieldsV1Key: member.key).map { ($0, member.value.object ?? Object()) }
        }
        guard elements.count == desired.count else { return false }
        var taken: Set<Int> = []
        var place = 0
        for item in desired {
            guard let index = elements.firstIndex(where: { Self.names($0.0, item) }), taken.insert(index).inserted else { return false }
            let (element, owned) = elements[index]
            // The desired items stand in their order among the live ones: apply would move them otherwise.
            guard let found = live[place...].firstIndex(where: { Self.names(element, $0) }) else { return false }
            place = found + 1
            switch element {
            case .value: continue
            case .key:
                guard let left = item.object, let right = live[found].object else { return false }
                // The item itself is a member of the set, besides its fields.
                guard matches(left, right, owned, parent: key) else { return false }
            case .field, .index: return false
            }
        }
        return true
    }

    /// Whether a path element of a list means this item. A port that leaves its protocol out is TCP.
    private static func names(_ element: PathElement, _ item: Value) -> Bool {
        switch element {
        case .key(let key):
            key.allSatisfy { member in
                item[member.key].map { $0 == member.value } ?? (member.key == "protocol" && member.value.string == "TCP")
            }
        case .value(let value): item == value
        case .field, .index: false
        }
    }

    /// Whether a value owned as a whole is what the live object has.
    private func isCovered(_ desired: Value, by live: Value?, key: String, parent: String) -> Bool {
        guard let live else { return Differ.isNothing(desired) }
        switch (desired, live) {
        case (.object(let desired), .object(let live)):
            guard isAsApplied || live.allSatisfy({ desired[$0.key] != nil || Differ.isNothing($0.value) }) else { return false }
            return desired.allSatisfy { isCovered($0.value, by: live[$0.key], key: $0.key, parent: key) }
        case (.array(let desired), .array(let live)):
            return desired.count == live.count
                && zip(desired, live).allSatisfy { isCovered($0, by: $1, key: "", parent: key) }
        case (.null, _): return isAsApplied || Differ.isNothing(live)
        default:
            return desired.isSame(as: live) || QuantityFields.isSame(desired, live, key: key, parent: parent)
        }
    }
}

/// The fields of built-in kinds that hold quantities, which people write in more ways than the server.
enum QuantityFields {
    /// Mappings whose values are quantities: of containers, claims, volumes, quotas, limit ranges, runtime classes.
    private static let mappings: Set<String> = [
        "limits", "requests", "hard", "capacity", "default", "defaultRequest", "max", "min", "maxLimitRequestRatio", "podFixed",
    ]
    private static let scalars: Set<String> = ["sizeLimit", "capacity", "maximumVolumeSize", "averageValue", "divisor"]

    /// Whether two values of a field that holds a quantity are one quantity. The server's writing is the canonical one.
    ///
    /// Only asked where our field set equals the desired one, so that the live value is what was applied: where a custom
    /// resource has a text under one of these names, the two are equal as texts or the server is asked.
    static func isSame(_ desired: Value, _ live: Value, key: String, parent: String) -> Bool {
        guard mappings.contains(parent) || scalars.contains(key), let text = live.string else { return false }
        return Quantity.canonical(text) == text && Quantity.canonical(desired).string == text
    }
}
