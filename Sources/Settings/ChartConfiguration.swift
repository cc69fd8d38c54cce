package import Manifests

/// A chart of an environment, with the values that it has there.
package struct ChartConfiguration: Hashable, Sendable {
    /// A folder or `.tgz` of the repository, the name of a chart in `repo`, or an `oci://` URL with the chart's name.
    package var chart: String
    /// The URL of a repository, `https://` or `oci://`.
    package var repo: String?
    /// A version or a range of versions.
    package var version: String?
    /// The digest that the archive must have.
    package var digest: String?
    package var releaseName: String
    package var namespace: String?
    package var valuesFiles: [String] = []
    package var values = Object()
    /// Assignments in the form of Helm's `--set`.
    package var set: [String] = []
    package var includesCRDs = true
    package var skipsHooks = false
    package var kubeVersion: String?
    package var apiVersions: [String] = []
    /// Fields of a kustomization that the chart's objects go through.
    package var postRender: Object?
    package var position: SourcePosition

    /// Whether the chart is published elsewhere than in the repository.
    package var isPublished: Bool { repo != nil || chart.hasPrefix("oci://") }
}
