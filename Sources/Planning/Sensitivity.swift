package import Manifests

/// Which values of an object are secret, and how they are withheld.
///
/// `data` and `stringData` of a Secret, and what its last-applied annotation repeats, never reach a plan, a terminal, a
/// log or an error.
package enum Sensitivity {
    /// What stands in the place of a withheld value.
    package static let mask = "(sensitive)"

    private static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

    package static func isSensitive(_ groupKind: GroupKind) -> Bool { groupKind.kind == "Secret" && groupKind.group.isEmpty }

    /// The JSON Pointers of an object's secret values.
    package static func pointers(in object: Value) -> [String] {
        guard isSecret(object) else { return [] }
        var pointers: [String] = []
        for field in ["data", "stringData"] {
            for member in object[field]?.object ?? Object() { pointers.append("/\(field)/\(JSONPointer.escape(member.key))") }
        }
        if object.at("metadata", "annotations", lastApplied) != nil {
            pointers.append("/metadata/annotations/\(JSONPointer.escape(lastApplied))")
        }
        return pointers.sorted(by: UTF8Order.isLess)
    }

    /// Whether a path within a Secret leads to a secret value, or to something that holds some.
    package static func isSecretPath(_ tokens: [String]) -> Bool {
        switch tokens.first {
        case "data", "stringData": true
        case "metadata": tokens.count < 3 ? tokens.count == 2 && tokens[1] == "annotations" : tokens[2] == lastApplied
        case nil: true
        case .some: false
        }
    }

    /// The object with every secret value replaced by the mask.
    package static func masked(_ object: Value) -> Value {
        guard isSecret(object) else { return object }
        var masked = object
        for field in ["data", "stringData"] {
            if let map = masked[field] { masked[field] = maskedLeaves(map) }
        }
        if var metadata = masked["metadata"], var annotations = metadata["annotations"], annotations[lastApplied] != nil {
            annotations[lastApplied] = .string(mask)
            metadata["annotations"] = annotations
            masked["metadata"] = metadata
        }
        return masked
    }

    /// A part of an object with every value below it replaced by the mask: the keys of a Secret are no secret.
    package static func maskedLeaves(_ value: Value) -> Value {
        guard let object = value.object else { return .string(mask) }
        return .object(Object(object.map { Member(key: $0.key, value: .string(mask)) }))
    }

    /// A text from elsewhere (a server's message) with every secret value of the object taken out, encoded or not.
    package static func redacted(_ text: String, of object: Value) -> String {
        guard isSecret(object) else { return text }
        var values: Set<String> = []
        collectSecrets(of: object, into: &values)
        if let text = object.at("metadata", "annotations", lastApplied)?.string {
            values.insert(text)
            if let repeated = try? JSONParser.parse(text.utf8) { collectSecrets(of: repeated, into: &values) }
        }
        var text = text
        // Longest first, so that a value within another does not leave a part of it behind.
        for value in values.sorted(by: { $0.utf8.count > $1.utf8.count }) where value.utf8.count >= 3 {
            text = text.split(separator: value, omittingEmptySubsequences: false).joined(separator: mask)
        }
        return text
    }

    /// Every form in which a server may repeat the values of a manifest's `data` and `stringData`. A manifest that is refused
    /// may hold anything there: numbers, mappings.
    private static func collectSecrets(of object: Value, into values: inout Set<String>) {
        for field in ["data", "stringData"] {
            if let value = object[field] { collectLeaves(of: value, into: &values) }
        }
    }

    private static func collectLeaves(of value: Value, into values: inout Set<String>) {
        switch value {
        case .null, .bool: return
        case .int, .unsigned, .double: values.insert(String(decoding: JSONWriter.canonical(value), as: UTF8.self))
        case .array(let items): items.forEach { collectLeaves(of: $0, into: &values) }
        case .object(let object): object.forEach { collectLeaves(of: $0.value, into: &values) }
        case .string(let text):
            values.formUnion([text, Base64.encode(Array(text.utf8))])
            // Quoted in a message, a value of several lines has its breaks escaped.
            values.formUnion(text.split(separator: "\n").map(String.init))
            if let decoded = Base64.decode(text) {
                let plain = String(decoding: decoded, as: UTF8.self)
                values.insert(plain)
                values.formUnion(plain.split(separator: "\n").map(String.init))
            }
        }
    }

    private static func isSecret(_ object: Value) -> Bool {
        object["kind"]?.string == "Secret" && object["apiVersion"]?.string == "v1"
    }
}
