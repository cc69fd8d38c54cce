import Manifests
import Rendering
import Testing

/// Charts of environments: folders that are charts, releases that the configuration names.
@Suite struct EnvironmentChartTests {
    private static let files = [
        "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "charts/web/values.yaml": "color: red\n",
        "charts/web/crds/widgets.yaml": """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: widgets.example.com}
        """,
        "charts/web/templates/all.yaml": """
        {{- $name := .Release.Name }}
        # the settings
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ $name }}
        data:
          color: {{ .Values.color }}
          deployments: {{ .Capabilities.APIVersions.Has "example.com/v1/Widget" | quote }}
          version: {{ .Capabilities.KubeVersion.Version }}
        ---
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: {{ $name }}-migrate
          annotations: {helm.sh/hook: "pre-install,pre-upgrade", helm.sh/hook-weight: "-1"}
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: {{ $name }}-check
          annotations: {helm.sh/hook: test}
        """,
        "values/production.yaml": "color: blue\n",
        "patches/label.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: site, labels: {tier: front}}\n",
    ]

    private func render(
        _ releases: [ChartRelease], folder: String = "environments/production", extra: [String: String] = [:],
        _ change: (inout ChartOptions) -> Void = { _ in }
    ) async throws -> RenderedEnvironment {
        var options = ChartOptions(releases: releases, namespace: "apps", isFolderOptional: true)
        change(&options)
        return try await EnvironmentRenderer.render(
            tree: MemoryFileTree(Self.files.merging(extra) { $1 }), folder: folder, charts: options)
    }

    private func release(_ change: (inout ChartRelease) -> Void = { _ in }) -> ChartRelease {
        var release = ChartRelease(location: .path("charts/web"), name: "site", namespace: "web")
        release.position = SourcePosition(file: "plumb.yaml", line: 7)
        change(&release)
        return release
    }

    @Test func aChartsFolderIsAnEnvironment() async throws {
        let rendered = try await render([], folder: "charts/web") { $0.folderRelease = "production" }
        #expect(rendered.manifests.map(\.name) == ["widgets.example.com", "production", "production-migrate"])
        #expect(rendered.manifests[1].value.at("data", "color")?.string == "red")
        #expect(rendered.manifests[1].defaultNamespace == "apps")
    }

    @Test func releasesHaveValuesAndOrigins() async throws {
        let rendered = try await render([
            release {
                $0.valuesFiles = ["values/production.yaml"]
                $0.includesCRDs = false
            }
        ])
        #expect(rendered.manifests.map(\.name) == ["site", "site-migrate"])
        let settings = rendered.manifests[0]
        #expect(settings.value.at("data", "color")?.string == "blue")
        #expect(settings.source.description == "charts/web/templates/all.yaml:3")
        #expect(rendered.manifests[1].source.description == "charts/web/templates/all.yaml:12")
        #expect(
            settings.chart
                == ChartOrigin(chart: "web 1.0.0", release: "site", template: "web/templates/all.yaml", values: ["values/production.yaml"]))
        // A hook is known by its annotations; hooks for tests are not among the objects.
        #expect(rendered.manifests[1].value.at("metadata", "annotations")?["helm.sh/hook"]?.string == "pre-install,pre-upgrade")
    }

    @Test func valuesAndAssignmentsWin() async throws {
        let rendered = try await render([
            release {
                $0.valuesFiles = ["values/production.yaml"]
                $0.values = ["color": "green"]
                $0.assignments = [.typed("color=black")]
                $0.includesHooks = false
            }
        ])
        #expect(rendered.manifests.map(\.name) == ["widgets.example.com", "site"])
        #expect(rendered.manifests[1].value.at("data", "color")?.string == "black")
        #expect(rendered.manifests[1].chart?.values == ["values/production.yaml", "plumb.yaml (values)", "plumb.yaml (set)"])
    }

    @Test func theTargetDecidesWhatThereIs() async throws {
        let rendered = try await render([release()]) {
            $0.kubeVersion = "v1.30.2"
            $0.servedVersions = ["v1", "example.com/v1", "example.com/v1/Widget"]
        }
        #expect(rendered.manifests[1].value.at("data", "deployments")?.string == "true")
        #expect(rendered.manifests[1].value.at("data", "version")?.string == "v1.30.2")
        let given = try await render([release { $0.kubeVersion = "1.20" }]) {
            $0.kubeVersion = "v1.30.2"
            $0.servedVersions = ["example.com/v1/Widget"]
        }
        #expect(given.manifests[1].value.at("data", "deployments")?.string == "false")
        #expect(given.manifests[1].value.at("data", "version")?.string == "v1.20")
    }

    @Test func postRenderingKeepsOrigins() async throws {
        let rendered = try await render([
            release {
                $0.postRender = [
                    "namePrefix": "my-",
                    "patches": [
                        ["path": "patches/label.yaml"], ["patch": "[{op: add, path: /data/x, value: v}]", "target": ["kind": "ConfigMap"]],
                    ],
                ]
            }
        ])
        let settings = try #require(rendered.manifests.first { $0.kind == "ConfigMap" })
        #expect(settings.name == "my-site")
        #expect(settings.value.at("metadata", "labels", "tier")?.string == "front")
        #expect(settings.value.at("data", "x")?.string == "v")
        #expect(settings.source.description == "charts/web/templates/all.yaml:3")
        #expect(settings.chart?.release == "site")
        #expect(settings.defaultNamespace == "web")
    }

    @Test func randomnessIsAWarningOrAnError() async throws {
        let extra = [
            "charts/web/templates/secret.yaml":
                "apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData: {a: {{ randAlphaNum 8 }}}\n"
        ]
        let rendered = try await render([release()], extra: extra)
        let warning = try #require(rendered.warnings.first)
        #expect(warning.description.hasPrefix("charts/web/templates/secret.yaml:1: Secret/key: the template calls 'randAlphaNum'"))
        let error = await #expect(throws: Diagnostics.self) {
            try await render([release()], extra: extra) { $0.failsOnRandom = true }
        }
        #expect(error?.all.first?.object == "Secret/key")
    }

    @Test func faultsNameTheRelease() async throws {
        let cases: [(ChartRelease, String)] = [
            (release { $0.location = .path("charts/wep") }, "charts/wep: release site: there is no such chart"),
            (release { $0.valuesFiles = ["values/none.yaml"] }, "plumb.yaml:7: release site: there is no values file 'values/none.yaml'"),
            (
                release { $0.location = .published(ChartReference(repository: "https://x", name: "y")) },
                "plumb.yaml:7: release site: the chart y of https://x"
            ),
        ]
        for (release, text) in cases {
            let error = await #expect(throws: Diagnostic.self) { try await render([release]) }
            #expect(error?.description.hasPrefix(text) == true, "\(error?.description ?? "")")
        }
        let twice = await #expect(throws: Diagnostics.self) { try await render([release(), release()]) }
        #expect(twice?.all.first?.message.contains("defined twice") == true)
        // A folder that the configuration names must be there, charts or not.
        await #expect(throws: Diagnostic.self) { try await render([release()]) { $0.isFolderOptional = false } }
    }

    @Test func whatATemplateWritesMustBeObjects() async throws {
        let extra = ["charts/web/templates/bad.yaml": "kind: ConfigMap\nmetadata: {name: x}\n"]
        let error = await #expect(throws: Diagnostics.self) { try await render([release()], extra: extra) }
        #expect(error?.all.first?.description.hasPrefix("charts/web/templates/bad.yaml:1: this document has no apiVersion") == true)
    }
}
