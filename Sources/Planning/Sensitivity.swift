package import Manifests

/// Which values of an object are secret, and how they are withheld.
///
/// `data` and `stringData` of a Secret, and what its last-applied annotation repeats, never reach a plan, a terminal, a
/// log or an error.
package enum Sensitivity {
    /// What stands in the place of a withheld value.
    package static let mask = SecretTexts.mask

    private static let lastApplied = SecretTexts.lastApplied

    package static func isSensitive(_ groupKind: GroupKind) -> Bool { groupKind.kind == "Secret" && groupKind.group.isEmpty }

    /// The JSON Pointers of an object's secret values.
    package static func pointers(in object: Value) -> [String] {
        guard isSecret(object) else { return [] }
        var pointers: [String] = []
        for field in SecretTexts.fields {
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
        for field in SecretTexts.fields {
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
    package static func redacted(_ text: String, of object: Value) -> String { SecretTexts(of: [object]).redacted(text) }

    private static func isSecret(_ object: Value) -> Bool { SecretTexts.isSecret(object) }
}
