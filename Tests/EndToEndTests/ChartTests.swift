import Foundation
import Manifests
import Testing

/// Charts from Git to the target.
@Suite struct ChartTests {
    private static func configuration(_ repository: TestRepository, _ chart: String) -> String {
        """
        apiVersion: plumb.dev/v1alpha1
        kind: Configuration
        environments:
          - name: production
            namespace: \(repository.namespace)
            charts:
              - \(chart)
        """
    }

    private static let template = """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: {{ .Release.Name }}-settings
          labels: {app.kubernetes.io/managed-by: {{ .Release.Service }}}
        data:
          color: {{ .Values.color }}
          serves: {{ .Capabilities.APIVersions.Has "apps/v1/Deployment" | quote }}
        """

    @Test func aReleaseIsPlannedAppliedAndChanged() async throws {
        try await TestRepository.with { repository in
            try repository.write("plumb.yaml", Self.configuration(repository, "{chart: charts/web, valuesFiles: [values/production.yaml]}"))
            try repository.write("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n")
            try repository.write("charts/web/values.yaml", "color: red\n")
            try repository.write("charts/web/templates/settings.yaml", Self.template)
            try repository.write("values/production.yaml", "color: blue\n")
            try await repository.commit()
            let plan = try await repository.expect(0, "plan", "production", "--out", "plan.json")
            #expect(plan.output.contains("charts/web/templates/settings.yaml:1"), "\(plan)")
            #expect(plan.output.contains("from chart web 1.0.0, release web, with values of values/production.yaml"), "\(plan)")
            try await repository.expect(0, "apply", "plan.json")
            #expect(try await repository.setting("web-settings", "color") == "blue")
            #expect(try await repository.setting("web-settings", "serves") == "true")
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")

            try repository.write("values/production.yaml", "color: green\n")
            try await repository.commit()
            let change = try await repository.expect(0, "plan", "production", "--out", "plan.json")
            #expect(change.output.contains("git") && change.output.contains("green"), "\(change)")
            try await repository.expect(0, "apply", "plan.json")
            #expect(try await repository.setting("web-settings", "color") == "green")
        }
    }

    @Test func anObjectOfHelmsIsTakenOver() async throws {
        try await TestRepository.with { repository in
            try await repository.cluster.create(
                "/api/v1/namespaces/\(repository.namespace)/configmaps",
                """
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web-settings", \
                "labels": {"app.kubernetes.io/managed-by": "Helm"}, \
                "annotations": {"meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "\(repository.namespace)"}}, \
                "data": {"color": "red"}}
                """)
            try repository.write("plumb.yaml", Self.configuration(repository, "{chart: charts/web}"))
            try repository.write("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n")
            try repository.write("charts/web/values.yaml", "color: blue\n")
            try repository.write("charts/web/templates/settings.yaml", Self.template)
            try await repository.commit()
            let plan = try await repository.expect(0, "plan", "production", "--out", "plan.json")
            #expect(plan.output.contains("Helm's release 'web'") || plan.error.contains("Helm's release 'web'"), "\(plan)")
            try await repository.expect(0, "apply", "plan.json")
            #expect(try await repository.setting("web-settings", "color") == "blue")
        }
    }

    @Test func randomnessIsToldAndRefused() async throws {
        try await TestRepository.with { repository in
            try repository.write("plumb.yaml", Self.configuration(repository, "{chart: charts/web}"))
            try repository.write("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n")
            try repository.write(
                "charts/web/templates/key.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: key}\ndata: {key: {{ randAlphaNum 8 }}}\n")
            try await repository.commit()
            let plan = try await repository.expect(0, "plan", "production")
            #expect((plan.output + plan.error).contains("the template calls 'randAlphaNum'"), "\(plan)")
            let refused = try await repository.expect(1, "plan", "production", "--fail-on-random")
            #expect(refused.error.contains("charts/web/templates/key.yaml:1"), "\(refused)")
            try await repository.expect(1, "render", "production", "--fail-on-random")
            try await repository.expect(0, "render", "production")
        }
    }

    /// The values of a Secret are rendered again at apply: by the charts of the configuration, wherever that is.
    @Test func aConfigurationElsewhereKeepsItsChartsAtApply() async throws {
        try await TestRepository.with { repository in
            let other = "\(repository.folder)/other"
            for (environment, source) in [("elsewhere", "repository: \(other)"), ("branch", "ref: production")] {
                try repository.configure(
                    "\(source)\ninventory: {namespace: \(repository.namespace)}\n"
                        + "charts: [{chart: charts/web, releaseName: \(environment), values: {password: of-\(environment)}}]",
                    name: environment)
                let folder = environment == "branch" ? repository.path : other
                try await repository.commit()
                if environment == "branch" {
                    try await repository.git("checkout", "--quiet", "--orphan", "production")
                    try repository.remove("plumb.yaml")
                } else {
                    try await repository.git("init", "--quiet", "--initial-branch", "main", other)
                }
                let files = [
                    "Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
                    "templates/secret.yaml":
                        "apiVersion: v1\nkind: Secret\nmetadata: {name: {{ .Release.Name }}}\nstringData: {p: {{ .Values.password }}}\n",
                ]
                for (name, text) in files {
                    let url = URL(fileURLWithPath: "\(folder)/charts/web/\(name)")
                    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                    try Data(text.utf8).write(to: url)
                }
                try await repository.git("-C", folder, "add", "--all", ".")
                try await repository.git("-C", folder, "commit", "--quiet", "--message", "the chart")
                if environment == "branch" { try await repository.git("checkout", "--quiet", "main") }
                try await repository.deploy(environment)
                let secret = try await repository.cluster.get("/api/v1/namespaces/\(repository.namespace)/secrets/\(environment)")
                #expect(secret?.at("data", "p")?.string == Base64.encode(Array("of-\(environment)".utf8)))
            }
        }
    }
}
