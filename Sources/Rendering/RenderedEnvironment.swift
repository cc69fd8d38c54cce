package import Manifests

/// What an environment folder renders to: the desired objects in stable order, and what is worth a warning.
package struct RenderedEnvironment: Sendable {
    package var manifests: [Manifest]
    package var warnings: [Diagnostic]

    package init(manifests: [Manifest], warnings: [Diagnostic] = []) {
        self.manifests = manifests
        self.warnings = warnings
    }
}
