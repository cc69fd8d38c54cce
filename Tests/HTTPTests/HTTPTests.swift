import HTTP
import LoopbackServing
import Testing

@Suite("HTTP client")
struct HTTPClientTests {
    private func client(_ change: (inout HTTPClientConfiguration) -> Void = { _ in }) -> HTTPClient {
        var configuration = HTTPClientConfiguration(userAgent: "plumb/test")
        change(&configuration)
        return HTTPClient(configuration)
    }

    @Test("method, headers and body arrive as given, and the answer's too")
    func exchange() async throws {
        let server = LoopbackServer { request in
            let told =
                "\(request.method) \(request.path) \(request.headers["user-agent"] ?? "-") \(request.headers["x-a"] ?? "-") "
                + "\(request.headers["expect"] ?? "-") \(request.headers["accept-encoding"] ?? "-")"
            return .reply(201, ["X-Told: \(told)", "Warning: one", "warning: two"], request.body)
        }
        defer { server.stop() }
        for isIdempotent in [true, false] {
            let body = Array("hello".utf8)
            let response = try await client().send(
                HTTPRequest(
                    method: "PATCH", url: "\(server.url)/a/../b?x=1", headers: [(name: "X-A", value: "b")], body: body,
                    isIdempotent: isIdempotent))
            #expect(response.status == 201)
            #expect(response.headers["x-told"] == "PATCH /a/../b?x=1 plumb/test b - gzip")
            #expect(response.headers.all("WARNING") == ["one", "two"])
            #expect(response.body == body)
        }
    }

    @Test("an empty body, a missing body and a large one", arguments: [true, false])
    func bodies(isIdempotent: Bool) async throws {
        let server = LoopbackServer { .reply(200, ["X-Length: \($0.headers["content-length"] ?? "none")"], $0.body) }
        defer { server.stop() }
        let client = client()
        let large = [UInt8](repeating: 7, count: 3 << 20)
        for body in [nil, [], large] as [[UInt8]?] {
            let response = try await client.send(
                HTTPRequest(method: "DELETE", url: server.url, body: body, isIdempotent: isIdempotent))
            #expect(response.body == body ?? [])
        }
    }

    @Test("connections are kept and shared")
    func keepAlive() async throws {
        let server = LoopbackServer { _ in .reply(200, [], []) }
        defer { server.stop() }
        let client = client()
        for _ in 0..<20 { _ = try await client.send(HTTPRequest(url: server.url)) }
        #expect(server.connectionCount == 1)
        _ = try await client.send(HTTPRequest(url: server.url, needsFreshConnection: true))
        #expect(server.connectionCount == 2)
    }

    @Test("many at a time")
    func parallel() async throws {
        let server = LoopbackServer { .after(milliseconds: 5, .reply(200, [], Array($0.path.utf8))) }
        defer { server.stop() }
        let client = client()
        let answers = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
            for index in 0..<200 {
                group.addTask { (index, try await client.send(HTTPRequest(url: "\(server.url)/\(index)")).body) }
            }
            return try await group.reduce(into: [Int: [UInt8]]()) { $0[$1.0] = $1.1 }
        }
        #expect(answers.count == 200)
        #expect(answers.allSatisfy { String(decoding: $0.value, as: UTF8.self) == "/\($0.key)" })
    }

    @Test("errors are told apart, and whether the request may have arrived")
    func failures() async throws {
        let server = LoopbackServer { request in
            switch request.path {
            case "/reset": .reset
            case "/half": .raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            case "/none": .raw("this is no HTTP\r\n\r\n")
            case "/slow": .after(milliseconds: 3000, .reply(200, [], []))
            default: .reply(200, [], [UInt8](repeating: 1, count: 5000))
            }
        }
        defer { server.stop() }
        let client = client { $0.bodyBytesMax = 1000 }
        func failure(_ url: String, timeout: Duration = .seconds(5)) async -> HTTPError? {
            do throws(HTTPError) {
                _ = try await client.send(HTTPRequest(method: "POST", url: url, body: [1], timeout: timeout, isIdempotent: false))
                return nil
            } catch { return error }
        }
        #expect(await failure("\(server.url)/reset")?.kind == .reset)
        #expect(await failure("\(server.url)/reset")?.mayHaveReachedServer == true)
        #expect(await failure("\(server.url)/half")?.kind == .reset)
        #expect(await failure("\(server.url)/none")?.kind == .reset)
        #expect(await failure("\(server.url)/large")?.kind == .tooLarge)
        #expect(await failure("\(server.url)/slow", timeout: .milliseconds(200))?.kind == .timedOut)
        #expect(await failure("\(server.url)/slow", timeout: .milliseconds(200))?.mayHaveReachedServer == true)
        let refused = await failure("http://127.0.0.1:1/")
        #expect(refused?.kind == .couldNotConnect)
        #expect(refused?.mayHaveReachedServer == false)
        #expect(refused?.host == "127.0.0.1:1")
        #expect(await failure("http://no.such.host.invalid/")?.kind == .couldNotResolve)
        #expect(await failure("https://127.0.0.1:\(server.port)/")?.kind == .tls)
    }

    @Test("a request that is not idempotent is never sent twice over a dead connection")
    func noSecondSending() async throws {
        // The first answer keeps the connection; the second request on it is cut without an answer.
        let server = LoopbackServer { request in
            request.connection == 1 && request.number > 1 ? .reset : .reply(200, [], Array("\(request.number)".utf8))
        }
        defer { server.stop() }
        let client = client()
        _ = try await client.send(HTTPRequest(url: server.url))
        await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest(method: "POST", url: server.url, body: [1, 2], isIdempotent: false))
        }
        #expect(server.requestCount == 2)
    }

    @Test("cancelling ends a transfer at once, before and while it runs, and harms no other")
    func cancellation() async throws {
        let server = LoopbackServer { .after(milliseconds: $0.path == "/slow" ? 60_000 : 50, .reply(200, [], [])) }
        defer { server.stop() }
        let client = client()
        let start = ContinuousClock.now
        let slow = Task { () throws(HTTPError) in try await client.send(HTTPRequest(url: "\(server.url)/slow")) }
        let early = Task { () throws(HTTPError) in try await client.send(HTTPRequest(url: "\(server.url)/slow")) }
        early.cancel()
        let other = Task { () throws(HTTPError) in try await client.send(HTTPRequest(url: "\(server.url)/quick")) }
        try await Task.sleep(for: .milliseconds(20))
        slow.cancel()
        await #expect { try await slow.value } throws: { ($0 as? HTTPError)?.kind == .cancelled }
        await #expect { try await early.value } throws: { ($0 as? HTTPError)?.kind == .cancelled }
        #expect(try await other.value.status == 200)
        #expect(ContinuousClock.now - start < .seconds(30), "before there is an answer, however busy the machine")
    }

    @Test("shutting down ends what is under way and refuses what comes later")
    func shutdown() async throws {
        let server = LoopbackServer { _ in .after(milliseconds: 5000, .reply(200, [], [])) }
        defer { server.stop() }
        let client = client()
        let running = Task { () throws(HTTPError) in try await client.send(HTTPRequest(url: server.url)) }
        try await Task.sleep(for: .milliseconds(50))
        client.shutdown()
        client.shutdown()
        await #expect { try await running.value } throws: { ($0 as? HTTPError)?.kind == .closed }
        await #expect { try await client.send(HTTPRequest(url: server.url)) } throws: { ($0 as? HTTPError)?.kind == .closed }
    }

    @Test("a header that would become two is refused")
    func headerInjection() async throws {
        let server = LoopbackServer { _ in .reply(200, [], []) }
        defer { server.stop() }
        await #expect { try await client().send(HTTPRequest(url: server.url, headers: [(name: "X", value: "a\r\nY: b")])) } throws: {
            ($0 as? HTTPError)?.kind == .badURL
        }
        #expect(server.requestCount == 0)
    }

    @Test("a proxy is asked for the whole URL, with its credentials; hosts of noProxy are asked directly")
    func proxy() async throws {
        let proxy = LoopbackServer { .reply(200, [], Array("\($0.path) \($0.headers["proxy-authorization"] ?? "-")".utf8)) }
        defer { proxy.stop() }
        let through = client { $0.proxyURL = "http://user:pass@127.0.0.1:\(proxy.port)" }
        let response = try await through.send(HTTPRequest(url: "http://example.invalid/x"))
        #expect(String(decoding: response.body, as: UTF8.self) == "http://example.invalid/x Basic dXNlcjpwYXNz")
        let direct = client {
            $0.proxyURL = "http://127.0.0.1:1"
            $0.noProxy = "127.0.0.1"
        }
        #expect(try await direct.send(HTTPRequest(url: proxy.url)).status == 200)
        let refused = client { $0.proxyURL = "http://127.0.0.1:1" }
        await #expect { try await refused.send(HTTPRequest(url: proxy.url)) } throws: { ($0 as? HTTPError)?.kind == .proxy }
        let dead = client { $0.proxyURL = "http://no.such.proxy.invalid" }
        await #expect { try await dead.send(HTTPRequest(url: proxy.url)) } throws: { ($0 as? HTTPError)?.kind == .proxy }
    }
}
