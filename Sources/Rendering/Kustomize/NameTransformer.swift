import Manifests

/// Puts a prefix or a suffix on names (the fields `namePrefix` and `nameSuffix`).
struct NameTransformer: Sendable {
    enum Part: Sendable {
        case prefix(String)
        case suffix(String)
    }

    var part: Part
    var specs: [FieldSpec]

    /// Kinds whose names mean something elsewhere.
    private static func isSkipped(_ kind: GroupVersionKind) -> Bool {
        kind.kind == "CustomResourceDefinition" || kind.kind == "Namespace"
            || (kind.kind == "APIService" && kind.group == "apiregistration.k8s.io")
    }

    func apply(to map: inout ResourceMap) throws {
        var list = FieldSpecList(specs)
        try map.updateAll { resource in
            var kind = resource.gvk
            if let original = resource.previous.first { kind.kind = original.kind }
            guard !Self.isSkipped(kind) else { return }
            for spec in list.specs(for: kind) {
                if spec.path.text == "metadata/name" { remember(&resource) }
                do {
                    try FieldWalker.apply(spec, to: &resource.value, creating: .scalar, rename)
                } catch let fault as Diagnostic {
                    throw Diagnostic(fault.message, at: resource.source, object: resource.currentID.description, advice: fault.advice)
                }
            }
        }
    }

    private func remember(_ resource: inout Resource) {
        switch part {
        case .prefix(let text):
            guard !text.isEmpty else { return }
            resource.prefixes.append(text)
        case .suffix(let text):
            guard !text.isEmpty else { return }
            resource.suffixes.append(text)
        }
        resource.storePreviousID()
    }

    private func rename(_ value: inout Value) throws {
        guard ScalarText.isScalar(value) else { throw Diagnostic("a name is text, and here is \(value.kindDescription)") }
        let old = value.isNull ? "" : ScalarText.text(value)
        let new =
            switch part {
            case .prefix(let text): text + old
            case .suffix(let text): old + text
            }
        if case .string = value { value = .string(new) } else { value = ScalarText.plain(new) }
    }
}
