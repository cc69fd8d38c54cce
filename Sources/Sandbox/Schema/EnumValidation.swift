import Manifests

/// Values of built-in kinds that the schema lists one by one.
enum EnumValidation {
    static func causes(_ object: Value, _ type: TypeNode) -> [APIError.Cause] {
        var causes: [APIError.Cause] = []
        for member in object.object ?? Object() where !["metadata", "status"].contains(member.key) {
            if let inner = type.fields[member.key]?.type { check(member.value, inner, path: member.key, into: &causes) }
        }
        return causes
    }

    private static func check(_ value: Value, _ type: TypeNode, path: String, into causes: inout [APIError.Cause]) {
        switch value {
        case .object(let object):
            for member in object {
                guard let inner = type.fields[member.key]?.type ?? type.element else { continue }
                check(member.value, inner, path: "\(path).\(member.key)", into: &causes)
            }
        case .array(let items):
            guard let element = type.element else { return }
            for (index, item) in items.enumerated() { check(item, element, path: "\(path)[\(index)]", into: &causes) }
        case .string(let text):
            guard let rules = type.rules, !text.isEmpty, !rules.enumeration.isEmpty, !rules.enumeration.contains(value)
            else { return }
            causes.append(.unsupported(path, value, rules.enumeration.compactMap(\.string).filter { !$0.isEmpty }.sorted()))
        default: break
        }
    }
}
