import ChartSources
import LoopbackServing
import Manifests
import Rendering
import Testing

/// Repositories with an index, over a server on loopback.
@Suite struct IndexRepositoryTests {
    private static let archives = Dictionary(
        uniqueKeysWithValues: ["1.0.0", "1.2.3", "1.3.0-rc.1", "2.0.0"].map { ($0, TestArchive.chart(name: "web", version: $0)) })

    private static func index(
        digest: (String) -> String = { String(sha256(archives[$0] ?? []).dropFirst(7)) }, url: String = "charts/web-%.tgz"
    )
        -> String
    {
        var text = "apiVersion: v1\nentries:\n  web:\n"
        for version in ["1.0.0", "1.3.0-rc.1", "2.0.0", "1.2.3"] {
            text +=
                "  - name: web\n    version: \(version)\n    digest: \(digest(version))\n    urls: [\"\(url.replacing("%", with: version))\"]\n"
        }
        return text
    }

    private static func answer(_ index: String) -> @Sendable (LoopbackServer.Request) -> LoopbackServer.Answer {
        { request in
            if request.path == "/repo/index.yaml" { return .reply(200, [], Array(index.utf8)) }
            for (version, bytes) in archives where request.path == "/repo/charts/web-\(version).tgz" { return .reply(200, [], bytes) }
            return .reply(404, [], [])
        }
    }

    @Test(arguments: [
        ("", "2.0.0"), ("1.2.3", "1.2.3"), ("^1.0", "1.2.3"), ("~1.0.0", "1.0.0"), (">1.2.3-0 <2", "1.3.0-rc.1"),
        ("1.3.0-rc.1", "1.3.0-rc.1"),
    ])
    func choosesAsHelmDoes(_ wanted: String, _ version: String) async throws {
        let home = TestEnvironment()
        let server = LoopbackServer(answer: Self.answer(Self.index()))
        defer { server.stop() }
        let archive = try await home.charts().archive(of: ChartReference(repository: server.url + "/repo/", name: "web", version: wanted))
        #expect(archive.version == version)
        #expect(archive.bytes == Self.archives[version])
        #expect(archive.digest == sha256(archive.bytes))
    }

    @Test func exactVersionsComeFromTheCache() async throws {
        let home = TestEnvironment()
        let server = LoopbackServer(answer: Self.answer(Self.index()))
        let reference = ChartReference(repository: server.url + "/repo", name: "web", version: "1.2.3")
        let first = try await home.charts().archive(of: reference)
        let count = server.requestCount
        #expect(count == 2)
        server.stop()
        // Nobody answers any more.
        let second = try await home.charts().archive(of: reference)
        #expect(second.bytes == first.bytes)
        #expect(server.requestCount == count)
        var ranged = reference
        ranged.version = "1.x"
        let error = await #expect(throws: Diagnostic.self) { try await home.charts().archive(of: ranged) }
        #expect(error?.message.contains("the chart web 1.x of \(server.url)/repo cannot be fetched") == true)
        #expect(error?.message.contains("no connection") == true)
        #expect(error?.advice?.contains("check the network") == true)
    }

    @Test func alteredArchivesAreRefused() async throws {
        let home = TestEnvironment()
        let server = LoopbackServer(answer: Self.answer(Self.index(digest: { _ in String(repeating: "0", count: 64) })))
        defer { server.stop() }
        let reference = ChartReference(repository: server.url + "/repo", name: "web", version: "1.2.3")
        // Digits alone read as a number, which is no reason to check nothing.
        let number = await #expect(throws: Diagnostic.self) { try await home.charts().archive(of: reference) }
        #expect(number?.message.contains("names a digest that is an integer") == true)
        let other = LoopbackServer(answer: Self.answer(Self.index(digest: { _ in String(repeating: "f", count: 64) })))
        defer { other.stop() }
        let error = await #expect(throws: Diagnostic.self) {
            try await home.charts().archive(of: ChartReference(repository: other.url + "/repo", name: "web", version: "1.2.3"))
        }
        #expect(error?.message.contains("has the digest sha256:") == true)
        // The digest that the configuration names counts too, and before the cache.
        let honest = LoopbackServer(answer: Self.answer(Self.index()))
        defer { honest.stop() }
        var pinned = ChartReference(repository: honest.url + "/repo", name: "web", version: "1.2.3")
        _ = try await home.charts().archive(of: pinned)
        pinned.digest = "sha256:" + String(repeating: "1", count: 64)
        await #expect(throws: Diagnostic.self) { try await home.charts().archive(of: pinned) }
    }

    @Test func damagedCacheIsFetchedAnew() async throws {
        let home = TestEnvironment()
        let server = LoopbackServer(answer: Self.answer(Self.index()))
        defer { server.stop() }
        let reference = ChartReference(repository: server.url + "/repo", name: "web", version: "1.2.3")
        let archive = try await home.charts().archive(of: reference)
        home.write("damaged", to: "cache/charts/\(archive.digest.dropFirst(7)).tgz")
        let again = try await home.charts().archive(of: reference)
        #expect(again.bytes == archive.bytes)
    }

    @Test func credentialsGoToTheirHostAlone() async throws {
        let home = TestEnvironment()
        let seen = Recorder()
        let other = LoopbackServer { request in
            seen.note("other \(request.headers["authorization"] ?? "none")")
            return .reply(200, [], Self.archives["1.2.3"] ?? [])
        }
        let server = LoopbackServer { request in
            seen.note("own \(request.headers["authorization"] ?? "none")")
            if request.headers["authorization"] != "Basic dXNlcjpzZWNyZXQ=" { return .reply(401, [], []) }
            return .reply(200, [], Array(Self.index(url: other.url.replacing("127.0.0.1", with: "localhost") + "/%.tgz").utf8))
        }
        defer {
            server.stop()
            other.stop()
        }
        home.write(
            "repositories:\n- name: mine\n  url: \(server.url)/repo\n  username: user\n  password: secret\n", to: "helm/repositories.yaml")
        let archive = try await home.charts().archive(of: ChartReference(repository: "@mine", name: "web", version: "1.2.3"))
        #expect(archive.version == "1.2.3")
        #expect(seen.notes == ["own Basic dXNlcjpzZWNyZXQ=", "other none"])
        let stranger = TestEnvironment()
        let error = await #expect(throws: Diagnostic.self) {
            try await stranger.charts().archive(of: ChartReference(repository: server.url + "/repo", name: "web"))
        }
        #expect(error?.message.contains("status 401") == true)
        #expect(error?.advice?.contains("helm repo add") == true)
    }

    @Test(arguments: [
        ("wep", "", "has no chart 'wep'", "did you mean 'web'?"), ("web", "9.x", "has no version 9.x", "the newest are 2.0.0, 1.3.0-rc.1"),
        ("web", "no range", "neither a version nor a range", "ranges are written"),
    ])
    func namesWhatThereIs(_ name: String, _ version: String, _ message: String, _ advice: String) async throws {
        let home = TestEnvironment()
        let server = LoopbackServer(answer: Self.answer(Self.index()))
        defer { server.stop() }
        let error = await #expect(throws: Diagnostic.self) {
            try await home.charts().archive(of: ChartReference(repository: server.url + "/repo", name: name, version: version))
        }
        #expect(error?.message.contains(message) == true)
        #expect(error?.advice?.contains(advice) == true)
    }

    @Test func passwordsAreNotTold() async throws {
        let home = TestEnvironment()
        let server = LoopbackServer { _ in .reply(500, [], []) }
        defer { server.stop() }
        let url = server.url.replacing("http://", with: "http://user:geheim@")
        let error = await #expect(throws: Diagnostic.self) {
            try await home.charts().archive(of: ChartReference(repository: url, name: "web"))
        }
        #expect(error?.description.contains("geheim") == false)
    }
}
