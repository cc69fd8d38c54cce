import Manifests

/// Reads the fields of a kustomization or of a plugin's configuration, and knows where each stands.
///
/// As Go's `encoding/json` does: names match whatever their case, null is the same as nothing, and a value of another
/// type is an error.
struct FieldDecoder {
    let value: Value
    /// The JSON Pointer of the value in its file.
    let pointer: String
    /// Whether fields of other names are passed over: in configurations of plugins, not in kustomizations.
    var ignoresUnknownFields = false
    /// Whether a number or a boolean counts as the text that stands there: not in kustomizations.
    var convertsScalars = false

    /// A fault with the place of the value, to be turned into file and line by who knows the file.
    struct Fault: Error {
        var message: String
        var pointer: String
        var advice: String?
    }

    func fault(_ message: String, advice: String? = nil) -> Fault {
        Fault(message: message, pointer: pointer, advice: advice)
    }

    private func child(_ key: String, _ value: Value) -> FieldDecoder {
        FieldDecoder(
            value: value, pointer: "\(pointer)/\(JSONPointer.escape(key))", ignoresUnknownFields: ignoresUnknownFields,
            convertsScalars: convertsScalars)
    }

    /// The fields of a mapping by the names that are known.
    func fields(_ known: [String]) throws(Fault) -> Fields {
        guard let object = try mapping() else { return Fields(decoders: [:]) }
        var decoders: [String: FieldDecoder] = [:]
        for member in object.members {
            let name: String
            if known.contains(member.key) {
                name = member.key
            } else if let match = known.first(where: { Self.equalsIgnoringCase($0, member.key) }) {
                name = match
            } else if ignoresUnknownFields {
                continue
            } else {
                let near = NearMatch.candidates(for: member.key, among: known)
                throw Fault(
                    message: "unknown field '\(member.key)'", pointer: "\(pointer)/\(JSONPointer.escape(member.key))",
                    advice: near.first.map { "did you mean '\($0)'?" })
            }
            if member.value.isNull { continue }
            decoders[name] = child(member.key, member.value)
        }
        return Fields(decoders: decoders)
    }

    struct Fields {
        var decoders: [String: FieldDecoder]

        subscript(_ name: String) -> FieldDecoder? { decoders[name] }
        func string(_ name: String) throws(Fault) -> String { try decoders[name]?.string() ?? "" }
        func bool(_ name: String) throws(Fault) -> Bool { try decoders[name]?.bool() ?? false }
        func strings(_ name: String) throws(Fault) -> [String] { try decoders[name]?.list().map(Self.string) ?? [] }
        func list(_ name: String) throws(Fault) -> [FieldDecoder] { try decoders[name]?.list() ?? [] }
        func map(_ name: String) throws(Fault) -> [(key: String, value: String)] { try decoders[name]?.map() ?? [] }

        private static func string(_ decoder: FieldDecoder) throws(Fault) -> String { try decoder.string() }
    }

    private static func equalsIgnoringCase(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && left.lowercased() == right.lowercased()
    }

    private func mapping() throws(Fault) -> Object? {
        switch value {
        case .object(let object): return object
        case .null: return nil
        case .bool, .int, .unsigned, .double, .string, .array: throw fault("expected a mapping, found \(value.kindDescription)")
        }
    }

    func string() throws(Fault) -> String {
        switch value {
        case .string(let string): return string
        case .null: return ""
        case .bool where convertsScalars, .int where convertsScalars, .unsigned where convertsScalars, .double where convertsScalars:
            // There a library turns scalars into the type that is wanted.
            return ScalarText.text(value)
        case .bool, .int, .unsigned, .double:
            throw fault("expected a string, found \(value.kindDescription)", advice: "put it into quotes")
        case .array, .object: throw fault("expected a string, found \(value.kindDescription)")
        }
    }

    func bool() throws(Fault) -> Bool {
        switch value {
        case .bool(let bool): return bool
        case .null: return false
        case .int, .unsigned, .double, .string, .array, .object: throw fault("expected true or false, found \(value.kindDescription)")
        }
    }

    func int() throws(Fault) -> Int64 {
        switch value {
        case .int(let int): return int
        case .null: return 0
        case .double(let double):
            guard let int = Int64(exactly: double) else { throw fault("expected an integer, found a number") }
            return int
        case .bool, .unsigned, .string, .array, .object: throw fault("expected an integer, found \(value.kindDescription)")
        }
    }

    func list() throws(Fault) -> [FieldDecoder] {
        switch value {
        case .array(let items): return items.enumerated().map { child(String($0.offset), $0.element) }
        case .null: return []
        case .bool, .int, .unsigned, .double, .string, .object: throw fault("expected a list, found \(value.kindDescription)")
        }
    }

    /// A mapping of texts, sorted by the bytes of its keys.
    func map() throws(Fault) -> [(key: String, value: String)] {
        guard let object = try mapping() else { return [] }
        var entries: [(key: String, value: String)] = []
        for member in object.members { entries.append((member.key, try child(member.key, member.value).string())) }
        return entries.sorted { UTF8Order.isLess($0.key, $1.key) }
    }
}
