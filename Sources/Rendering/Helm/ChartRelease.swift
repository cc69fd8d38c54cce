package import Manifests

/// A chart that an environment names, with the values that it is rendered with there.
package struct ChartRelease: Sendable {
    package enum Location: Hashable, Sendable {
        /// A folder or a `.tgz` below the tree's root.
        case path(String)
        case published(ChartReference)
    }

    package var location: Location
    package var name: String
    package var namespace: String
    /// Files with values below the tree's root, the later over the earlier.
    package var valuesFiles: [String] = []
    /// Values over those of the files.
    package var values: Object = Object()
    /// Assignments in the form of `--set`, over everything else.
    package var assignments: [HelmRelease.Assignment] = []
    package var includesCRDs = true
    /// Whether hooks are among the objects. Hooks for tests never are.
    package var includesHooks = true
    package var kubeVersion: String?
    package var apiVersions: [String] = []
    /// Fields of a kustomization that the objects go through, such as patches and images; paths are the tree's.
    package var postRender: Object?
    /// Where the release is named, for errors.
    package var position: SourcePosition?

    package init(location: Location, name: String, namespace: String) {
        self.location = location
        self.name = name
        self.namespace = namespace
    }
}

/// What charts are rendered for, and where they are had from.
package struct ChartOptions: Sendable {
    /// Charts besides what stands in the environment's folder.
    package var releases: [ChartRelease]
    /// Name and namespace of the release when the environment's folder is a chart itself.
    package var folderRelease: String?
    package var namespace: String
    /// What the target is, for charts that say nothing of it themselves.
    package var kubeVersion: String?
    /// What the target serves, in place of what Helm assumes; `nil` without a target.
    package var servedVersions: [String]?
    package var store: ChartStore
    /// Answers the templates' `lookup`; without it nothing is found.
    package var live: (any LiveObjects)?
    /// Tells the tree apart from others, so that its charts are read once.
    package var revision: String?
    /// Makes it an error when a template calls a function without a fixed result.
    package var failsOnRandom: Bool
    /// Whether the environment's own folder may be missing.
    package var isFolderOptional: Bool

    package init(
        releases: [ChartRelease] = [], folderRelease: String? = nil, namespace: String = "default", kubeVersion: String? = nil,
        servedVersions: [String]? = nil, store: ChartStore = ChartStore(), revision: String? = nil, failsOnRandom: Bool = false,
        isFolderOptional: Bool = false
    ) {
        self.releases = releases
        self.folderRelease = folderRelease
        self.namespace = namespace
        self.kubeVersion = kubeVersion
        self.servedVersions = servedVersions
        self.store = store
        self.revision = revision
        self.failsOnRandom = failsOnRandom
        self.isFolderOptional = isFolderOptional
    }
}
