import ChartSources
import LoopbackServing
import Manifests
import Rendering
import Testing

/// Charts whose dependencies are published, and environments that name published charts.
@Suite struct DependencyTests {
    private static func serve() -> LoopbackServer {
        let archives = ["1.0.0", "1.4.0"].map { ($0, TestArchive.chart(name: "db", version: $0)) }
        return LoopbackServer { request in
            if request.path == "/index.yaml" {
                let entries = archives.map {
                    "  - {name: db, version: \($0.0), digest: \(sha256($0.1).dropFirst(7)), urls: [db-\($0.0).tgz]}\n"
                }
                return .reply(200, [], Array(("entries:\n  db:\n" + entries.joined()).utf8))
            }
            for (version, bytes) in archives where request.path == "/db-\(version).tgz" { return .reply(200, [], bytes) }
            return .reply(404, [], [])
        }
    }

    private static func tree(_ url: String, lock: String? = nil) -> MemoryFileTree {
        var files = [
            "charts/app/Chart.yaml":
                "apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n- {name: db, version: ^1.0.0, repository: \"\(url)\"}\n"
                + "- {name: lib, version: 0.1.0, repository: \"file://../lib\"}\n",
            "charts/app/templates/t.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ include \"lib.name\" . }}}\n",
            "charts/lib/Chart.yaml": "apiVersion: v2\nname: lib\nversion: 0.1.0\ntype: library\n",
            "charts/lib/templates/_h.tpl": "{{ define \"lib.name\" }}from-lib{{ end }}",
        ]
        files["charts/app/Chart.lock"] = lock
        return MemoryFileTree(files)
    }

    @Test func dependenciesAreFetchedAndFound() async throws {
        let home = TestEnvironment()
        let server = Self.serve()
        defer { server.stop() }
        let store = ChartStore(source: home.charts())
        let chart = try await store.chart(in: Self.tree(server.url), folder: "charts/app", revision: "a")
        let text = String(decoding: try HelmRenderer.render(chart, HelmRelease(name: "r", namespace: "n")).text, as: UTF8.self)
        #expect(text.contains("name: from-lib"))
        #expect(text.contains("version: \"1.4.0\""))
        let again = try await store.chart(in: Self.tree(server.url), folder: "charts/app", revision: "a")
        #expect(again === chart)
    }

    @Test func theLockNamesTheVersion() async throws {
        let home = TestEnvironment()
        let server = Self.serve()
        defer { server.stop() }
        func lock(_ digest: String) -> String {
            "dependencies:\n- {name: db, repository: \"\(server.url)\", version: 1.0.0}\n- {name: lib, repository: \"file://../lib\", version: 0.1.0}\ndigest: \(digest)\n"
        }
        let required =
            #"[{"name":"db","version":"^1.0.0","repository":"\#(server.url)"},{"name":"lib","version":"0.1.0","repository":"file://../lib"}]"#
        let locked =
            #"[{"name":"db","version":"1.0.0","repository":"\#(server.url)"},{"name":"lib","version":"0.1.0","repository":"file://../lib"}]"#
        let digest = sha256(Array("[\(required),\(locked)]".utf8))
        let chart = try await ChartStore(source: home.charts()).chart(in: Self.tree(server.url, lock: lock(digest)), folder: "charts/app")
        #expect(chart.subcharts.first { $0.name == "db" }?.metadata.version == "1.0.0")
        let error = await #expect(throws: Diagnostic.self) {
            try await ChartStore(source: home.charts())
                .chart(in: Self.tree(server.url, lock: lock("sha256:0")), folder: "charts/app")
        }
        #expect(error?.message.contains("out of sync") == true)
        #expect(error?.position?.file == "charts/app/Chart.lock")
    }

    @Test func offlineTheErrorSaysWhatToDo() async throws {
        let home = TestEnvironment()
        let server = Self.serve()
        let url = server.url
        server.stop()
        let error = await #expect(throws: Diagnostic.self) {
            try await ChartStore(source: home.charts()).chart(in: Self.tree(url), folder: "charts/app")
        }
        #expect(error?.message.contains("the dependency db cannot be had") == true)
        #expect(error?.advice?.contains("helm dependency build") == true)
        #expect(error?.position?.file == "charts/app/Chart.yaml")
    }

    @Test func environmentsNamePublishedCharts() async throws {
        let home = TestEnvironment()
        let server = Self.serve()
        defer { server.stop() }
        var release = ChartRelease(
            location: .published(ChartReference(repository: server.url, name: "db", version: "1.x")), name: "store", namespace: "data")
        release.valuesFiles = ["values/db.yaml"]
        let rendered = try await EnvironmentRenderer.render(
            tree: MemoryFileTree(["values/db.yaml": "a: 1\n"]), folder: "environments/none",
            charts: ChartOptions(releases: [release], store: ChartStore(source: home.charts()), isFolderOptional: true))
        #expect(rendered.manifests.map(\.name) == ["store-db"])
        let origin = rendered.manifests[0].chart
        #expect(origin?.chart == "db 1.4.0 of \(server.url)")
        #expect(origin?.values == ["values/db.yaml"])
        #expect(rendered.manifests[0].defaultNamespace == "data")
    }
}
