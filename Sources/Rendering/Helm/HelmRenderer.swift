package import Manifests

/// Renders charts as `helm template` does: no cluster is asked, and nothing outside the chart is read.
package enum HelmRenderer {
    /// How many bytes of stack a rendering may use: templates call one another through the machine's own calls.
    private static let stackBytes = 512 << 20

    /// Renders a release of a chart.
    /// - Parameter lookup: what the `lookup` function is answered from (group and version, kind, namespace, name); without
    ///   it nothing is found.
    /// - Throws: `Diagnostic` with Helm's message.
    package static func render(
        _ chart: HelmChart, _ release: HelmRelease, limits: EvaluationLimits = EvaluationLimits(),
        lookup: (@Sendable (String, String, String, String) throws -> Value)? = nil
    ) throws -> HelmOutput {
        var limits = limits
        limits.stackBytesMax = stackBytes - (16 << 20)
        let bounds = limits
        do {
            return try LargeStack.run(bytes: stackBytes) {
                try Rendering(chart: chart, release: release, limits: bounds, lookup: lookup).run()
            }
        } catch let error as GoError {
            throw Diagnostic(error.message)
        }
    }

    private struct Rendering {
        let chart: HelmChart
        let release: HelmRelease
        let limits: EvaluationLimits
        let lookup: (@Sendable (String, String, String, String) throws -> Value)?

        func run() throws -> HelmOutput {
            let kubeVersion: KubeVersionObject
            do {
                kubeVersion = try KubeVersionObject(release.kubeVersion ?? KubeVersionObject.standard)
            } catch let error as GoError {
                throw GoError("invalid kube version '\(release.kubeVersion ?? "")': \(error.message)")
            }
            let userValues = try release.userValues()
            try checkChart()
            let tree = ChartTree(chart)
            do {
                try ChartDependencies.process(tree, userValues)
            } catch let error as GoError {
                throw GoError("chart dependencies processing failed: \(error.message)")
            }
            let values = try ChartValues.coalesce(tree, userValues)
            if release.validatesValues { try ValuesSchema.check(tree, values) }
            try checkKubeVersion(kubeVersion)
            let capabilities = CapabilitiesObject(kubeVersion, apiVersions: release.apiVersions, served: release.servedVersions)
            let engine = HelmEngine(
                tree: tree, values: values, release: releaseObject, capabilities: capabilities, limits: limits, lookup: lookup)
            let files = try engine.render(chart.templateCache)
            return try ManifestCollector(tree: tree, release: release).output(files, engine.randomness)
        }

        private func checkChart() throws {
            guard ["", "application"].contains(chart.metadata.type) else {
                throw GoError("\(chart.metadata.type) charts are not installable")
            }
            let missing = ChartDependencies.missing(chart)
            guard missing.isEmpty else {
                throw GoError(
                    "an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: \(missing.joined(separator: ", "))"
                )
            }
        }

        private func checkKubeVersion(_ version: KubeVersionObject) throws {
            let range = chart.metadata.kubeVersion
            if range.isEmpty { return }
            if let constraint = try? VersionConstraint(range), let parsed = try? SemanticVersion(version.normalized),
                constraint.contains(parsed)
            {
                return
            }
            throw GoError("chart requires kubeVersion: \(range) which is incompatible with Kubernetes \(version.fullVersion)")
        }

        private var releaseObject: GoMap {
            GoMap(unsorted: [
                .init(key: "Name", value: .string(release.name)), .init(key: "Namespace", value: .string(release.namespace)),
                .init(key: "IsUpgrade", value: .bool(release.isUpgrade)), .init(key: "IsInstall", value: .bool(!release.isUpgrade)),
                .init(key: "Revision", value: .int(1)), .init(key: "Service", value: .string("Helm")),
            ])
        }
    }
}
