import Manifests

/// Brings a built-in object into the form in which the server writes it: unknown keys and nulls gone, quantities in
/// canonical form, empty fields left out or written out as their Go types do.
enum Normalizer {
    static func normalize(_ value: Value, _ type: TypeNode) -> Value {
        switch type.shape {
        case .map:
            guard case .object(let object) = value else { return value.isNull ? emptyMap(type) : value }
            return .object(type.fields.isEmpty ? entries(object, type) : fields(object, type))
        case .list:
            guard case .array(let items) = value, let element = type.element else { return value }
            return .array(items.map { normalize($0, element) })
        case .numberOrString: return type.isQuantity ? Quantity.canonical(value) : value
        case .integer:
            // 1.0 is an integer to Go's decoder of JSON only when it says so; text of whole numbers comes as a double.
            if case .double = value, let int = value.int { return .int(int) }
            return value
        case .string:
            // Bytes are read and written again: line breaks in the text go.
            if type.format == "byte", let text = value.string, let bytes = Base64.decode(text) {
                return .string(Base64.encode(bytes))
            }
            return value
        case .number, .boolean, .any: return value
        }
    }

    private static func emptyMap(_ type: TypeNode) -> Value {
        type.fields.isEmpty ? .null : .object(fields(Object(), type))
    }

    private static func entries(_ object: Object, _ type: TypeNode) -> Object {
        guard let element = type.element else { return object }
        return Object(object.members.map { Member(key: $0.key, value: normalize($0.value, element)) })
    }

    private static func fields(_ object: Object, _ type: TypeNode) -> Object {
        var result = Object()
        result.members.reserveCapacity(max(object.count, 4))
        for member in object {
            guard let field = type.fields[member.key], !member.value.isNull else { continue }
            let value = normalize(member.value, field.type)
            if case .omittedWhenEmpty = field.presence, TypeBuilder.isZero(value) { continue }
            if case .always(.null) = field.presence, field.type.shape == .list || field.type.shape == .map,
                field.type.fields.isEmpty, TypeBuilder.isZero(value)
            {
                continue
            }
            result.members.append(Member(key: member.key, value: value))
        }
        for name in type.fieldOrder {
            guard let field = type.fields[name], case .always(let empty) = field.presence,
                result.index(of: name) == nil
            else { continue }
            result.members.append(Member(key: name, value: empty.object == nil ? empty : normalize(empty, field.type)))
        }
        return result
    }
}
