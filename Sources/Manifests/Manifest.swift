/// One object as a repository defines it.
package struct Manifest: Sendable {
    /// The object itself: a mapping with `apiVersion`, `kind` and `metadata.name` (or `generateName`).
    package var value: Value
    /// The file and line in which it is defined.
    package var source: SourcePosition

    package init(value: Value, source: SourcePosition) {
        self.value = value
        self.source = source
    }

    package var apiVersion: String { value["apiVersion"]?.string ?? "" }
    package var kind: String { value["kind"]?.string ?? "" }
    package var name: String { value.at("metadata", "name")?.string ?? "" }
    /// Empty when the manifest names none.
    package var namespace: String { value.at("metadata", "namespace")?.string ?? "" }
    package var groupVersionKind: GroupVersionKind { GroupVersionKind(apiVersion: apiVersion, kind: kind) }
    package var reference: ObjectReference {
        ObjectReference(group: groupVersionKind.group, kind: kind, namespace: namespace, name: name)
    }
}
