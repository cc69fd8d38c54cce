import Manifests

extension Patches {
    /// Merges along the schema: lists with a merge key by that key, with the directives `$patch`, `$retainKeys`,
    /// `$setElementOrder/…` and `$deleteFromPrimitiveList/…`.
    static func strategic(_ patch: Value, into target: Value, _ type: TypeNode) -> Value {
        guard case .object(var changes) = patch else { return patch }
        if changes["$patch"]?.string == "replace" {
            changes["$patch"] = nil
            return .object(changes)
        }
        if changes["$patch"]?.string == "delete" { return .object(Object()) }
        var result = target.object ?? Object()
        if let retained = changes["$retainKeys"]?.array?.compactMap(\.string) {
            result.members.removeAll { !retained.contains($0.key) }
        }
        for member in changes where !member.key.hasPrefix("$") {
            if member.value.isNull {
                result[member.key] = nil
                continue
            }
            let field = type.fields[member.key]
            let inner = field?.type ?? type.type(of: member.key) ?? .deduced
            switch member.value {
            case .object: result[member.key] = strategic(member.value, into: result[member.key] ?? .null, inner)
            case .array(let items) where field?.patchStrategy.contains("merge") == true:
                result[member.key] = .array(
                    list(items, into: result[member.key]?.array ?? [], key: field?.patchMergeKey, inner.element ?? .deduced))
            default: result[member.key] = member.value
            }
        }
        applyDirectives(changes, type, to: &result)
        return .object(result)
    }

    private static func list(_ items: [Value], into target: [Value], key: String?, _ element: TypeNode) -> [Value] {
        guard let key else {
            return target + items.filter { !target.contains($0) }
        }
        if items.contains(where: { $0["$patch"]?.string == "replace" }) {
            return items.filter { $0["$patch"] == nil }
        }
        var result = target
        var added: [Value] = []
        for item in items {
            let index = result.firstIndex { $0[key] != nil && $0[key] == item[key] }
            if item["$patch"]?.string == "delete" {
                if let index { result.remove(at: index) }
            } else if let index {
                result[index] = strategic(item, into: result[index], element)
            } else {
                added.append(strategic(item, into: .null, element))
            }
        }
        // The patch's own items come first among what it names; what only the server has keeps its order behind.
        let named = items.filter { $0["$patch"] == nil }.compactMap { $0[key] }
        var merged: [Value] = []
        for name in named {
            if let item = (result + added).first(where: { $0[key] == name }) { merged.append(item) }
        }
        let rest = result.filter { item in !named.contains { $0 == item[key] } }
        return keepingServerOrder(merged, rest, target, key)
    }

    /// Weaves items that only the server has between those that the patch names, where they stood before.
    private static func keepingServerOrder(_ named: [Value], _ rest: [Value], _ target: [Value], _ key: String) -> [Value] {
        func place(_ item: Value) -> Int? { target.firstIndex { $0[key] == item[key] } }
        var result: [Value] = []
        var waiting = rest[...]
        for item in named {
            if let own = place(item) {
                while let first = waiting.first, let other = place(first), other < own {
                    result.append(first)
                    waiting = waiting.dropFirst()
                }
            }
            result.append(item)
        }
        return result + waiting
    }

    private static func applyDirectives(_ changes: Object, _ type: TypeNode, to result: inout Object) {
        for member in changes {
            if let name = suffix(of: member.key, after: "$deleteFromPrimitiveList/"), let gone = member.value.array {
                result[name] = (result[name]?.array).map { .array($0.filter { !gone.contains($0) }) }
            } else if let name = suffix(of: member.key, after: "$setElementOrder/"), let order = member.value.array,
                let items = result[name]?.array
            {
                result[name] = .array(reorder(items, order, key: type.fields[name]?.patchMergeKey))
            }
        }
    }

    private static func suffix(of text: String, after prefix: String) -> String? {
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }

    private static func reorder(_ items: [Value], _ order: [Value], key: String?) -> [Value] {
        func place(_ item: Value) -> Int? {
            order.firstIndex { other in
                guard let key else { return other == item }
                return other[key] == item[key]
            }
        }
        let named = items.filter { place($0) != nil }.sorted { (place($0) ?? 0) < (place($1) ?? 0) }
        return named + items.filter { place($0) == nil }
    }
}
