/// A chart of one release with the subcharts that take part: what conditions, tags, aliases and imports make of it.
final class ChartTree {
    let chart: HelmChart
    /// The chart's name, or the alias that its parent gives it.
    var metadata: ChartMetadata
    var values: GoMap
    private(set) var dependencies: [ChartTree] = []
    private(set) weak var parent: ChartTree?

    init(_ chart: HelmChart) {
        self.chart = chart
        metadata = chart.metadata
        if case .map(let map) = GoValue(chart.values) { values = map } else { values = GoMap() }
        setDependencies(chart.subcharts.map(ChartTree.init))
    }

    var name: String { metadata.name }
    var isRoot: Bool { parent == nil }
    var isLibrary: Bool { metadata.type.lowercased() == "library" }

    /// The path of names from the root down.
    var path: String {
        guard let parent else { return name }
        return parent.path + "/charts/" + name
    }

    func setDependencies(_ dependencies: [ChartTree]) {
        self.dependencies = dependencies
        for dependency in dependencies { dependency.parent = self }
    }

    /// The chart again, for another alias.
    func copy() -> ChartTree { ChartTree(chart) }
}
