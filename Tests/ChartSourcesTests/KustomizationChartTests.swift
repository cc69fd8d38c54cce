import ChartSources
import LoopbackServing
import Manifests
import Rendering
import Testing

/// Charts that a kustomization names by repository and version, over a server on loopback.
@Suite struct KustomizationChartTests {
    private static let archive = TestArchive.chart(name: "web", version: "1.2.3")

    private static func answer(digest: String = String(sha256(archive).dropFirst(7)))
        -> @Sendable (LoopbackServer.Request) -> LoopbackServer.Answer
    {
        let index = "apiVersion: v1\nentries:\n  web:\n  - {name: web, version: 1.2.3, digest: \(digest), urls: [web-1.2.3.tgz]}\n"
        return { request in
            switch request.path {
            case "/repo/index.yaml": .reply(200, [], Array(index.utf8))
            case "/repo/web-1.2.3.tgz": .reply(200, [], archive)
            default: .reply(404, [], [])
            }
        }
    }

    private func build(_ home: TestEnvironment, _ url: String, version: String = "1.2.3", isAllowed: Bool = true) async throws
        -> KustomizeResult
    {
        let tree = MemoryFileTree([
            "kustomization.yaml": "namePrefix: p-\nhelmCharts:\n- {name: web, repo: '\(url)/repo', version: '\(version)', releaseName: r}\n"
        ])
        var options = KustomizeOptions()
        if isAllowed { options.charts = ChartStore(source: home.charts()) }
        return try await KustomizeBuild.build(tree: tree, folder: "", options: options)
    }

    @Test func chartsAreFetchedOnce() async throws {
        let home = TestEnvironment()
        let server = LoopbackServer(answer: Self.answer())
        let result = try await build(home, server.url)
        #expect(result.manifests.map(\.name) == ["p-r-web"])
        #expect(result.manifests.first?.value.at("data", "version") == "1.2.3")
        #expect(result.warnings.isEmpty)
        #expect(server.requestCount == 2)
        server.stop()
        // An exact version comes from the cache.
        #expect(try await build(home, server.url).manifests.map(\.name) == ["p-r-web"])
    }

    @Test func rangesWarn() async throws {
        let server = LoopbackServer(answer: Self.answer())
        defer { server.stop() }
        let result = try await build(TestEnvironment(), server.url, version: "1.x")
        #expect(result.manifests.first?.value.at("data", "version") == "1.2.3")
        #expect(result.warnings.map { $0.position?.line } == [3])
        #expect(result.warnings.first?.message.contains("may be another one tomorrow") == true)
    }

    @Test func nothingIsFetchedUnlessAllowed() async throws {
        let server = LoopbackServer(answer: Self.answer())
        defer { server.stop() }
        let fault = await #expect(throws: Diagnostic.self) { try await build(TestEnvironment(), server.url, isAllowed: false) }
        #expect(fault?.position?.line == 3)
        #expect(fault?.advice?.contains("--allow-remote-bases") == true)
        #expect(server.requestCount == 0)
    }

    @Test func aWrongDigestIsAnError() async throws {
        let server = LoopbackServer(answer: Self.answer(digest: String(repeating: "0", count: 64)))
        defer { server.stop() }
        let fault = await #expect(throws: Diagnostic.self) { try await build(TestEnvironment(), server.url) }
        #expect(fault?.message.contains("digest") == true, "\(fault?.description ?? "")")
        #expect(fault?.position?.line == 3)
    }

    @Test func aMissingVersionIsAnErrorAtItsLine() async throws {
        let server = LoopbackServer(answer: Self.answer())
        defer { server.stop() }
        let fault = await #expect(throws: Diagnostic.self) { try await build(TestEnvironment(), server.url, version: "9.9.9") }
        #expect(fault?.message.contains("has no version 9.9.9") == true, "\(fault?.description ?? "")")
        #expect(fault?.position?.line == 3)
    }

    @Test func chartsComeFromRegistriesToo() async throws {
        let layer =
            #"{"mediaType":"application/vnd.cncf.helm.chart.content.v1.tar+gzip","digest":"\#(sha256(Self.archive))","size":\#(Self.archive.count)}"#
        let config = #"{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:0","size":2}"#
        let manifest = Array(#"{"schemaVersion":2,"config":\#(config),"layers":[\#(layer)]}"#.utf8)
        let server = LoopbackServer { request in
            switch request.path {
            case "/v2/repo/web/manifests/1.2.3": .reply(200, ["Docker-Content-Digest: \(sha256(manifest))"], manifest)
            case "/v2/repo/web/blobs/\(sha256(Self.archive))": .reply(200, [], Self.archive)
            default: .reply(404, [], [])
            }
        }
        defer { server.stop() }
        let result = try await build(TestEnvironment(), server.url.replacing("http://", with: "oci://"))
        #expect(result.manifests.map(\.name) == ["p-r-web"])
    }
}
