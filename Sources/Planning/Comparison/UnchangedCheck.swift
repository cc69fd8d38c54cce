internal import KubernetesAPI
package import Manifests

/// Tells without asking the server that an apply could change nothing.
///
/// Server-side apply changes an object only by setting a field to another value, by removing a field that its manager
/// owned and no longer names, or by making it an owner. None of that happens when every desired field has its value in
/// the live object and our entry in managedFields names exactly the desired fields.
package enum UnchangedCheck {
    package static func isUnchanged(desired: Value, live: Value, manager: String) -> Bool {
        let own = ManagedFieldsEntry.entries(of: live).filter {
            $0.manager == manager && $0.operation == .apply && $0.subresource.isEmpty
        }
        guard own.count == 1, own[0].apiVersion == desired["apiVersion"]?.string else { return false }
        guard var body = desired.object, let liveObject = live.object else { return false }
        // What identifies an object is nobody's field.
        body["apiVersion"] = nil
        body["kind"] = nil
        body.update("metadata") { metadata in
            guard case .object(var fields) = metadata else { return }
            fields["name"] = nil
            fields["namespace"] = nil
            metadata = .object(fields)
        }
        if body["metadata"]?.object?.isEmpty == true { body["metadata"] = nil }
        return matches(body, liveObject, own[0].fields)
    }

    private static func matches(_ desired: Object, _ live: Object, _ fields: FieldSet) -> Bool {
        guard fields.children.count == desired.count else { return false }
        for member in desired {
            guard let owned = fields.children[.field(member.key)] else { return false }
            // A field that is set to null is no field; let the server decide.
            guard !member.value.isNull, let value = live[member.key] else { return false }
            guard matches(member.value, value, owned) else { return false }
        }
        return true
    }

    private static func matches(_ desired: Value, _ live: Value, _ fields: FieldSet) -> Bool {
        // A leaf is owned as a whole: scalars, atomic lists and mappings, empty ones.
        if fields.children.isEmpty { return fields.isMember && isCovered(desired, by: live) }
        switch (desired, live) {
        case (.object(let desired), .object(let live)):
            return matches(desired, live, fields)
        case (.array(let desired), .array(let live)):
            return matches(desired, live, fields)
        default: return false
        }
    }

    /// A list whose items are owned one by one.
    private static func matches(_ desired: [Value], _ live: [Value], _ fields: FieldSet) -> Bool {
        guard fields.children.count == desired.count else { return false }
        var taken: Set<PathElement> = []
        for item in desired {
            guard let (element, owned) = fields.children.first(where: { names($0.key, item) }), taken.insert(element).inserted
            else { return false }
            switch element {
            case .value:
                guard live.contains(item) else { return false }
            case .key(let key):
                guard let liveItem = live.first(where: { names(.key(key), $0) }), let left = item.object,
                    let right = liveItem.object
                else { return false }
                // The item itself is a member of the set, besides its fields.
                guard matches(left, right, owned) else { return false }
            case .field, .index: return false
            }
        }
        return isInOrder(desired, live)
    }

    /// Whether a path element of a list means this item. An item that leaves a key's default out is left to the server.
    private static func names(_ element: PathElement, _ item: Value) -> Bool {
        switch element {
        case .key(let key): key.allSatisfy { item[$0.key] == $0.value }
        case .value(let value): item == value
        case .field, .index: false
        }
    }

    /// Whether the desired items stand in their order among the live ones: apply would move them otherwise.
    private static func isInOrder(_ desired: [Value], _ live: [Value]) -> Bool {
        var rest = live[...]
        for item in desired {
            guard let place = rest.firstIndex(where: { isCovered(item, by: $0) }) else { return false }
            rest = rest[(place + 1)...]
        }
        return true
    }

    /// Whether a value owned as a whole is what the live object has: equal, but for defaults that the server added in
    /// mappings. (Whoever else changes a part of it becomes the owner of the whole.)
    private static func isCovered(_ desired: Value, by live: Value) -> Bool {
        switch (desired, live) {
        case (.object(let desired), .object(let live)):
            return desired.allSatisfy { member in live[member.key].map { isCovered(member.value, by: $0) } ?? false }
        case (.array(let desired), .array(let live)):
            return desired.count == live.count && zip(desired, live).allSatisfy { isCovered($0, by: $1) }
        default: return desired.isSame(as: live)
        }
    }
}
