import Manifests

/// Values that the server fills in.
enum Defaulting {
    /// Defaults of a custom resource's schema. A null that is not nullable counts as missing.
    static func schemaDefaults(_ value: Value, _ type: TypeNode) -> Value {
        switch value {
        case .object(let object):
            var result = object
            for name in type.fieldOrder {
                guard let field = type.fields[name], let fallback = field.defaultValue ?? field.type.defaultValue else { continue }
                let present = result[name]
                if present == nil || (present?.isNull == true && !field.type.isNullable) { result[name] = fallback }
            }
            for index in result.members.indices {
                let member = result.members[index]
                if let inner = type.type(of: member.key) { result.members[index].value = schemaDefaults(member.value, inner) }
            }
            return .object(result)
        case .array(let items):
            guard let element = type.element else { return value }
            return .array(items.map { schemaDefaults($0, element) })
        default: return value
        }
    }

    /// Defaults of a built-in kind: those that the server computes in code.
    static func builtIn(_ object: inout Value, _ resource: Resource) {
        if let apply = BuiltInDefaults.table["\(resource.group)/\(resource.version)/\(resource.kind)"] { apply(&object) }
    }
}

extension Value {
    /// Sets a key that is missing, empty text or null.
    mutating func setDefault(_ key: String, _ value: @autoclosure () -> Value) {
        switch self[key] {
        case nil, .null: self[key] = value()
        case .string(let text) where text.isEmpty: self[key] = value()
        default: break
        }
    }

    /// Changes a mapping or list below a key in place, when it is there.
    mutating func edit(_ key: String, _ change: (inout Value) -> Void) {
        guard case .object(var object) = self, let index = object.index(of: key) else { return }
        self = .null
        if !object.members[index].value.isNull { change(&object.members[index].value) }
        self = .object(object)
    }

    /// Changes each item of a list below a key.
    mutating func editItems(_ key: String, _ change: (inout Value) -> Void) {
        edit(key) { value in
            guard case .array(var items) = value else { return }
            value = .null
            for index in items.indices { change(&items[index]) }
            value = .array(items)
        }
    }
}
