import Manifests

/// A field of certain kinds that a transformer changes.
struct FieldSpec: Hashable, Sendable {
    /// Empty parts match everything.
    var selector: GroupVersionKind
    var path: FieldPath
    /// Whether the field is made when it is missing.
    var isCreated: Bool

    init(selector: GroupVersionKind = GroupVersionKind(group: "", version: "", kind: ""), path: String, isCreated: Bool = false) {
        self.init(selector: selector, path: FieldPath(path), isCreated: isCreated)
    }

    init(selector: GroupVersionKind, path: FieldPath, isCreated: Bool) {
        self.selector = selector
        self.path = path
        self.isCreated = isCreated
    }

    func selects(_ kind: GroupVersionKind) -> Bool { selector.selects(kind) }

    /// With its path split, for a specification that is applied again and again.
    var prepared: FieldSpec { FieldSpec(selector: selector, path: path.prepared, isCreated: isCreated) }

    /// Adds specifications, but those that are there already.
    /// - Throws: `Diagnostic` when two say differently whether the field is made.
    static func merge(_ incoming: [FieldSpec], into specs: inout [FieldSpec]) throws(Diagnostic) {
        for spec in incoming {
            guard let index = specs.firstIndex(where: { $0.selector.isSelected(by: spec.selector) && $0.path.text == spec.path.text })
            else {
                specs.append(spec)
                continue
            }
            if specs[index].isCreated != spec.isCreated {
                throw Diagnostic("conflicting field specifications for the path '\(spec.path.text)'")
            }
        }
    }
}

extension GroupVersionKind {
    /// Whether a kind is one that this selector names; empty parts of the selector match everything.
    func selects(_ kind: GroupVersionKind) -> Bool {
        (self.kind.isEmpty || self.kind == kind.kind) && (group.isEmpty || group == kind.group)
            && (version.isEmpty || version == kind.version)
    }

    func isSelected(by selector: GroupVersionKind) -> Bool { selector.selects(self) }

    var isEmpty: Bool { group.isEmpty && version.isEmpty && kind.isEmpty }
}

/// Field specifications with a memory of which apply to which kind: a build has far more resources than kinds.
struct FieldSpecList: Sendable {
    let specs: [FieldSpec]
    private var byKind: [GroupVersionKind: [FieldSpec]] = [:]

    init(_ specs: [FieldSpec]) { self.specs = specs }

    mutating func specs(for kind: GroupVersionKind) -> [FieldSpec] {
        if let known = byKind[kind] { return known }
        let selected = specs.filter { $0.selects(kind) }.map(\.prepared)
        byKind[kind] = selected
        return selected
    }
}
