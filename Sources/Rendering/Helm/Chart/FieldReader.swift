internal import Manifests

/// Reads the fields of a document into a struct as `sigs.k8s.io/yaml` does: names match whatever their case, numbers and
/// booleans become text where text is due, null leaves a field as it was.
struct FieldReader {
    private let object: Object
    private let type: String

    init(_ value: Value, type: String) {
        object = value.object ?? Object()
        self.type = type
    }

    private func value(_ name: String) -> Value? {
        // `Value` has a nil literal of its own, so that "no value" has to be spelled out.
        let exact: Value? = object[name]
        let found = exact ?? object.members.last { $0.key.lowercased() == name.lowercased() }?.value
        guard let found, !found.isNull else { return Optional<Value>.none }
        return found
    }

    func text(_ name: String, _ text: inout String) throws {
        if let value = value(name) { text = try Self.string(value, "\(type).\(name)") }
    }

    func flag(_ name: String, _ flag: inout Bool) throws {
        guard let value = value(name) else { return }
        guard let bool = value.bool else { throw Self.mismatch(value, "\(type).\(name)", "bool") }
        flag = bool
    }

    func texts(_ name: String, _ texts: inout [String]) throws {
        guard let items = try items(name, of: "[]string") else { return }
        texts = try items.map { $0.isNull ? "" : try Self.string($0, "\(type).\(name)") }
    }

    func items(_ name: String, of elements: String = "[]interface {}") throws -> [Value]? {
        guard let value = value(name) else { return nil }
        guard let items = value.array else { throw Self.mismatch(value, "\(type).\(name)", elements) }
        return items
    }

    func members(_ name: String) throws -> Object? {
        guard let value = value(name) else { return nil }
        guard let object = value.object else { throw Self.mismatch(value, "\(type).\(name)", "map[string]string") }
        return object
    }

    /// A scalar as text; floats through 32 bits, as the library has it.
    static func string(_ value: Value, _ field: String) throws -> String {
        switch value {
        case .string(let text): return text
        case .bool(let bool): return bool ? "true" : "false"
        case .int(let int): return String(int)
        case .unsigned(let unsigned): return String(unsigned)
        case .double(let double): return NumberText.general(Double(Float(double).description) ?? double)
        case .null: return ""
        case .array, .object: throw mismatch(value, field, "string")
        }
    }

    static func mismatch(_ value: Value, _ field: String, _ type: String) -> GoError {
        GoError("json: cannot unmarshal \(JSONText.kind(value)) into Go struct field \(field) of type \(type)")
    }
}
