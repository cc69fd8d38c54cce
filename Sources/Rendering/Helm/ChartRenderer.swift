internal import Manifests

/// Renders the charts of an environment into desired objects.
struct ChartRenderer: Sendable {
    let tree: any FileTree
    let options: ChartOptions

    /// The objects of a release: definitions first, then the others in the order of installation, hooks last. A hook keeps
    /// its annotations, by which it is known.
    /// - Throws: `Diagnostic` or `Diagnostics` with the place where the release is named.
    func render(_ release: ChartRelease) async throws -> RenderedEnvironment {
        do {
            return try await rendered(release)
        } catch var fault as Diagnostic {
            if fault.position == nil { fault.position = release.position }
            if fault.object == nil { fault.object = "release \(release.name)" }
            throw fault
        }
    }

    private func rendered(_ release: ChartRelease) async throws -> RenderedEnvironment {
        let chart: HelmChart
        switch release.location {
        case .path(let path): chart = try await options.store.chart(in: tree, folder: path, revision: options.revision)
        case .published(let reference): chart = try await options.store.chart(reference)
        }
        let origin = Origin(release: release, chart: chart)
        let (output, lookups) = try await output(of: chart, try helmRelease(release), origin)
        var manifests = try output.definitionManifests().map(origin.marked)
        manifests += output.manifests.map(origin.marked)
        if release.includesHooks {
            manifests += output.hooks.filter { !$0.events.contains("test") }.map { origin.marked($0.manifest) }
        }
        var faults: [Diagnostic] = []
        var objects: [Manifest] = []
        for manifest in manifests.flatMap(Self.opened) {
            let found = ManifestCheck.faults(of: manifest)
            if found.isEmpty { objects.append(manifest) } else { faults += found }
        }
        if !faults.isEmpty { throw Diagnostics(faults) }
        let randomness = Self.randomness(output, objects, isError: options.failsOnRandom)
        if options.failsOnRandom, !randomness.isEmpty { throw Diagnostics(randomness) }
        if let postRender = release.postRender {
            let processed = try await PostRenderer(tree: tree, fields: postRender).process(objects)
            return RenderedEnvironment(manifests: processed.manifests, warnings: processed.warnings + randomness, lookups: lookups)
        }
        return RenderedEnvironment(manifests: objects, warnings: randomness, lookups: lookups)
    }

    private func output(of chart: HelmChart, _ release: HelmRelease, _ origin: Origin) async throws -> (HelmOutput, [LiveAnswer]) {
        guard let live = options.live else { return (try HelmRenderer.render(chart, release), []) }
        let rendering = LiveRendering(chart: chart, release: release, source: live)
        let (output, answers) = try await rendering.run()
        let faults = LookupSecrecy(rendering: rendering, answers: answers, output: output, located: origin.marked).faults()
        if !faults.isEmpty { throw Diagnostics(faults) }
        return (output, answers)
    }

    private func helmRelease(_ release: ChartRelease) throws -> HelmRelease {
        var helm = HelmRelease(name: release.name, namespace: release.namespace)
        for file in release.valuesFiles {
            guard let resolved = try tree.resolve(file), try tree.entry(at: resolved) == .file else {
                throw Diagnostic("there is no values file '\(file)'", at: release.position)
            }
            do {
                helm.values.append(try ValuesReader.values(try tree.read(resolved)))
            } catch let error as GoError {
                throw Diagnostic(error.message, at: SourcePosition(file: file))
            }
        }
        if !release.values.isEmpty { helm.values.append(.object(release.values)) }
        helm.assignments = release.assignments
        helm.kubeVersion = release.kubeVersion ?? options.kubeVersion
        helm.apiVersions = release.apiVersions
        // Whoever names the version speaks of another target than this one.
        helm.servedVersions = release.kubeVersion == nil ? options.servedVersions : nil
        helm.includesCRDs = release.includesCRDs
        return helm
    }

    /// The items of a list are objects of their own.
    private static func opened(_ manifest: Manifest) -> [Manifest] {
        guard manifest.kind.hasSuffix("List"), !manifest.apiVersion.isEmpty, let items = manifest.value["items"]?.array else {
            return [manifest]
        }
        return items.map { item in
            var opened = manifest
            opened.value = item
            return opened
        }
    }

    /// One diagnostic for each template that calls a function without a fixed result.
    private static func randomness(_ output: HelmOutput, _ objects: [Manifest], isError: Bool) -> [Diagnostic] {
        output.randomness.map { call in
            let made = objects.filter { $0.chart?.template == call.template }
            let names = made.prefix(3).map(\.reference.id).joined(separator: ", ") + (made.count > 3 ? " and \(made.count - 3) more" : "")
            return Diagnostic(
                "the template calls '\(call.function)', whose result is another at each rendering"
                    + (isError ? "" : ": what is planned now is not what is rendered next time"),
                at: made.first?.source ?? SourcePosition(file: call.template), object: names.isEmpty ? nil : names,
                advice: "give the value by the chart's values, or take it from a Secret that exists already")
        }
    }

    /// What is known of where the objects of a release come from.
    private struct Origin {
        let release: ChartRelease
        let chart: HelmChart

        func marked(_ manifest: Manifest) -> Manifest {
            var manifest = manifest
            let template = manifest.source.file
            var name = "\(chart.name) \(chart.metadata.version)"
            switch release.location {
            case .path(let path):
                // The template's own place in the repository, where it is a file there.
                if !path.hasSuffix(".tgz"), template.hasPrefix(chart.name + "/") {
                    manifest.source.file = TreePath.child(path, String(template.dropFirst(chart.name.count + 1)))
                }
            case .published(let reference): name += " of \(ChartReference.withoutUser(reference.repository))"
            }
            var values = release.valuesFiles
            if !release.values.isEmpty { values.append(release.position.map { "\($0.file) (values)" } ?? "values") }
            if !release.assignments.isEmpty { values.append(release.position.map { "\($0.file) (set)" } ?? "set") }
            manifest.chart = ChartOrigin(chart: name, release: release.name, template: template, values: values)
            manifest.defaultNamespace = release.namespace
            return manifest
        }
    }
}
