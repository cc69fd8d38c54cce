internal import Manifests

/// What the objects of an inventory were rendered by, besides a commit which says all else.
///
/// Where it is the same and nothing changed in Git that the rendering reads, the objects are the same without being rendered.
package struct RenderingRecord: Hashable, Sendable {
    package var plumbVersion: String
    /// For namespaced objects that name none.
    package var defaultNamespace: String

    package init(plumbVersion: String, defaultNamespace: String) {
        self.plumbVersion = plumbVersion
        self.defaultNamespace = defaultNamespace
    }
}

extension RenderingRecord {
    var encoded: Value { ["plumbVersion": .string(plumbVersion), "defaultNamespace": .string(defaultNamespace)] }

    init?(decoding value: Value) {
        guard let version = value["plumbVersion"]?.string, let namespace = value["defaultNamespace"]?.string else { return nil }
        self.init(plumbVersion: version, defaultNamespace: namespace)
    }
}
