internal import ChartSources
internal import Git
internal import KubernetesAPI
internal import Planning
internal import Rendering
internal import Settings

/// What charts are rendered for.
struct ChartTarget: Sendable {
    var namespace: String?
    /// The target's version and what it serves; `nil` for what Helm assumes without a target.
    var kubeVersion: String?
    var servedVersions: [String]?
    var failsOnRandom = false
    /// Answers what templates look up; `nil` for nothing, as in `helm template`.
    var live: (any LiveObjects)?
}

extension TargetSession {
    /// What the target can do, as charts ask for it: `apps/v1` and `apps/v1/Deployment`.
    func chartTarget(namespace: String, failsOnRandom: Bool) -> ChartTarget {
        var served = Set<String>()
        for resource in discovery.resources where !resource.plural.contains("/") {
            served.insert(resource.apiVersion)
            served.insert("\(resource.apiVersion)/\(resource.kind)")
        }
        return ChartTarget(
            namespace: namespace, kubeVersion: target.serverVersion, servedVersions: served.sorted(), failsOnRandom: failsOnRandom)
    }
}

extension ChartOptions {
    /// The charts of an environment as the configuration names them.
    init(_ environment: EnvironmentConfiguration, target: ChartTarget, store: ChartStore, revision: String?) {
        let namespace = target.namespace ?? environment.namespace ?? "default"
        self.init(
            releases: environment.charts.map { ChartRelease($0, namespace: namespace) }, folderRelease: environment.name,
            namespace: namespace, kubeVersion: target.kubeVersion, servedVersions: target.servedVersions, store: store,
            revision: revision, failsOnRandom: target.failsOnRandom, isFolderOptional: !environment.hasOwnPath)
        live = target.live
    }
}

extension ChartRelease {
    fileprivate init(_ chart: ChartConfiguration, namespace: String) {
        let location: Location
        if let repo = chart.repo {
            location = .published(
                ChartReference(repository: repo, name: chart.chart, version: chart.version ?? "", digest: chart.digest ?? ""))
        } else if chart.isPublished {
            location = .published(
                ChartReference(location: chart.chart, version: chart.version ?? "", digest: chart.digest ?? ""))
        } else {
            location = .path(chart.chart)
        }
        self.init(location: location, name: chart.releaseName, namespace: chart.namespace ?? namespace)
        valuesFiles = chart.valuesFiles
        values = chart.values
        assignments = chart.set.map { .typed($0) }
        includesCRDs = chart.includesCRDs
        includesHooks = !chart.skipsHooks
        kubeVersion = chart.kubeVersion
        apiVersions = chart.apiVersions
        postRender = chart.postRender
        position = chart.position
    }
}

extension ProcessContext {
    /// Charts of this run. Nothing is fetched before a chart is asked for that is published elsewhere.
    var chartStore: ChartStore {
        let console = console
        return ChartStore(
            source: PublishedCharts(
                environment: ChartEnvironment(
                    variables: variables, homeDirectory: homeDirectory, cacheDirectory: gitEnvironment.cacheDirectory,
                    userAgent: "plumb/\(PlumbVersion.text)"),
                log: { console.detail($0) }))
    }
}
