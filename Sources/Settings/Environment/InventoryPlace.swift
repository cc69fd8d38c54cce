internal import Manifests

/// Where inventory and lock are kept.
package struct InventoryPlace: Hashable, Sendable {
    /// The namespace in the target; `nil` for the environment's.
    package var namespace: String?
    /// A file in place of objects in the target.
    package var file: String?

    package init(namespace: String? = nil, file: String? = nil) {
        self.namespace = namespace
        self.file = file
    }

    static let settings = SettingGroup(
        empty: InventoryPlace(),
        [
            Setting("namespace", \.namespace, .word, "The namespace in the target. By default the environment's."),
            Setting("file", \.file, .word, "A file in place of objects in the target, for targets that serve no ConfigMaps or Leases."),
        ])
}
