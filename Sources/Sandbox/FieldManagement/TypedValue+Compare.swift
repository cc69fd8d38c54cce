import Manifests

/// What differs between two values of one type.
struct Comparison: Sendable {
    var added = FieldSet()
    var modified = FieldSet()
    var removed = FieldSet()

    var isSame: Bool { added.isEmpty && modified.isEmpty && removed.isEmpty }

    fileprivate mutating func attach(_ other: Comparison, at element: String) {
        added.attach(other.added, at: element)
        modified.attach(other.modified, at: element)
        removed.attach(other.removed, at: element)
    }
}

extension TypedValue {
    static func compare(_ old: Value?, _ new: Value?, _ type: TypeNode) -> Comparison {
        var result = Comparison()
        if old == new { return result }
        if type.shape == .any, let old, let new, case .object = old, case .object = new {
        } else if type.shape == .any, let old, let new, isMapUnderPreserve(old, type) || isMapUnderPreserve(new, type) {
            // The value changed its form: both forms' paths count.
            result.removed = fieldSet(of: old, type)
            result.added = fieldSet(of: new, type)
            return result
        }
        let isOldEmpty = isEmptyCollection(old)
        let isNewEmpty = isEmptyCollection(new)
        switch (form(of: old ?? new, type), form(of: new ?? old, type)) {
        case (.map, .map) where !(isOldEmpty && isNewEmpty): compareMaps(old, new, type, into: &result)
        case (.list, .list) where !(isOldEmpty && isNewEmpty): compareLists(old, new, type, into: &result)
        default:
            if old == nil {
                result.added.isMember = true
            } else if new == nil {
                result.removed.isMember = true
            } else {
                result.modified.isMember = true
            }
        }
        if old == nil { result.added.isMember = true }
        if new == nil { result.removed.isMember = true }
        return result
    }

    private static func isMapUnderPreserve(_ value: Value, _ type: TypeNode) -> Bool {
        if case .map = form(of: value, type) { return true }
        return false
    }

    private static func isEmptyCollection(_ value: Value?) -> Bool {
        switch value {
        case nil, .null: true
        case .array(let array): array.isEmpty
        case .object(let object): object.isEmpty
        default: false
        }
    }

    private static func compareMaps(_ old: Value?, _ new: Value?, _ type: TypeNode, into result: inout Comparison) {
        let left = old?.object ?? Object()
        let right = new?.object ?? Object()
        for member in left {
            let inner = type.type(of: member.key) ?? .deduced
            result.attach(compare(member.value, right[member.key], inner), at: PathElement.field(member.key))
        }
        for member in right where left.index(of: member.key) == nil {
            let inner = type.type(of: member.key) ?? .deduced
            result.attach(compare(nil, member.value, inner), at: PathElement.field(member.key))
        }
    }

    private static func compareLists(_ old: Value?, _ new: Value?, _ type: TypeNode, into result: inout Comparison) {
        let element = type.element ?? .deduced
        var left: [String: Value] = [:]
        var right: [String: Value] = [:]
        for item in old?.array ?? [] { if let key = PathElement.item(item, of: type) { left[key] = item } }
        for item in new?.array ?? [] { if let key = PathElement.item(item, of: type) { right[key] = item } }
        for (key, item) in left { result.attach(compare(item, right[key], element), at: key) }
        for (key, item) in right where left[key] == nil { result.attach(compare(nil, item, element), at: key) }
    }

    // MARK: removing

    /// A value without what a set names. Lists and maps that end up empty become `nil`.
    static func remove(_ set: FieldSet, from value: Value, _ type: TypeNode) -> Value? {
        if set.children.isEmpty { return value }
        switch form(of: value, type) {
        case .leaf: return value
        case .list(let items):
            var kept: [Value] = []
            for item in items {
                guard let element = PathElement.item(item, of: type), let below = set.children[element] else {
                    kept.append(item)
                    continue
                }
                if below.isMember { continue }
                kept.append(remove(below, from: item, type.element ?? .deduced) ?? .null)
            }
            return kept.isEmpty ? nil : .array(kept)
        case .map(let object):
            var kept = Object()
            for member in object {
                guard let below = set.children[PathElement.field(member.key)] else {
                    kept.members.append(member)
                    continue
                }
                if below.isMember { continue }
                let inner = type.type(of: member.key) ?? .deduced
                kept.members.append(Member(key: member.key, value: remove(below, from: member.value, inner) ?? .null))
            }
            return kept.isEmpty ? nil : .object(kept)
        }
    }
}
