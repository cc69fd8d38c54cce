import Manifests

/// Puts resources into a namespace (the field `namespace`).
struct NamespaceTransformer: Sendable {
    /// Whose namespace is set in role bindings.
    enum Subjects: String, Sendable {
        case defaultOnly, allServiceAccounts, none
    }

    var namespace: String
    var specs: [FieldSpec]
    /// Whether a namespace that is there already is left alone.
    var isUnsetOnly = false
    var subjects = Subjects.defaultOnly

    func apply(to map: inout ResourceMap) throws {
        guard !namespace.isEmpty else { return }
        var count: [ResourceID: Int] = [:]
        count.reserveCapacity(map.resources.count)
        for resource in map.resources { count[resource.currentID, default: 0] += 1 }
        var list = FieldSpecList(specs.filter { $0.path.text != "metadata/namespace" })
        try map.updateAll { resource in
            guard !resource.isDeleted, !resource.isOfChart else { return }
            let before = resource.currentID
            resource.storePreviousID()
            do { try set(in: &resource, &list) } catch let fault as Diagnostic {
                throw Diagnostic(
                    "setting the namespace: \(fault.message)", at: resource.source, object: before.description, advice: fault.advice)
            }
            let after = resource.currentID
            guard after != before else { return }
            count[before, default: 1] -= 1
            count[after, default: 0] += 1
            if count[after] != 1 {
                throw Diagnostic(
                    "the namespace '\(namespace)' makes two resources of one id: \(after.description)", at: resource.source,
                    advice: "give one of them another name")
            }
        }
    }

    /// Sets the namespace of one resource, whatever it is.
    func set(in resource: inout Resource, _ list: inout FieldSpecList) throws {
        let kind = resource.gvk
        if !ClusterScopedKinds.contains(kind) { setOwn(&resource) }
        let isBinding = kind.kind == "RoleBinding" || kind.kind == "ClusterRoleBinding"
        if isBinding { try setSubjects(&resource.value) }
        let isCore = resource.apiVersion == "v1"
        for spec in list.specs(for: kind) {
            if !isCore, spec.path.text == "metadata/name" { continue }
            if isBinding, spec.selector.kind == kind.kind, spec.path.text == "subjects/namespace" { continue }
            try FieldWalker.apply(spec, to: &resource.value, creating: .scalar) { value in
                guard ScalarText.isScalar(value) else {
                    throw Diagnostic("a namespace is text, and here is \(value.kindDescription)")
                }
                if isUnsetOnly, !value.isNull, !ScalarText.text(value).isEmpty { return }
                value = .string(namespace)
            }
        }
    }

    private func setOwn(_ resource: inout Resource) {
        if isUnsetOnly, !resource.namespace.isEmpty { return }
        resource.setMetadata("namespace", .string(namespace))
    }

    private func setSubjects(_ value: inout Value) throws {
        guard subjects != .none, case .array(var items)? = value["subjects"] else { return }
        for index in items.indices {
            let key = subjects == .defaultOnly ? "name" : "kind"
            let expected = subjects == .defaultOnly ? "default" : "ServiceAccount"
            guard let own = items[index][key], ScalarText.isScalar(own), ScalarText.text(own) == expected else { continue }
            if isUnsetOnly, let old = items[index]["namespace"], !ScalarText.text(old).isEmpty { continue }
            items[index]["namespace"] = .string(namespace)
        }
        value["subjects"] = .array(items)
    }
}
