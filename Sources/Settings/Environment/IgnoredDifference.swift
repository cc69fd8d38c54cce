package import Manifests

/// What is done about some fields of some objects, in Argo CD's form.
package struct IgnoredDifference: Hashable, Sendable {
    package var group: String
    package var kind: String
    package var name: String
    package var namespace: String
    package var jsonPointers: [FieldPattern] = []
    package var fieldPaths: [FieldPattern] = []
    package var jqPathExpressions: [FieldPattern] = []
    /// All fields that these field managers own.
    package var managedFieldsManagers: [String] = []
    /// `take`, `leave` or `fail`.
    package var conflict = "leave"

    /// The fields, in whichever form they are named.
    package var fields: [FieldPattern] { jsonPointers + fieldPaths + jqPathExpressions }

    package init(group: String, kind: String, name: String, namespace: String) {
        self.group = group
        self.kind = kind
        self.name = name
        self.namespace = namespace
    }

    /// What may be done about a field that another field manager owns and that differs.
    static let policies = ["take", "leave", "fail"]

    static let settings = SettingGroup(
        empty: IgnoredDifference(group: "", kind: "", name: "", namespace: ""),
        [
            Setting("group", \.group, .text, default: "", "The API group; empty for the core group, * for all."),
            Setting("kind", \.kind, .word, isRequired: true, "The kind; * for all."),
            Setting("name", \.name, .text, default: "", "The object's name; empty for all."),
            Setting("namespace", \.namespace, .text, default: "", "The object's namespace; empty for all."),
            Setting("jsonPointers", \.jsonPointers, .list(of: pointer), "The fields, as JSON Pointers such as /spec/replicas."),
            Setting(
                "fieldPaths", \.fieldPaths, .list(of: path),
                "The fields, as paths through lists by key: spec.template.spec.containers[name=web].image."),
            Setting(
                "jqPathExpressions", \.jqPathExpressions, .list(of: path),
                "The fields in jq's words, as far as they only name fields: .webhooks[].clientConfig.caBundle, "
                    + ".spec.containers[] | select(.name == \"web\") | .image."),
            Setting(
                "managedFieldsManagers", \.managedFieldsManagers, .list(of: .word), "All fields that these field managers own."),
            Setting(
                "conflict", \.conflict, .choice(policies), default: "leave",
                "What is done where another field manager owns such a field: take it, leave it, or make no plan (fail)."),
        ])

    private static let pointer = SettingKind<FieldPattern>(["type": "string", "pattern": "^/"]) { field throws(Diagnostic) in
        guard let pattern = FieldPattern(jsonPointer: try field.text()) else {
            throw field.fault("must be a JSON Pointer, which begins with '/'")
        }
        return pattern
    }

    private static let path = SettingKind<FieldPattern>(["type": "string", "minLength": 1]) { field throws(Diagnostic) in
        let text = try field.text()
        do throws(Diagnostic) { return try FieldPattern(path: text) } catch {
            throw Diagnostic(error.message, at: field.position, advice: error.advice)
        }
    }
}
