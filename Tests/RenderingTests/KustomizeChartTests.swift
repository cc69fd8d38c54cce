import Manifests
import Testing

@testable import Rendering

/// Charts in kustomizations.
@Suite struct KustomizeChartTests {
    private let chart = [
        "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "charts/web/values.yaml": "color: red\nsize: 1\n",
        "charts/web/crds/c.yaml":
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: things.example.org}\n",
        "charts/web/templates/a.yaml":
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}', namespace: '{{ .Release.Namespace }}'}\ndata: {color: '{{ .Values.color }}', size: '{{ .Values.size }}', kube: '{{ .Capabilities.KubeVersion }}', has: '{{ .Capabilities.APIVersions.Has \"a/v1\" }}'}\n",
        "charts/web/templates/hook.yaml":
            "apiVersion: v1\nkind: Pod\nmetadata: {name: hook, annotations: {helm.sh/hook: pre-install}}\n",
        "charts/web/templates/test.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: test, annotations: {helm.sh/hook: test}}\n",
        "values.yaml": "color: green\n", "more.yaml": "size: 3\n",
    ]

    private func build(_ kustomization: String, _ options: KustomizeOptions = KustomizeOptions()) async throws -> [Manifest] {
        var files = chart
        files["kustomization.yaml"] = kustomization
        return try await KustomizeBuild.build(tree: MemoryFileTree(files), folder: "", options: options).manifests
    }

    private func data(_ manifests: [Manifest]) -> Value? { manifests.first { $0.kind == "ConfigMap" }?.value["data"] }

    @Test func chartsAreInflated() async throws {
        let manifests = try await build(
            """
            namePrefix: p-
            helmCharts:
            - name: web
              releaseName: r
              namespace: web
              kubeVersion: v1.30.2
              apiVersions: [a/v1]
            """)
        #expect(manifests.map(\.name) == ["p-r", "p-hook", "p-test"])
        #expect(manifests[0].namespace == "web")
        #expect(data(manifests) == ["color": "red", "size": "1", "kube": "v1.30.2", "has": "true"])
        #expect(manifests[0].source.description == "kustomization.yaml:3:3")
    }

    @Test(arguments: [
        ("includeCRDs: true", ["things.example.org", "r", "hook", "test"]), ("skipHooks: true", ["r"]), ("skipTests: true", ["r", "hook"]),
    ]) func whatIsLeftOut(_ option: String, _ names: [String]) async throws {
        #expect(try await build("helmCharts: [{name: web, releaseName: r, \(option)}]").map(\.name) == names)
    }

    @Test(arguments: [
        ("valuesFile: values.yaml", "green", "1"), ("valuesInline: {color: blue}", "blue", "1"),
        ("valuesFile: values.yaml, valuesInline: {color: blue, size: 2}", "blue", "2"),
        ("valuesFile: values.yaml, valuesInline: {color: blue, size: 2}, valuesMerge: merge", "green", "2"),
        ("valuesFile: values.yaml, valuesInline: {size: 2}, valuesMerge: replace", "red", "2"),
        ("valuesFile: values.yaml, additionalValuesFiles: [more.yaml]", "green", "3"),
    ]) func values(_ fields: String, _ color: String, _ size: String) async throws {
        let data = data(try await build("helmCharts: [{name: web, releaseName: r, \(fields)}]"))
        #expect(data?["color"] == .string(color) && data?["size"] == .string(size), "\(fields)")
    }

    @Test func namespacesStayThoseOfTheRelease() async throws {
        let own = try await build("namespace: shop\nhelmCharts: [{name: web, releaseName: r, namespace: web}]")
        #expect(own.map(\.namespace) == ["web", "", ""])
        let shared = try await build("namespace: shop\nhelmCharts: [{name: web, releaseName: r}]")
        #expect(shared.map(\.namespace) == ["shop", "", ""])
    }

    @Test func fieldsOfOldAndPluginsAreUnderstood() async throws {
        let old = try await build("helmChartInflationGenerator: [{chartName: web, releaseName: r, valuesLocal: {color: blue}}]")
        #expect(data(old)?["color"] == "blue")
        let plugin = try await build(
            "generators:\n- |-\n  apiVersion: builtin\n  kind: HelmChartInflationGenerator\n  metadata: {name: x}\n  name: web\n  releaseName: r\n  chartHome: charts\n"
        )
        #expect(plugin.map(\.name) == ["r", "hook", "test"])
    }

    @Test func homesAreFollowed() async throws {
        var files = chart.filter { !$0.key.hasPrefix("charts/") }
        for (path, text) in chart where path.hasPrefix("charts/") { files["up/" + path.dropFirst(7)] = text }
        files["k/kustomization.yaml"] = "helmGlobals: {chartHome: ../up}\nhelmCharts: [{name: web, releaseName: r}]\n"
        let built = try await KustomizeBuild.build(tree: MemoryFileTree(files), folder: "k", options: KustomizeOptions())
        #expect(built.manifests.first?.name == "r")
    }

    @Test func publishedChartsAreFetchedByWhoCan() async throws {
        struct Provider: KustomizeChartProvider {
            let tree: MemoryFileTree
            func chart(repository: String, name: String, version: String) async throws -> HelmChart {
                guard repository == "https://charts.example.org", name == "other", version == "1.0.0" else {
                    throw Diagnostic("there is no such chart")
                }
                return try HelmChart.load(tree: tree, folder: "charts/web")
            }
        }
        let text = "helmCharts:\n- {name: other, repo: https://charts.example.org, version: 1.0.0, releaseName: r}\n"
        var options = KustomizeOptions()
        options.charts = Provider(tree: MemoryFileTree(chart))
        #expect(try await build(text, options).first?.name == "r")
        let fault = await #expect(throws: Diagnostic.self) { _ = try await build(text) }
        #expect(fault?.message.contains("https://charts.example.org") == true)
        #expect(fault?.position?.line == 2)
    }

    @Test func faultsNameTheEntry() async throws {
        for text in [
            "helmCharts:\n- name: none\n", "helmCharts:\n- {name: web, kubeVersion: x}\n", "helmCharts:\n- {name: web, valuesMerge: x}\n",
        ] {
            let fault = await #expect(throws: Diagnostic.self) { _ = try await build(text) }
            #expect(fault?.position?.line == 2, "\(text)")
        }
    }
}
