/// How a kustomization is built: what kustomize's command-line flags say, and what plumb adds.
package struct KustomizeOptions: Sendable {
    /// Which files a kustomization may read (`--load-restrictor`).
    package enum LoadRestrictor: Sendable {
        /// Files in or below the kustomization's own folder alone.
        case rootOnly
        /// Any file of the tree.
        case none
    }

    /// The order of the objects when the kustomization's `sortOptions` say none (`--reorder`).
    package enum Order: Sendable {
        /// As they were read: what Flux applies.
        case none
        /// Namespaces and definitions first, webhook configurations last: what `kustomize build` prints.
        case legacy
    }

    package var loadRestrictor: LoadRestrictor
    package var order: Order
    /// Fetches bases that are Git URLs; `nil` refuses them.
    package var remoteBases: (any RemoteBaseProvider)?
    /// Fetches charts that repositories of charts publish; `nil` refuses them.
    package var charts: (any KustomizeChartProvider)?
    /// Renders a folder without a kustomization file as if it had one that lists all manifests below, as Flux does.
    package var generatesKustomization: Bool
    /// What this build has in common with others of the same tree and options; `nil` for nothing.
    package var sharing: KustomizeSharing?

    package init(
        loadRestrictor: LoadRestrictor = .rootOnly, order: Order = .none, remoteBases: (any RemoteBaseProvider)? = nil,
        generatesKustomization: Bool = false
    ) {
        self.loadRestrictor = loadRestrictor
        self.order = order
        self.remoteBases = remoteBases
        self.generatesKustomization = generatesKustomization
    }
}

/// Fetches the charts that kustomizations name by repository, name and version.
package protocol KustomizeChartProvider: Sendable {
    /// - Throws: `Diagnostic` when there is no such chart, or it cannot be reached.
    func chart(repository: String, name: String, version: String) async throws -> HelmChart
}
