package import Manifests

/// The charts of a run: each is read once, and what was parsed of its templates serves all its releases.
package actor ChartStore: KustomizeChartProvider {
    private let source: (any ChartSource)?
    private var folders: [Place: HelmChart] = [:]
    private var published: [ChartReference: HelmChart] = [:]

    private struct Place: Hashable {
        var tree: String
        var folder: String
    }

    /// How deep charts may name one another by path.
    private static let depthMax = 20

    package init(source: (any ChartSource)? = nil) { self.source = source }

    /// The chart in a folder or an archive of a tree, with the dependencies that its `charts` folder does not hold.
    /// - Parameter revision: tells trees apart; charts of trees without one are read anew each time.
    /// - Throws: `Diagnostic` when it is no valid chart, or a dependency is not to be had.
    package func chart(in tree: any FileTree, folder: String, revision: String? = nil) async throws -> HelmChart {
        try await chart(in: tree, folder: folder, revision: revision, depth: 0)
    }

    private func chart(in tree: any FileTree, folder: String, revision: String?, depth: Int) async throws -> HelmChart {
        guard depth < Self.depthMax else {
            throw Diagnostic(
                "charts depend on one another by path more than \(Self.depthMax) levels deep", at: SourcePosition(file: folder))
        }
        let place = revision.map { Place(tree: $0, folder: folder) }
        if let place, let known = folders[place] { return known }
        guard let resolved = try tree.resolve(folder), try tree.entry(at: resolved) != nil else {
            throw Diagnostic("there is no such chart", at: SourcePosition(file: folder))
        }
        var chart = try HelmChart.load(tree: tree, folder: resolved)
        chart = try await complete(chart, tree: tree, folder: resolved, revision: revision, depth: depth)
        if let place { folders[place] = chart }
        return chart
    }

    /// A published chart.
    /// - Throws: `Diagnostic` when there is none, it cannot be reached, or it is no valid chart.
    package func chart(_ reference: ChartReference) async throws -> HelmChart {
        if let known = published[reference] { return known }
        guard let source else {
            throw Diagnostic("the chart \(reference) is not in the repository, and nothing is fetched here")
        }
        let archive = try await source.archive(of: reference)
        let chart = try HelmChart.load(archive: archive.bytes, origin: "\(reference)")
        published[reference] = chart
        return chart
    }

    /// A chart that a kustomization names by repository, name and version.
    package func chart(repository: String, name: String, version: String) async throws -> HelmChart {
        try await chart(ChartReference(repository: repository, name: name, version: version))
    }

    // MARK: Dependencies

    /// The chart with what it depends on and `charts/` does not hold.
    private func complete(_ chart: HelmChart, tree: any FileTree, folder: String, revision: String?, depth: Int) async throws -> HelmChart {
        let missing = chart.metadata.dependencies.filter { dependency in !chart.subcharts.contains { $0.name == dependency.name } }
        guard !missing.isEmpty else { return chart }
        let file = SourcePosition(file: folder.isEmpty ? "Chart.yaml" : folder + "/Chart.yaml")
        let lock = try lock(of: chart, folder: folder)
        var fetched: [HelmChart] = []
        for dependency in missing {
            if dependency.repository.hasPrefix("file://") {
                let path = String(dependency.repository.dropFirst("file://".count))
                guard let target = TreePath.join(folder, path) else {
                    throw Diagnostic("the dependency \(dependency.name) stands outside of the repository: \(path)", at: file)
                }
                fetched.append(try await self.chart(in: tree, folder: target, revision: revision, depth: depth + 1))
                continue
            }
            guard let reference = Self.reference(dependency, lock), source != nil else {
                // Rendering says what is missing in Helm's words.
                continue
            }
            do {
                fetched.append(try await self.chart(reference))
            } catch let error as Diagnostic {
                throw Diagnostic(
                    "the dependency \(dependency.name) cannot be had: \(error.description)", at: file,
                    advice: "put it into charts/ with 'helm dependency build' to render without a network")
            }
        }
        return chart.adding(fetched)
    }

    private func lock(of chart: HelmChart, folder: String) throws -> ChartLock? {
        guard let bytes = chart.lock else { return nil }
        let file = SourcePosition(file: folder.isEmpty ? "Chart.lock" : folder + "/Chart.lock")
        do {
            let lock = try ChartLock(bytes)
            if lock.isInSync(with: chart.metadata.dependencies, apiVersion: chart.metadata.apiVersion) { return lock }
        } catch let error as GoError {
            throw Diagnostic(error.message, at: file)
        }
        throw Diagnostic(
            "the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml)", at: file,
            advice: "update the dependencies with 'helm dependency update', and commit the lock file")
    }

    /// Where a dependency is published; the lock names the version. `nil` when no repository is named.
    private static func reference(_ dependency: ChartDependency, _ lock: ChartLock?) -> ChartReference? {
        guard !dependency.repository.isEmpty else { return nil }
        let locked = lock?.entries.first { $0.name == dependency.name && $0.repository == dependency.repository }
        return ChartReference(
            repository: dependency.repository, name: dependency.name, version: locked?.version ?? dependency.version)
    }
}
