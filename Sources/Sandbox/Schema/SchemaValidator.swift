import Manifests

/// Checks a custom resource against its schema, in the words of the server.
enum SchemaValidator {
    static func causes(_ object: Value, _ type: TypeNode) -> [APIError.Cause] {
        var causes: [APIError.Cause] = []
        for member in object.object ?? Object() where !["apiVersion", "kind", "metadata"].contains(member.key) {
            if let inner = type.type(of: member.key) { check(member.value, inner, path: member.key, into: &causes) }
        }
        for name in type.required where object[name] == nil { causes.append(.required(name)) }
        if let rules = type.rules { check(object, type, rules, path: "<nil>", into: &causes) }
        return causes
    }

    private static func check(_ value: Value, _ type: TypeNode, path: String, into causes: inout [APIError.Cause]) {
        if value.isNull {
            if !type.isNullable, type.shape != .any {
                causes.append(typeFault(value, type, path))
            }
            return
        }
        guard matchesShape(value, type.shape) else {
            causes.append(typeFault(value, type, path))
            return
        }
        switch value {
        case .object(let object):
            for name in type.required where object[name] == nil { causes.append(.required("\(path).\(name)")) }
            for member in object {
                if let inner = type.fields[member.key]?.type ?? type.element {
                    let place = type.fields[member.key] == nil ? "\(path).\(member.key)" : "\(path).\(member.key)"
                    check(member.value, inner, path: place, into: &causes)
                }
            }
        case .array(let items):
            if let element = type.element {
                for (index, item) in items.enumerated() { check(item, element, path: "\(path)[\(index)]", into: &causes) }
            }
        default: break
        }
        if !type.format.isEmpty, let text = value.string, !Formats.isValid(text, type.format) {
            causes.append(
                .invalid(path, value, "\(path) in body must be of type \(type.format): \(quote(text))"))
        }
        if let rules = type.rules { check(value, type, rules, path: path, into: &causes) }
    }

    private static func typeFault(_ value: Value, _ type: TypeNode, _ path: String) -> APIError.Cause {
        let wanted = name(of: type.shape)
        let actual = name(of: value)
        return .init(
            reason: "FieldValueTypeInvalid",
            message: "Invalid value: \(quote(actual)): \(path) in body must be of type \(wanted): \(quote(actual))", field: path)
    }

    private static func quote(_ text: String) -> String { "\"\(text)\"" }

    private static func name(of shape: TypeNode.Shape) -> String {
        switch shape {
        case .string: "string"
        case .integer: "integer"
        case .number: "number"
        case .boolean: "boolean"
        case .numberOrString: "integer,string"
        case .list: "array"
        case .map: "object"
        case .any: "object"
        }
    }

    private static func name(of value: Value) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .int, .unsigned: "integer"
        case .double: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    private static func matchesShape(_ value: Value, _ shape: TypeNode.Shape) -> Bool {
        switch (shape, value) {
        case (.any, _), (.string, .string), (.integer, .int), (.number, .int), (.number, .double), (.boolean, .bool),
            (.numberOrString, .int), (.numberOrString, .string), (.list, .array), (.map, .object):
            true
        case (.integer, .double): value.int != nil
        default: false
        }
    }

    private static func isValid(_ value: Value, _ type: TypeNode) -> Bool {
        var causes: [APIError.Cause] = []
        check(value, type, path: "", into: &causes)
        return causes.isEmpty
    }

    private static func check(
        _ value: Value, _ type: TypeNode, _ rules: ValidationRules, path: String, into causes: inout [APIError.Cause]
    ) {
        func fault(_ why: String) { causes.append(.invalid(path, value, "\(path) in body \(why)")) }
        if !rules.enumeration.isEmpty, !rules.enumeration.contains(value) {
            causes.append(.unsupported(path, value, rules.enumeration.map(plain)))
        }
        switch value {
        case .int, .unsigned, .double: checkNumber(value, rules, fault)
        case .string(let text): checkText(text, rules, path, &causes)
        case .array(let items):
            if let most = rules.maxItems, items.count > most {
                causes.append(
                    .init(reason: "FieldValueTooMany", message: "Too many: \(items.count): must have at most \(most) items", field: path))
            }
            if let least = rules.minItems, items.count < least { fault("should have at least \(least) items") }
            if rules.uniqueItems, Set(items).count != items.count { fault("shouldn't contain duplicates") }
        case .object(let object):
            if let most = rules.maxProperties, object.count > most {
                causes.append(
                    .init(reason: "FieldValueTooMany", message: "Too many: \(object.count): must have at most \(most) items", field: path))
            }
            if let least = rules.minProperties, object.count < least { fault("should have at least \(least) properties") }
        case .bool, .null: break
        }
        checkCombinations(value, rules, path: path, into: &causes)
    }

    private static func checkNumber(_ value: Value, _ rules: ValidationRules, _ fault: (String) -> Void) {
        let number: Double
        switch value {
        case .int(let int): number = Double(int)
        case .unsigned(let unsigned): number = Double(unsigned)
        case .double(let double): number = double
        default: return
        }
        if let most = rules.maximum, rules.isMaximumExclusive ? number >= most : number > most {
            fault(rules.isMaximumExclusive ? "should be less than \(text(most))" : "should be less than or equal to \(text(most))")
        }
        if let least = rules.minimum, rules.isMinimumExclusive ? number <= least : number < least {
            fault(
                rules.isMinimumExclusive ? "should be greater than \(text(least))" : "should be greater than or equal to \(text(least))")
        }
        if let factor = rules.multipleOf, factor > 0, (number / factor).rounded() * factor != number {
            fault("should be a multiple of \(text(factor))")
        }
    }

    private static func checkText(_ text: String, _ rules: ValidationRules, _ path: String, _ causes: inout [APIError.Cause]) {
        let length = text.unicodeScalars.count
        if let most = rules.maxLength, length > most {
            causes.append(.init(reason: "FieldValueTooLong", message: "Too long: may not be more than \(most) bytes", field: path))
        }
        if let least = rules.minLength, length < least {
            causes.append(.invalid(path, .string(text), "\(path) in body should be at least \(least) chars long"))
        }
        if let pattern = rules.pattern, Formats.matches(text, pattern) == false {
            causes.append(.invalid(path, .string(text), "\(path) in body should match '\(pattern)'"))
        }
    }

    private static func checkCombinations(
        _ value: Value, _ rules: ValidationRules, path: String, into causes: inout [APIError.Cause]
    ) {
        for type in rules.allOf { check(value, type, path: path, into: &causes) }
        if !rules.anyOf.isEmpty, !rules.anyOf.contains(where: { isValid(value, $0) }) {
            causes.append(.invalid(path, value, "\(path) in body must validate at least one schema (anyOf)"))
        }
        if !rules.oneOf.isEmpty, rules.oneOf.count(where: { isValid(value, $0) }) != 1 {
            causes.append(.invalid(path, value, "\(path) in body must validate one and only one schema (oneOf)"))
        }
        if let type = rules.not, isValid(value, type) {
            causes.append(.invalid(path, value, "\(path) in body must not validate the schema (not)"))
        }
    }

    private static func plain(_ value: Value) -> String {
        value.string ?? String(decoding: JSONWriter.canonical(value), as: UTF8.self)
    }

    private static func text(_ number: Double) -> String { NumberText.json(number) }
}
