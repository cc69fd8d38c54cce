package import Manifests

/// What an environment folder renders to: the desired objects in stable order, and what is worth a warning.
package struct RenderedEnvironment: Sendable {
    package var manifests: [Manifest]
    package var warnings: [Diagnostic]
    /// What templates looked up in the target: the objects depend on it.
    package var lookups: [LiveAnswer] = []

    package init(manifests: [Manifest], warnings: [Diagnostic] = [], lookups: [LiveAnswer] = []) {
        self.manifests = manifests
        self.warnings = warnings
        self.lookups = lookups
    }
}
