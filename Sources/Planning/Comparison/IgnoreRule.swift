package import Manifests

/// What is done about a field that differs and that another field manager owns.
package enum ConflictPolicy: String, CaseIterable, Sendable {
    /// The repository wins: the field is set and taken over.
    case take
    /// The field stays as it is, and its owner's.
    case leave
    /// No plan is made.
    case fail
}

/// What is done about some fields of some objects, in Argo CD's form.
package struct IgnoreRule: Hashable, Sendable {
    /// `*` for every group.
    package var group: String
    /// `*` for every kind.
    package var kind: String
    /// Empty for every name, every namespace.
    package var name: String
    package var namespace: String
    package var fields: [FieldPattern]
    /// All fields that these managers own.
    package var managers: [String]
    package var conflict: ConflictPolicy

    package init(
        group: String, kind: String, name: String = "", namespace: String = "", fields: [FieldPattern], managers: [String] = [],
        conflict: ConflictPolicy = .leave
    ) {
        self.group = group
        self.kind = kind
        self.name = name
        self.namespace = namespace
        self.fields = fields
        self.managers = managers
        self.conflict = conflict
    }

    package func applies(to reference: ObjectReference) -> Bool {
        (group == "*" || group == reference.group) && (kind == "*" || kind == reference.kind)
            && (name.isEmpty || name == reference.name) && (namespace.isEmpty || namespace == reference.namespace)
    }
}
