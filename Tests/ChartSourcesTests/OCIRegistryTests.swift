import ChartSources
import LoopbackServing
import Manifests
import Rendering
import Testing

/// OCI registries, over a server on loopback.
@Suite struct OCIRegistryTests {
    private static let tags = ["1.0.0", "1.2.0_build.5", "2.0.0-rc.1", "latest", "1.1.0"]
    private static func archive(_ version: String) -> [UInt8] { TestArchive.chart(name: "web", version: version) }

    private static func manifest(_ archive: [UInt8], digest: String? = nil) -> [UInt8] {
        let layer = """
            {"mediaType":"application/vnd.cncf.helm.chart.content.v1.tar+gzip","digest":"\(digest ?? sha256(archive))","size":\(archive.count)}
            """
        let config = #"{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:0","size":2}"#
        return Array(#"{"schemaVersion":2,"config":\#(config),"layers":[\#(layer)]}"#.utf8)
    }

    /// A registry with two pages of tags.
    private static func registry(_ request: LoopbackServer.Request) -> LoopbackServer.Answer {
        let base = "/v2/team/web"
        switch request.path {
        case base + "/tags/list":
            let link = "Link: <\(base)/tags/list?last=latest>; rel=\"next\""
            return .reply(200, [link], Array(#"{"tags":["1.0.0","1.2.0_build.5","2.0.0-rc.1","latest"]}"#.utf8))
        case base + "/tags/list?last=latest": return .reply(200, [], Array(#"{"tags":["1.1.0"]}"#.utf8))
        default: break
        }
        for tag in tags {
            let archive = archive(tag.replacing("_", with: "+"))
            if request.path == "\(base)/manifests/\(tag)" {
                return .reply(200, ["Docker-Content-Digest: \(sha256(manifest(archive)))"], manifest(archive))
            }
            if request.path == "\(base)/blobs/\(sha256(archive))" { return .reply(200, [], archive) }
        }
        return .reply(404, [], Array(#"{"errors":[{"code":"MANIFEST_UNKNOWN"}]}"#.utf8))
    }

    private static func reference(_ server: LoopbackServer, _ version: String) -> ChartReference {
        ChartReference(location: server.url.replacing("http://", with: "oci://") + "/team/web", version: version)
    }

    @Test(arguments: [
        ("", "1.2.0+build.5"), ("1.0.x", "1.0.0"), ("1.1.0", "1.1.0"), (">1.2.0-0", "2.0.0-rc.1"), ("1.2.0+build.5", "1.2.0+build.5"),
    ])
    func choosesAmongTags(_ wanted: String, _ version: String) async throws {
        let home = TestEnvironment()
        let server = LoopbackServer(answer: Self.registry)
        defer { server.stop() }
        let archive = try await home.charts().archive(of: Self.reference(server, wanted))
        #expect(archive.version == version)
        #expect(archive.bytes == Self.archive(version))
        // An exact version asks for no list, and a second time for nothing.
        let count = server.requestCount
        _ = try await home.charts().archive(of: Self.reference(server, version))
        #expect(server.requestCount == count)
    }

    @Test func tokensAreFetchedWithTheUsersCredentials() async throws {
        let home = TestEnvironment()
        let seen = Recorder()
        let server = LoopbackServer { request in
            if request.path.hasPrefix("/token") {
                seen.note("token \(request.path) \(request.headers["authorization"] ?? "none")")
                return .reply(200, [], Array(#"{"token":"abc","expires_in":60}"#.utf8))
            }
            guard request.headers["authorization"] == "Bearer abc" else {
                let host = request.headers["host"] ?? ""
                return .reply(
                    401,
                    ["WWW-Authenticate: Bearer realm=\"http://\(host)/token\",service=\"registry\",scope=\"repository:team/web:pull\""], [])
            }
            return Self.registry(request)
        }
        defer { server.stop() }
        let host = server.url.dropFirst("http://".count)
        home.write("{\"auths\":{\"\(host)\":{\"auth\":\"dXNlcjpzZWNyZXQ=\"}}}", to: "docker/config.json")
        let archive = try await home.charts().archive(of: Self.reference(server, "1.0.0"))
        #expect(archive.version == "1.0.0")
        #expect(seen.notes == ["token /token?service=registry&scope=repository%3Ateam%2Fweb%3Apull&client_id=plumb Basic dXNlcjpzZWNyZXQ="])
    }

    @Test func credentialHelpersAreAsked() async throws {
        let home = TestEnvironment()
        let server = LoopbackServer { request in
            request.headers["authorization"] == "Basic aGVscGVyOnB3"
                ? Self.registry(request) : .reply(401, ["WWW-Authenticate: Basic realm=\"x\""], [])
        }
        defer { server.stop() }
        let host = server.url.dropFirst("http://".count)
        home.write(
            "#!/bin/sh\nread host\n[ \"$1 $host\" = \"get \(host)\" ] || exit 1\necho '{\"ServerURL\":\"x\",\"Username\":\"helper\",\"Secret\":\"pw\"}'\n",
            to: "bin/docker-credential-test", mode: 0o755)
        home.write("{\"credHelpers\":{\"\(host)\":\"test\"}}", to: "docker/config.json")
        let archive = try await home.charts().archive(of: Self.reference(server, "1.0.0"))
        #expect(archive.version == "1.0.0")
        // Without credentials the error says what to do.
        let error = await #expect(throws: Diagnostic.self) {
            try await TestEnvironment().charts().archive(of: Self.reference(server, "1.0.0"))
        }
        #expect(error?.message.contains("status 401") == true)
        #expect(error?.advice?.contains("helm registry login \(host)") == true)
    }

    @Test func blobsAndManifestsMustHaveTheirDigests() async throws {
        let home = TestEnvironment()
        let archive = Self.archive("1.0.0")
        let altered = LoopbackServer { request in
            if request.path.contains("/manifests/") { return .reply(200, [], Self.manifest(archive)) }
            return .reply(200, [], Self.archive("6.6.6"))
        }
        let lying = LoopbackServer { _ in
            .reply(200, ["Docker-Content-Digest: sha256:" + String(repeating: "0", count: 64)], Self.manifest(archive))
        }
        defer {
            altered.stop()
            lying.stop()
        }
        for server in [altered, lying] {
            let error = await #expect(throws: Diagnostic.self) { try await home.charts().archive(of: Self.reference(server, "1.0.0")) }
            #expect(error?.message.contains("has the digest sha256:") == true)
        }
    }

    @Test func redirectsLoseCredentials() async throws {
        let home = TestEnvironment()
        let seen = Recorder()
        let storage = LoopbackServer { request in
            seen.note(request.headers["authorization"] ?? "none")
            return .reply(200, [], Self.archive("1.0.0"))
        }
        let server = LoopbackServer { request in
            guard request.headers["authorization"] != nil else { return .reply(401, ["WWW-Authenticate: Basic realm=\"x\""], []) }
            if request.path.contains("/blobs/") { return .reply(307, ["Location: \(storage.url)/blob?sig=1"], []) }
            return Self.registry(request)
        }
        defer {
            server.stop()
            storage.stop()
        }
        home.write("{\"auths\":{\"\(server.url.dropFirst(7))\":{\"username\":\"a\",\"password\":\"b\"}}}", to: "helm/registry/config.json")
        let archive = try await home.charts().archive(of: Self.reference(server, "1.0.0"))
        #expect(archive.bytes == Self.archive("1.0.0"))
        #expect(seen.notes == ["none"])
    }

    @Test func whatIsNoChartIsRefused() async throws {
        let home = TestEnvironment()
        let server = LoopbackServer { _ in
            .reply(200, [], Array(#"{"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:1"}]}"#.utf8))
        }
        defer { server.stop() }
        let error = await #expect(throws: Diagnostic.self) { try await home.charts().archive(of: Self.reference(server, "1.0.0")) }
        #expect(error?.message.contains("is no chart: its manifest has layers of type application/vnd.oci.image.layer") == true)
        let empty = LoopbackServer(answer: Self.registry)
        defer { empty.stop() }
        let missing = await #expect(throws: Diagnostic.self) { try await home.charts().archive(of: Self.reference(empty, "3.0.0")) }
        #expect(missing?.message.contains("has no version 3.0.0") == true)
        let unknown = await #expect(throws: Diagnostic.self) { try await home.charts().archive(of: Self.reference(empty, "7.x")) }
        #expect(unknown?.message.contains("the newest are 2.0.0-rc.1, 1.2.0+build.5, 1.1.0, 1.0.0") == true)
    }
}
