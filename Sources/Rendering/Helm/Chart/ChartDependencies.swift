/// Which subcharts take part, under which names, and what they lend to their parents (pkg/chart/v2/util/dependencies.go).
enum ChartDependencies {
    /// - Throws: `GoError` when values and charts do not fit.
    static func process(_ tree: ChartTree, _ values: GoMap) throws {
        try enable(tree, values, path: "")
        try importAll(tree)
    }

    /// Charts that `Chart.yaml` names and `charts/` does not hold.
    static func missing(_ chart: HelmChart) -> [String] {
        chart.metadata.dependencies.filter { dependency in !chart.subcharts.contains { $0.name == dependency.name } }.map(\.name)
    }

    private static func isInRange(_ range: String, _ version: String) -> Bool {
        guard let constraint = try? VersionConstraint(range), let version = try? SemanticVersion(version) else { return false }
        return constraint.contains(version)
    }

    private static func enable(_ tree: ChartTree, _ values: GoMap, path: String) throws {
        guard tree.metadata.hasDependencies else { return }
        // Charts that nobody named take part as they are; the others as often as they are named.
        var charts = tree.dependencies.filter { existing in
            !tree.metadata.dependencies.contains { $0.name == existing.name && isInRange($0.version, existing.metadata.version) }
        }
        for index in tree.metadata.dependencies.indices {
            let dependency = tree.metadata.dependencies[index]
            let found = tree.dependencies.first {
                $0.name == dependency.name && isInRange(dependency.version, $0.metadata.version)
            }
            if let found {
                let copy = found.copy()
                if !dependency.alias.isEmpty { copy.metadata.name = dependency.alias }
                charts.append(copy)
            }
            if !dependency.alias.isEmpty { tree.metadata.dependencies[index].name = dependency.alias }
            tree.metadata.dependencies[index].isEnabled = true
        }
        tree.setDependencies(charts)
        let all = try ChartValues.coalesce(tree, values)
        applyTags(tree, all)
        applyConditions(tree, all, path)
        let disabled = Set(tree.metadata.dependencies.filter { !$0.isEnabled }.map(\.name))
        let enabled = tree.dependencies.filter { !disabled.contains($0.name) }
        for subchart in enabled { try enable(subchart, all, path: path + subchart.name + ".") }
        tree.metadata.dependencies.removeAll { disabled.contains($0.name) }
        tree.metadata.hasDependencies = !tree.metadata.dependencies.isEmpty
        tree.setDependencies(enabled)
    }

    private static func applyTags(_ tree: ChartTree, _ values: GoMap) {
        guard case .map(let tags)? = values["tags"] else { return }
        for index in tree.metadata.dependencies.indices {
            var hasTrue = false
            var hasFalse = false
            for tag in tree.metadata.dependencies[index].tags {
                guard case .bool(let bool)? = tags[tag] else { continue }
                if bool { hasTrue = true } else { hasFalse = true }
            }
            tree.metadata.dependencies[index].isEnabled = hasTrue || !hasFalse
        }
    }

    /// The first condition that has a value decides.
    private static func applyConditions(_ tree: ChartTree, _ values: GoMap, _ path: String) {
        for index in tree.metadata.dependencies.indices {
            let condition = ByteText.trimSpace(tree.metadata.dependencies[index].condition)
            for part in condition.split(separator: ",") {
                guard case .bool(let bool)? = ChartValues.value(path + part, in: values) else { continue }
                tree.metadata.dependencies[index].isEnabled = bool
                break
            }
        }
    }

    private static func importAll(_ tree: ChartTree) throws {
        for subchart in tree.dependencies { try importAll(subchart) }
        guard tree.metadata.hasDependencies else { return }
        let all = try ChartValues.merge(tree, GoMap())
        let imported = GoMap()
        for dependency in tree.metadata.dependencies {
            for item in dependency.imports {
                switch item {
                case .export(let name):
                    guard let table = ChartValues.table("\(dependency.name).exports.\(name)", in: all) else { continue }
                    ChartValues.combineTables(imported, table, true, depth: 0)
                case .table(let child, let parent):
                    guard let table = ChartValues.table("\(dependency.name).\(child)", in: all) else { continue }
                    ChartValues.combineTables(imported, nested(table, at: parent), true, depth: 0)
                }
            }
        }
        guard case .map(let own) = try SprigDicts.deepCopy(.map(all)) else { return }
        ChartValues.combineTables(own, imported, true, depth: 0)
        tree.values = own
    }

    private static func nested(_ table: GoMap, at path: String) -> GoMap {
        if path == "." { return table }
        var result = table
        for key in path.split(separator: ".", omittingEmptySubsequences: false).reversed() {
            result = GoMap(unsorted: [.init(key: String(key), value: .map(result))])
        }
        return result
    }
}
