import Manifests

extension TypedValue {
    /// Why a value cannot be read as its type, each with its path: the words of the server's typed patch objects.
    static func faults(in value: Value, _ type: TypeNode) -> [String] {
        var faults: [String] = []
        check(value, type, path: "", into: &faults)
        return faults
    }

    /// As the server joins several: one stands alone, more stand in lines of their own.
    static func message(_ faults: [String]) -> String {
        faults.count == 1 ? faults[0] : "errors:\n" + faults.map { "  \($0)" }.joined(separator: "\n")
    }

    private static func check(_ value: Value, _ type: TypeNode, path: String, into faults: inout [String]) {
        if value.isNull { return }
        func fault(_ message: String) { faults.append(path.isEmpty ? message : "\(path): \(message)") }
        switch type.shape {
        case .string:
            if value.string == nil { fault("expected string, got &value.valueUnstructured{Value:\(describe(value, asValue: true))}") }
        case .integer, .number:
            switch value {
            case .int, .unsigned, .double: break
            default: fault("expected numeric (int or float), got \(describe(value))")
            }
        case .boolean: if value.bool == nil { fault("expected boolean, got &{\(describe(value, asValue: true))}") }
        case .numberOrString:
            switch value {
            case .array, .object: fault("expected scalar, got \(describe(value))")
            default: break
            }
        case .any: break
        case .list:
            guard case .array(let items) = value else { return fault("expected list, got &{\(describe(value, asValue: true))}") }
            checkItems(items, type, path: path, into: &faults)
        case .map:
            guard case .object(let object) = value else { return fault("expected map, got &{\(describe(value, asValue: true))}") }
            for member in object {
                let inner = "\(path).\(member.key)"
                if let field = type.type(of: member.key) {
                    check(member.value, field, path: inner, into: &faults)
                } else if type.isEmbeddedResource, ["apiVersion", "kind", "metadata"].contains(member.key) {
                    continue
                } else {
                    faults.append("\(inner): field not declared in schema")
                }
            }
        }
    }

    private static func checkItems(_ items: [Value], _ type: TypeNode, path: String, into faults: inout [String]) {
        let element = type.element ?? .deduced
        if type.isAtomic {
            for (index, item) in items.enumerated() { check(item, element, path: "\(path)[\(index)]", into: &faults) }
            return
        }
        var seen: Set<String> = []
        for (index, item) in items.enumerated() {
            guard let key = PathElement.item(item, of: type) else {
                let name = type.listKeys.first ?? ""
                faults.append(
                    "\(path): element \(index): associative list with keys has an element that omits key field \"\(name)\" "
                        + "(and doesn't have default value)")
                continue
            }
            let place = path + PathElement.display(key)
            if !seen.insert(key).inserted {
                faults.append("\(path): duplicate entries for key \(PathElement.display(key))")
            }
            check(item, element, path: place, into: &faults)
        }
    }

    /// A value's type, or as far as it has a short form the value itself, as Go prints them.
    private static func describe(_ value: Value, asValue: Bool = false) -> String {
        switch value {
        case .bool(let bool) where asValue: String(bool)
        case .int(let int) where asValue: String(int)
        case .unsigned(let unsigned) where asValue: String(unsigned)
        case .double(let double) where asValue: NumberText.general(double)
        case .array: "[]interface {}"
        case .object: "map[string]interface {}"
        case .null: "null"
        case .bool: "bool"
        case .int: "int64"
        case .unsigned: "uint64"
        case .double: "float64"
        case .string: "string"
        }
    }
}
