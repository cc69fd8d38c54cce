package import Manifests

/// What a build gives.
package struct KustomizeResult: Sendable {
    /// The objects, each with the file and line that defines it, in the order in which kustomize prints them.
    package var manifests: [Manifest]
    /// What kustomize says on standard error: deprecated fields.
    package var warnings: [Diagnostic]

    package init(manifests: [Manifest], warnings: [Diagnostic]) {
        self.manifests = manifests
        self.warnings = warnings
    }
}
