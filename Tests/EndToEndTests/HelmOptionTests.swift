import Manifests
import Testing

/// `plumb render` of a chart takes the options of `helm template`.
@Suite struct HelmOptionTests {
    private static func object(_ kind: String, _ name: String, hook: String? = nil) -> String {
        let annotations = hook.map { ", annotations: {helm.sh/hook: \($0)}" } ?? ""
        return "apiVersion: v1\nkind: \(kind)\nmetadata: {name: \(name)\(annotations)}\n"
    }

    /// The names in what is rendered, and the value and the kind of the release.
    private func render(_ repository: TestRepository, _ options: String...) async throws -> (
        names: [String], value: String, upgrade: String
    ) {
        let output = try await repository.expect(0, ["render", "chart", "--release", "r"] + options).output
        let objects = try YAMLLoader.load(Array(output.utf8), file: "output").map(\.value)
        let settings = objects.first { $0.at("metadata", "name")?.string == "settings" }
        return (
            objects.compactMap { $0.at("metadata", "name")?.string }, settings?.at("data", "a")?.string ?? "",
            settings?.at("data", "upgrade")?.string ?? ""
        )
    }

    @Test func optionsChooseValuesAndObjects() async throws {
        try await TestRepository.with { repository in
            try repository.write("chart/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n")
            try repository.write("chart/values.yaml", "a: 1\n")
            try repository.write("chart/crds/definition.yaml", Self.object("CustomResourceDefinition", "definition"))
            try repository.write(
                "chart/templates/settings.yaml",
                Self.object("ConfigMap", "settings") + "data: {a: \"{{ .Values.a }}\", upgrade: \"{{ .Release.IsUpgrade }}\"}\n")
            try repository.write("chart/templates/hook.yaml", Self.object("ConfigMap", "hook", hook: "pre-install"))
            try repository.write("chart/templates/tests/test.yaml", Self.object("Pod", "test", hook: "test"))
            try repository.write("two.yaml", "a: 2\n")
            try repository.write("three.yaml", "a: 3\n")

            let plain = try await render(repository)
            #expect(plain == (["definition", "settings", "hook", "test"], "1", "false"))
            #expect(try await render(repository, "-f", "two.yaml").value == "2")
            #expect(try await render(repository, "-f", "two.yaml,three.yaml").value == "3")
            #expect(try await render(repository, "-f", "three.yaml", "-f", "two.yaml", "--set", "a=9").value == "9")
            #expect(try await render(repository, "--skip-crds").names == ["settings", "hook", "test"])
            #expect(try await render(repository, "--no-hooks").names == ["definition", "settings"])
            #expect(try await render(repository, "--skip-tests").names == ["definition", "settings", "hook"])
            #expect(try await render(repository, "--is-upgrade").upgrade == "true")
        }
    }

    @Test func optionsOfChartsAreRefusedForWhatIsNone() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            let refused = try await repository.expect(1, "render", "environments/production", "--no-hooks")
            #expect(refused.output.isEmpty && refused.error.contains("--no-hooks is for charts"), "\(refused)")
        }
    }
}
