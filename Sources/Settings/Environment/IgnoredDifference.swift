internal import Manifests

/// Live fields that are left as they are, in Argo CD's form.
package struct IgnoredDifference: Hashable, Sendable {
    package var group: String
    package var kind: String
    package var name: String
    package var namespace: String
    package var jsonPointers: [String]

    package init(group: String, kind: String, name: String, namespace: String, jsonPointers: [String]) {
        self.group = group
        self.kind = kind
        self.name = name
        self.namespace = namespace
        self.jsonPointers = jsonPointers
    }

    static let settings = SettingGroup(
        empty: IgnoredDifference(group: "", kind: "", name: "", namespace: "", jsonPointers: []),
        [
            Setting("group", \.group, .text, default: "", "The API group; empty for the core group."),
            Setting("kind", \.kind, .word, isRequired: true, "The kind."),
            Setting("name", \.name, .text, default: "", "The object's name; empty for all."),
            Setting("namespace", \.namespace, .text, default: "", "The object's namespace; empty for all."),
            Setting("jsonPointers", \.jsonPointers, .list(of: pointer), "The fields, as JSON Pointers such as /spec/replicas."),
        ])

    private static let pointer = SettingKind<String>.text.checked(["pattern": "^/"]) { text, field throws(Diagnostic) in
        guard JSONPointer.tokens(text) != nil else { throw field.fault("must be a JSON Pointer, which begins with '/'") }
        return text
    }
}
