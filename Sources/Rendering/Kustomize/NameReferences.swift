import Manifests

/// Carries changed names into the fields that refer to them (kustomize's `nameref` filter).
///
/// kustomize compares every resource with every other. Here the resources that may be meant are looked up by kind and any
/// name that they had, so that the work grows with the number of references.
struct NameReferences: Sendable {
    private let specs: [TransformerConfiguration.NameReferenceSpec]
    private let index: ReferenceIndex

    init(_ specs: [TransformerConfiguration.NameReferenceSpec], resources: [Resource]) {
        self.specs = specs
        var index = ReferenceIndex(resources)
        index.noteOriginalNamespaces(of: resources)
        self.index = index
    }

    /// A field that may hold a name.
    struct Field: Sendable {
        var spec: FieldSpec
        var target: GroupVersionKind
        var isRoleReference: Bool
    }

    /// The fields of a kind that may hold names.
    func fields(of kind: GroupVersionKind) -> [Field] {
        var fields: [Field] = []
        for reference in specs {
            for spec in reference.referrers where spec.selects(kind) {
                fields.append(
                    Field(spec: spec.prepared, target: reference.target, isRoleReference: spec.path.text.hasSuffix("roleRef/name")))
            }
        }
        return fields
    }

    /// Corrects the references of one resource.
    /// - Parameter fields: Those of the kind that the resource had originally.
    /// - Throws: `Diagnostic` when several resources may be meant.
    func correct(_ resource: inout Resource, _ fields: [Field]) throws {
        var referrer: Referrer?
        for field in fields {
            guard Self.leadsSomewhere(resource.value, field.spec.path.segments[...]) else { continue }
            let known = try referrer ?? Referrer(resource)
            referrer = known
            let roleReference = field.isRoleReference ? Self.roleReference(resource.value) : nil
            do {
                try FieldWalker.apply(field.spec, to: &resource.value) { value in
                    try set(&value, field, known, roleReference)
                }
            } catch let fault as Diagnostic {
                throw Diagnostic(
                    "updating the reference: \(fault.message)", at: resource.source, object: resource.currentID.description,
                    advice: fault.advice)
            }
        }
    }

    /// Whether a path ends at a value: most do not, and the object is not touched then.
    static func leadsSomewhere(_ value: Value, _ path: ArraySlice<FieldPath.Segment>) -> Bool {
        guard let segment = path.first else { return !value.isNull }
        switch value {
        case .object(let object):
            guard let next = object[segment.name] else { return false }
            return leadsSomewhere(next, path.dropFirst())
        case .array(let items): return items.contains { leadsSomewhere($0, path) }
        case .null: return false
        // Nothing may stand below text; the walk says so.
        case .bool, .int, .unsigned, .double, .string: return true
        }
    }

    private static func roleReference(_ value: Value) -> GroupVersionKind? {
        guard let reference = value["roleRef"], let group = reference["apiGroup"], let kind = reference["kind"] else { return nil }
        return GroupVersionKind(group: ScalarText.text(group), version: "", kind: ScalarText.text(kind))
    }

    // MARK: Setting

    private func set(
        _ value: inout Value, _ field: Field, _ referrer: Referrer, _ roleReference: GroupVersionKind?
    ) throws {
        switch value {
        case .null: return
        case .object: try setMapping(&value, field, referrer, roleReference)
        case .array(var items):
            value = .null
            defer { value = .array(items) }
            for index in items.indices {
                switch items[index] {
                case .null: continue
                case .object: try setMapping(&items[index], field, referrer, roleReference)
                case .array: throw Diagnostic("expected text or a mapping, found a list")
                case .bool, .int, .unsigned, .double, .string: try setScalar(&items[index], field, referrer, roleReference)
                }
            }
        case .bool, .int, .unsigned, .double, .string: try setScalar(&value, field, referrer, roleReference)
        }
    }

    private func setScalar(
        _ value: inout Value, _ field: Field, _ referrer: Referrer, _ roleReference: GroupVersionKind?
    ) throws {
        let old = ScalarText.text(value)
        guard let referral = try index.select(old, field, referrer, roleReference, namespace: nil, comparesNamespaces: false) else {
            return
        }
        guard referral.name != old else { return }
        if case .string = value { value = .string(referral.name) } else { value = ScalarText.plain(referral.name) }
    }

    private func setMapping(
        _ value: inout Value, _ field: Field, _ referrer: Referrer, _ roleReference: GroupVersionKind?
    ) throws {
        guard let name = value["name"] else { throw Diagnostic("the mapping that the path leads to has no field 'name'") }
        let old = ScalarText.text(name)
        let namespace = value["namespace"].map(ScalarText.text)
        guard let referral = try index.select(old, field, referrer, roleReference, namespace: namespace, comparesNamespaces: true)
        else { return }
        if referral.name == old, referral.namespace.isEmpty { return }
        value["name"] = .string(referral.name)
        guard !referral.namespace.isEmpty else { return }
        value["namespace"] = .string(referral.namespace)
    }
}
