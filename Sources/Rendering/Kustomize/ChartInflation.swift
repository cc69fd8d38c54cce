import Manifests

/// Renders the charts that a kustomization lists, as kustomize lets `helm template` do it.
struct ChartInflation {
    let field: ChartField
    let loader: FolderLoader
    /// The kustomization's `namespace`, which the release is in when its entry names none.
    let ownNamespace: String
    let position: () -> SourcePosition

    private static let homeByDefault = "charts"
    private static let hook = "helm.sh/hook"

    /// The chart's objects in the order in which Helm prints them.
    func generate() throws -> [Resource] {
        let place = position()
        do {
            let chart = try self.chart()
            var release = HelmRelease(
                name: try releaseName(chart), namespace: namespace,
                values: try values(), includesCRDs: field.includesCRDs)
            release.kubeVersion = field.kubeVersion.isEmpty ? nil : field.kubeVersion
            release.apiVersions = field.apiVersions
            let output = try HelmRenderer.render(chart, release)
            return try ResourceReader.read(output.text, file: place.file).filter(isWanted).map { resource in
                var resource = resource
                resource.source = place
                resource.isOfChart = true
                resource.makeAnnotationsTexts()
                return resource
            }
        } catch let fault as GoError {
            throw Diagnostic("the chart '\(field.name)': \(fault.message)", at: place)
        } catch let fault as Diagnostic {
            throw Diagnostic("the chart '\(field.name)': \(fault.message)", at: place, object: fault.object, advice: fault.advice)
        }
    }

    private var namespace: String {
        [field.namespace, ownNamespace].first { !$0.isEmpty } ?? "default"
    }

    // MARK: The chart

    /// Where kustomize looks for the chart on disk: what it fetched itself lies in a folder with the version.
    static func folder(of field: ChartField, _ loader: FolderLoader) throws -> String? {
        let home = field.home.isEmpty ? homeByDefault : field.home
        var names = ["\(home)/\(field.name)"]
        if field.isPublished, !field.version.isEmpty { names.insert("\(home)/\(field.name)-\(field.version)/\(field.name)", at: 0) }
        for name in names {
            guard let path = TreePath.join(loader.root, name), let resolved = try loader.tree.resolve(path) else { continue }
            if try loader.tree.entry(at: resolved) == .folder { return resolved }
        }
        return nil
    }

    private func chart() throws -> HelmChart {
        if let folder = try Self.folder(of: field, loader) { return try HelmChart.load(tree: loader.tree, folder: folder) }
        let home = field.home.isEmpty ? Self.homeByDefault : field.home
        guard field.isPublished else {
            throw Diagnostic(
                "there is no folder '\(home)/\(field.name)', and no 'repo' to fetch the chart from",
                advice: "copy the chart there, or name its repository with 'repo'")
        }
        guard let fetched = loader.charts[field.pointer] else {
            throw Diagnostic(
                "it is published at \(RemoteBaseURL.redacted(field.repository)), and is not fetched",
                advice: "\(FolderLoader.remoteAdvice) with 'helm pull --untar' as '\(home)/\(field.name)'")
        }
        return try fetched.get()
    }

    /// Helm would make up a name that is another one each time; ours stays the same.
    private func releaseName(_ chart: HelmChart) throws -> String {
        guard field.nameTemplate.isEmpty else {
            throw Diagnostic("'nameTemplate' is not supported", advice: "give the release a name with 'releaseName'")
        }
        return field.releaseName.isEmpty ? chart.name : field.releaseName
    }

    private func isWanted(_ resource: Resource) -> Bool {
        guard field.skipsHooks || field.skipsTests, let text = resource.annotation(Self.hook) else { return true }
        if field.skipsHooks { return false }
        let events = text.split(separator: ",").map { $0.filter { $0 != " " } }
        return !events.contains { $0 == "test" || $0 == "test-success" || $0 == "test-failure" }
    }

    // MARK: Values

    private func values() throws -> [Value] {
        var layers: [Value] = []
        var file: Value?
        if !field.valuesFile.isEmpty { file = try ValuesReader.values(loader.load(field.valuesFile)) }
        switch (field.valuesInline, field.valuesMerge) {
        case (nil, _): if let file { layers.append(file) }
        case (let inline?, .replace): layers.append(inline)
        case (let inline?, .override): layers += [file, inline].compactMap { $0 }
        case (let inline?, .merge): layers.append(try filled(file, from: inline))
        }
        for path in field.additionalValuesFiles { layers.append(try ValuesReader.values(loader.load(path))) }
        return layers
    }

    /// The file's values, with the inline ones where the file, or else the chart, has none.
    private func filled(_ file: Value?, from inline: Value) throws -> Value {
        let base: Value
        if let file { base = file } else { base = try chart().values }
        return Self.fill(base, from: inline)
    }

    private static func fill(_ base: Value, from other: Value) -> Value {
        switch (base, other) {
        case (.object(var own), .object(let more)):
            for member in more.members {
                if let known = own[member.key] { own[member.key] = fill(known, from: member.value) } else { own[member.key] = member.value }
            }
            return .object(own)
        default: return base
        }
    }
}
