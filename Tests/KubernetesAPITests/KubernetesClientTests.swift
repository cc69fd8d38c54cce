import HTTP
import KubernetesAPI
import LoopbackServing
import Manifests
import Synchronization
import Testing

@Suite("Kubernetes client")
struct KubernetesClientTests {
    private let configMaps = APIResource(group: "", version: "v1", kind: "ConfigMap", plural: "configmaps", isNamespaced: true)

    private func client(
        _ server: LoopbackServer, path: String = "", change: (inout ClientOptions) -> Void = { _ in }
    ) throws -> KubernetesClient {
        var options = ClientOptions(userAgent: "plumb/test", retryDeadline: .seconds(5))
        change(&options)
        return try KubernetesClient(
            ClusterConfiguration(
                server: server.url + path, contextName: "main", clusterName: "c", userName: "u", credential: .token("sEcReT")),
            options: options)
    }

    private static func status(_ code: Int, _ reason: String, _ message: String, details: String = "{}", headers: [String] = [])
        -> LoopbackServer.Answer
    {
        .reply(
            code, headers,
            Array(
                #"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"\#(message)","reason":"\#(reason)","details":\#(details),"code":\#(code)}"#
                    .utf8))
    }

    private static func json(_ text: String, status: Int = 200, headers: [String] = []) -> LoopbackServer.Answer {
        .reply(status, headers, Array(text.utf8))
    }

    @Test("a missing object is nil, a missing kind is an error")
    func missing() async throws {
        let server = LoopbackServer { request in
            request.path.hasSuffix("/absent")
                ? Self.status(404, "NotFound", "configmaps \\\"absent\\\" not found", details: #"{"name":"absent","kind":"configmaps"}"#)
                : .reply(404, [], Array("404 page not found\n".utf8))
        }
        defer { server.stop() }
        let client = try client(server)
        #expect(try await client.get(configMaps, namespace: "shop", name: "absent") == nil)
        let error = await #expect(throws: APIError.self) { try await client.get(configMaps, namespace: "shop", name: "x") }
        #expect(error?.isNotFound == true)
        #expect("\(error!)".contains("404 page not found"))
        guard case .notFound = try await client.delete(configMaps, namespace: "shop", name: "absent") else {
            Issue.record("deleted what is not there")
            return
        }
    }

    @Test("the server's path is kept; server-side apply is sent as the API has it; warnings and creation are told")
    func apply() async throws {
        let seen = Mutex<[LoopbackServer.Request]>([])
        let server = LoopbackServer { request in
            seen.withLock { $0.append(request) }
            return Self.json(
                #"{"kind":"ConfigMap"}"#, status: 201,
                headers: [#"Warning: 299 - "say \"no\"""#, #"Warning: 299 - "b""#, #"Warning: 299 - "b""#])
        }
        defer { server.stop() }
        let result = try await client(server, path: "/apis/x/control-plane/").apply(
            configMaps, namespace: "shop", name: "a", body: ["kind": "ConfigMap"], options: ApplyOptions(force: true, dryRun: true))
        #expect(result.isCreated)
        #expect(result.warnings == [#"say "no""#, "b"])
        let request = try #require(seen.withLock { $0.first })
        #expect(request.method == "PATCH")
        #expect(
            request.path
                == "/apis/x/control-plane/api/v1/namespaces/shop/configmaps/a?fieldManager=plumb&force=true&dryRun=All&fieldValidation=Strict"
        )
        #expect(request.headers["content-type"] == "application/apply-patch+yaml")
        #expect(request.headers["authorization"] == nil, "a token went over http")
        #expect(request.headers["user-agent"] == "plumb/test")
        #expect(String(decoding: request.body, as: UTF8.self) == #"{"kind":"ConfigMap"}"#)
    }

    @Test("pages are followed; items get their type; metadata alone is asked for")
    func list() async throws {
        let server = LoopbackServer { request in
            if request.path.contains("continue=a%20b") {
                return Self.json(#"{"kind":"ConfigMapList","metadata":{"resourceVersion":"9"},"items":[{"metadata":{"name":"2"}}]}"#)
            }
            return Self.json(
                #"{"kind":"ConfigMapList","metadata":{"resourceVersion":"7","continue":"a b"},"items":[{"metadata":{"name":"1","managedFields":[{}]}}]}"#
            )
        }
        defer { server.stop() }
        let client = try client(server)
        let list = try await client.list(
            configMaps, namespace: "shop", options: ListOptions(labelSelector: "a=b", form: .metadata, skipsManagedFields: true))
        #expect(list.resourceVersion == "7")
        #expect(
            list.items == [
                ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "1"]],
                ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "2"]],
            ])
        #expect(client.statistics.list == 2)
    }

    @Test("whoever has enough of a list asks for no further page")
    func pages() async throws {
        let server = LoopbackServer { request in
            let number = request.path.contains("continue") ? 2 : 1
            return Self.json(
                #"{"metadata":{"remainingItemCount":7,"continue":"x"},"items":[{"metadata":{"name":"n\#(number)"}},{"metadata":{"name":"m"}}]}"#
            )
        }
        defer { server.stop() }
        let client = try client(server)
        var pages = client.pages(of: configMaps, namespace: "shop", options: ListOptions())
        #expect(client.statistics.list == 0)
        var names: [String] = []
        for number in 1...2 {
            let page = try #require(try await pages.next { names.append($0.at("metadata", "name")?.string ?? "") })
            #expect(page.isFirst == (number == 1) && !page.isLast && page.remaining == 7)
        }
        #expect(names == ["n1", "m", "n2", "m"])
        #expect(client.statistics.list == 2)
    }

    @Test("a list whose continuation has expired starts over in one piece")
    func expired() async throws {
        let server = LoopbackServer { request in
            if request.path.contains("continue") { return Self.status(410, "Expired", "too old") }
            if request.path.contains("limit") {
                return Self.json(#"{"metadata":{"continue":"x","resourceVersion":"1"},"items":[{"metadata":{"name":"old"}}]}"#)
            }
            return Self.json(#"{"metadata":{"resourceVersion":"2"},"items":[{"metadata":{"name":"new"}}]}"#)
        }
        defer { server.stop() }
        let list = try await client(server).list(configMaps)
        #expect(list.resourceVersion == "2")
        #expect(list.items.count == 1)
    }

    @Test("429 and 503 are waited out; a create that the server may have done is not sent again")
    func retries() async throws {
        let server = LoopbackServer { request in
            if request.method == "POST" { return Self.status(503, "ServiceUnavailable", "no") }
            return switch request.number {
            case 1: Self.status(429, "TooManyRequests", "slow down", headers: ["Retry-After: 0"])
            case 2: Self.status(503, "ServiceUnavailable", "starting")
            case 3: .reset
            default: Self.json(#"{"kind":"ConfigMap"}"#)
            }
        }
        defer { server.stop() }
        let log = Mutex<[String]>([])
        let client = try client(server) { $0.log = { line in log.withLock { $0.append(line) } } }
        #expect(try await client.get(configMaps, namespace: "shop", name: "a") != nil)
        // The reset one, on a kept connection, libcurl itself has sent again.
        #expect(client.statistics.retries == 2)
        #expect(client.statistics.throttled == 1)
        #expect(client.statistics.get == 1)
        #expect(log.withLock { $0.count } == 3, "two retries, and that no credential is sent over http")
        let error = await #expect(throws: APIError.self) {
            try await client.create(configMaps, namespace: "shop", body: ["kind": "ConfigMap"])
        }
        #expect(error?.mayHaveHappened == true)
        #expect(server.requestCount == 5)
    }

    @Test("refusals keep status, reason, causes; and say what to do without the token")
    func refusals() async throws {
        let server = LoopbackServer { request in
            switch request.path.split(separator: "?").first?.split(separator: "/").last {
            case "conflict":
                Self.status(
                    409, "Conflict", "Apply failed with 1 conflict",
                    details: #"{"causes":[{"reason":"FieldManagerConflict","message":"conflict with \"hpa\"","field":".spec.replicas"}]}"#)
            case "invalid":
                Self.status(
                    422, "Invalid", "is invalid",
                    details:
                        #"{"name":"invalid","kind":"ConfigMap","causes":[{"reason":"FieldValueInvalid","message":"m","field":"data"}]}"#)
            case "unknown-field":
                .reply(
                    500, [], Array(#"{"kind":"Status","status":"Failure","message":".dta: field not declared in schema","code":500}"#.utf8))
            case "login": .reply(401, [], Array(#"{"kind":"Status","reason":"Unauthorized","message":"Unauthorized","code":401}"#.utf8))
            case "page": .reply(200, [], Array("<html>login</html>".utf8))
            default: .reply(302, ["Location: https://elsewhere"], [])
            }
        }
        defer { server.stop() }
        let client = try client(server)
        func error(_ name: String) async -> APIError? {
            do throws(APIError) {
                _ = try await client.apply(configMaps, namespace: "shop", name: name, body: [:])
                return nil
            } catch {
                #expect(!"\(error)".contains("sEcReT"))
                return error
            }
        }
        let conflict = await error("conflict")
        #expect(conflict?.isFieldManagerConflict == true && conflict?.isConflict == true)
        #expect(
            conflict?.causes == [APIError.Cause(reason: "FieldManagerConflict", message: "conflict with \"hpa\"", field: ".spec.replicas")])
        let invalid = await error("invalid")
        #expect(invalid?.isInvalid == true && invalid?.kind == "ConfigMap" && invalid?.mayHaveHappened == false)
        let unknown = await error("unknown-field")
        #expect(unknown?.isInvalid == true && unknown?.isServerUnavailable == false && unknown?.mayHaveHappened == false)
        let login = await error("login")
        #expect(login?.isUnauthorized == true)
        #expect("\(login!)".contains("https only"))
        #expect("\(await error("page")!)".contains("no JSON"))
        #expect("\(await error("other")!)".contains("redirects"))
    }

    @Test("no server: the error says which cluster")
    func unreachable() async throws {
        let client = try KubernetesClient(
            ClusterConfiguration(server: "https://127.0.0.1:1", contextName: "main", clusterName: "c"), options: ClientOptions())
        let error = await #expect(throws: APIError.self) { try await client.serverVersion() }
        #expect(error?.status == 0)
        #expect(error?.transport?.kind == .couldNotConnect)
        #expect(error?.mayHaveHappened == false)
        #expect("\(error!)".contains("cluster 'c' (context 'main')"))
    }

    @Test("no more are under way than allowed; cancelling frees those that wait")
    func limit() async throws {
        let now = Mutex((running: 0, most: 0))
        let server = LoopbackServer { _ in
            now.withLock { $0 = ($0.running + 1, max($0.most, $0.running + 1)) }
            defer { now.withLock { $0.running -= 1 } }
            return .after(milliseconds: 1, Self.json("{}"))
        }
        defer { server.stop() }
        let client = try client(server) { $0.maximumInFlight = 3 }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<60 {
                group.addTask { _ = try await client.get(configMaps, namespace: "shop", name: "\(index)") }
            }
            try await group.waitForAll()
        }
        #expect(now.withLock { $0.most } <= 3)
        #expect(server.connectionCount <= 3)
        let cancelled = Task { try await client.get(configMaps, namespace: "shop", name: "x") }
        cancelled.cancel()
        await #expect { try await cancelled.value } throws: { ($0 as? APIError)?.isCancelled == true }
        #expect(try await client.get(configMaps, namespace: "shop", name: "y") != nil)
    }

    @Test("discovery: aggregated, old, partly down, and none")
    func discovery() async throws {
        let old = LoopbackServer { request in
            switch request.path {
            case "/api": Self.json(#"{"kind":"APIVersions","versions":["v1"]}"#)
            case "/apis":
                Self.json(
                    #"{"kind":"APIGroupList","groups":[{"name":"a.b","versions":[{"groupVersion":"a.b/v1"}]},{"name":"down","versions":[{"groupVersion":"down/v1"}]}]}"#
                )
            case "/api/v1":
                Self.json(#"{"kind":"APIResourceList","resources":[{"name":"pods","namespaced":true,"kind":"Pod","verbs":["get"]}]}"#)
            case "/apis/a.b/v1":
                Self.json(#"{"kind":"APIResourceList","resources":[{"name":"cs","namespaced":false,"kind":"C","verbs":["get"]}]}"#)
            default: Self.status(404, "NotFound", "the server is gone")
            }
        }
        defer { old.stop() }
        let discovery = try await client(old).discover()
        #expect(discovery.resources.map(\.kind) == ["Pod", "C"])
        #expect(discovery.failedGroups == ["down/v1": "the server is gone"])
        let aggregated = LoopbackServer { request in
            request.path == "/api"
                ? .reply(404, [], [])
                : Self.json(
                    #"{"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":"g"},"versions":[{"version":"v1","resources":[{"resource":"xs","responseKind":{"kind":"X"},"scope":"Cluster","verbs":["get"]}]}]}]}"#
                )
        }
        defer { aggregated.stop() }
        #expect(try await client(aggregated).discover().resources.map(\.kind) == ["X"])
        let none = LoopbackServer { _ in .reply(404, [], []) }
        defer { none.stop() }
        await #expect(throws: APIError.self) { try await client(none).discover() }
        let other = LoopbackServer { _ in Self.json("[]") }
        defer { other.stop() }
        await #expect(throws: APIError.self) { try await client(other).discover() }
    }
}
