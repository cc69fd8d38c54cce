import Manifests

/// One step of a field path, in the written form of `fieldsV1`.
enum PathElement {
    static func field(_ name: String) -> String { "f:" + name }

    /// The element of a list's item: its keys for a list of maps, its value for a set. `nil` when a key is missing.
    static func item(_ item: Value, of type: TypeNode) -> String? {
        if type.listKeys.isEmpty { return "v:" + String(decoding: JSONWriter.canonical(item), as: UTF8.self) }
        var key: Value = .object(Object())
        for name in type.listKeys {
            if let value = item[name], !value.isNull {
                key[name] = value
            } else if let value = type.element?.fields[name]?.defaultValue {
                key[name] = value
            }
        }
        guard key.object?.isEmpty == false else { return nil }
        return "k:" + String(decoding: JSONWriter.canonical(key), as: UTF8.self)
    }

    /// `.name`, `[name="main"]`, `[="value"]`, `[0]`.
    static func display(_ element: String) -> String {
        let rest = element.dropFirst(2)
        switch element.first {
        case "f": return "." + rest
        case "i": return "[\(rest)]"
        case "v": return "[=\(rest)]"
        default:
            guard let key = try? JSONParser.parse(rest.utf8), case .object(let object) = key else { return "[\(rest)]" }
            let pairs = object.members.sorted { $0.key < $1.key }.map {
                "\($0.key)=\(String(decoding: JSONWriter.canonical($0.value), as: UTF8.self))"
            }
            return "[\(pairs.joined(separator: ","))]"
        }
    }
}
