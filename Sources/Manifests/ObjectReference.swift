/// The kind of an object with its API group and version.
package struct GroupVersionKind: Hashable, Sendable {
    /// Empty for the core group.
    package var group: String
    package var version: String
    package var kind: String

    package init(group: String, version: String, kind: String) {
        self.group = group
        self.version = version
        self.kind = kind
    }

    /// Takes `apiVersion` apart: `apps/v1` is group `apps`, version `v1`; `v1` is the core group's.
    package init(apiVersion: String, kind: String) {
        let text = apiVersion.utf8
        if let slash = text.firstIndex(of: UInt8(ascii: "/")) {
            self.init(
                group: String(apiVersion[..<slash]), version: String(apiVersion[text.index(after: slash)...]), kind: kind)
        } else {
            self.init(group: "", version: apiVersion, kind: kind)
        }
    }

    package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
    package var groupKind: GroupKind { GroupKind(group: group, kind: kind) }
}

/// A kind without its version: what an object is identified by.
package struct GroupKind: Hashable, Sendable {
    package var group: String
    package var kind: String

    package init(group: String, kind: String) {
        self.group = group
        self.kind = kind
    }
}

extension GroupKind: CustomStringConvertible {
    /// `apps/Deployment`, and `ConfigMap` for the core group.
    package var description: String { group.isEmpty ? kind : "\(group)/\(kind)" }
}

/// One API object, identified by group, kind, namespace and name, never by version.
package struct ObjectReference: Hashable, Sendable {
    package var group: String
    package var kind: String
    /// Empty for objects of the whole cluster.
    package var namespace: String
    package var name: String

    package init(group: String, kind: String, namespace: String, name: String) {
        self.group = group
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }

    package var groupKind: GroupKind { GroupKind(group: group, kind: kind) }

    /// The id that plans, logs and errors use: `apps/Deployment/shop/web`; without the group for the core group
    /// (`ConfigMap/shop/settings`), without the namespace for what has none (`Namespace/shop`).
    package var id: String {
        var id = group.isEmpty ? kind : "\(group)/\(kind)"
        if !namespace.isEmpty { id += "/\(namespace)" }
        return "\(id)/\(name)"
    }
}

extension ObjectReference: CustomStringConvertible {
    package var description: String { id }
}

extension ObjectReference: Comparable {
    package static func < (left: ObjectReference, right: ObjectReference) -> Bool {
        // One after the other: a tuple of them all would copy them first.
        if left.group != right.group { return left.group < right.group }
        if left.kind != right.kind { return left.kind < right.kind }
        if left.namespace != right.namespace { return left.namespace < right.namespace }
        return left.name < right.name
    }

    /// Without the group, which tells few apart that the rest does not.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(namespace)
        hasher.combine(name)
    }
}
