import Manifests

/// What structured-merge-diff does with values along their types: checking, field sets, merging, comparing, removing.
enum TypedValue {
    /// How a value is walked, once its type has been resolved against what it is.
    enum Form {
        case leaf
        case list([Value])
        case map(Object)
    }

    /// The form of a value under a type. `null` and `nil` take the form that the type gives, empty.
    static func form(of value: Value?, _ type: TypeNode) -> Form {
        switch type.shape {
        case .string, .integer, .number, .boolean, .numberOrString: return .leaf
        case .list: return type.isAtomic ? .leaf : .list(value?.array ?? [])
        case .map: return type.isAtomic ? .leaf : .map(value?.object ?? Object())
        case .any:
            // Untyped: maps merge by key where unknown fields are preserved; all else is owned as a whole.
            if type.preservesUnknown, case .object(let object)? = value { return .map(object) }
            return .leaf
        }
    }

    // MARK: field sets

    /// The fields that a manager's configuration names.
    static func fieldSet(of value: Value, _ type: TypeNode) -> FieldSet {
        switch form(of: value, type) {
        case .leaf: return .leaf
        case .list(let items):
            var set = FieldSet()
            for item in items {
                guard let element = PathElement.item(item, of: type) else { continue }
                var child = type.element.map { fieldSet(of: item, $0) } ?? .leaf
                child.isMember = true
                set.children[element] = child
            }
            return set
        case .map(let object):
            var set = FieldSet()
            for member in object {
                let field = type.fields[member.key]
                var child = fieldSet(of: member.value, type.type(of: member.key) ?? .deduced)
                if isEmptyMapOrNull(member.value) || field == nil { child.isMember = true }
                set.attach(child, at: PathElement.field(member.key))
            }
            return set
        }
    }

    private static func isEmptyMapOrNull(_ value: Value) -> Bool {
        switch value {
        case .null: true
        case .object(let object): object.isEmpty
        default: false
        }
    }

    // MARK: merging

    /// A live value with a manager's configuration on top of it.
    static func merge(_ live: Value?, _ applied: Value?, _ type: TypeNode) -> Value? {
        guard let applied else { return live }
        guard let live else { return applied }
        if type.shape == .any, case .object = live, case .object = applied {
        } else if type.shape == .any {
            return applied
        }
        switch (form(of: live, type), form(of: applied, type)) {
        case (.map(let left), .map(let right)):
            if left.isEmpty && right.isEmpty { return applied }
            var result = left
            for member in right {
                let inner = type.type(of: member.key) ?? .deduced
                let merged = merge(left[member.key], member.value, inner)
                result[member.key] = merged ?? .null
            }
            return .object(result)
        case (.list(let left), .list(let right)):
            if left.isEmpty && right.isEmpty { return applied }
            return .array(mergeItems(left, right, type))
        default: return applied
        }
    }

    /// Merges lists by their items' keys. The applied order holds among applied items; live items that are not applied
    /// keep their places relative to the shared ones.
    private static func mergeItems(_ left: [Value], _ right: [Value], _ type: TypeNode) -> [Value] {
        let element = type.element ?? .deduced
        let leftKeys = left.map { PathElement.item($0, of: type) ?? "" }
        let rightKeys = right.map { PathElement.item($0, of: type) ?? "" }
        let leftIndex = Dictionary(zip(leftKeys, left.indices), uniquingKeysWith: { first, _ in first })
        let rightIndex = Dictionary(zip(rightKeys, right.indices), uniquingKeysWith: { first, _ in first })
        var shared = rightKeys.filter { leftIndex[$0] != nil }[...]
        var next = shared.popFirst()
        var merged: Set<String> = []
        var result: [Value] = []
        var (l, r) = (0, 0)
        func take(_ key: String) {
            let value = merge(leftIndex[key].map { left[$0] }, rightIndex[key].map { right[$0] }, element)
            if let value { result.append(value) }
        }
        while l < left.count || r < right.count {
            if l < left.count, r < right.count {
                let key = leftKeys[l]
                if key == rightKeys[r] {
                    merged.insert(key)
                    take(key)
                    l += 1
                    r += 1
                    next = shared.popFirst()
                    continue
                }
                if rightIndex[key] != nil, let next, next != key {
                    l += 1
                    continue
                }
            }
            if l < left.count {
                let key = leftKeys[l]
                if rightIndex[key] == nil {
                    result.append(left[l])
                    l += 1
                    continue
                } else if merged.contains(key) {
                    l += 1
                }
            }
            if r < right.count {
                let key = rightKeys[r]
                merged.insert(key)
                take(key)
                r += 1
                if next == key { next = shared.popFirst() }
            }
        }
        return result
    }
}
