import Manifests

/// Custom resources lose what their schema does not know.
enum Pruning {
    static func prune(_ value: Value, _ type: TypeNode) -> Value { prune(value, type, isRoot: true) }

    private static func prune(_ value: Value, _ type: TypeNode, isRoot: Bool = false) -> Value {
        switch value {
        case .object(let object):
            if type.shape == .any && type.fields.isEmpty && type.element == nil { return value }
            var result = Object()
            for member in object {
                let isMeta = isRoot || type.isEmbeddedResource
                if isMeta, ["apiVersion", "kind", "metadata"].contains(member.key) {
                    result.members.append(member)
                } else if let inner = type.type(of: member.key) {
                    result.members.append(Member(key: member.key, value: prune(member.value, inner)))
                }
            }
            return .object(result)
        case .array(let items):
            guard let element = type.element else { return value }
            return .array(items.map { prune($0, element) })
        default: return value
        }
    }
}
