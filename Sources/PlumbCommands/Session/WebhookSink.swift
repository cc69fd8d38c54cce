internal import Auditing
internal import HTTP
internal import Manifests

/// Sends events to an HTTP endpoint as CloudEvents, signed when there is a key.
struct WebhookSink: EventSink {
    private let url: HTTPURL
    private let text: String
    private let signature: EventSignature?
    private let client: HTTPClient
    private static let timeout: Duration = .seconds(10)

    init(url text: String, key: String?, variables: [String: String]) throws(Diagnostic) {
        do throws(HTTPError) { url = try HTTPURL(text) } catch {
            throw Diagnostic("the endpoint for events is no URL: \(error.message)", advice: "write it as https://host/path")
        }
        self.text = text
        signature = key.flatMap(EventSignature.init(key:))
        if key != nil, signature == nil { throw Diagnostic("the key for signing events is empty or no Base64") }
        client = HTTPClient(
            HTTPClientConfiguration(
                userAgent: "plumb/\(PlumbVersion.text)", proxyURL: Self.proxy(for: url, variables),
                noProxy: Self.variable("no_proxy", variables) ?? ""))
    }

    /// Without user and password.
    var name: String { url.description }
    var isDurable: Bool { true }

    func send(_ event: CloudEvent) async throws(EventFailure) {
        let body = event.body
        var headers = [(name: "Content-Type", value: CloudEvent.contentType)]
        headers += signature?.headers(id: event.id, unixTime: Timestamp.now().seconds, body: body) ?? []
        let response: HTTPResponse
        do throws(HTTPError) {
            // The id tells a receiver what it has already.
            response = try await client.send(
                HTTPRequest(method: "POST", url: text, headers: headers, body: body, timeout: Self.timeout, isIdempotent: true))
        } catch { throw EventFailure(error.message) }
        guard (200..<300).contains(response.status) else {
            let seconds = response.headers.all("Retry-After").first.flatMap { Int64($0) }
            throw EventFailure("it answered \(response.status)", retryAfter: seconds.map { .seconds(min(max($0, 0), 60)) })
        }
    }

    private static func proxy(for url: HTTPURL, _ variables: [String: String]) -> String? {
        variable(url.scheme == "https" ? "https_proxy" : "http_proxy", variables) ?? variable("all_proxy", variables)
    }

    private static func variable(_ name: String, _ variables: [String: String]) -> String? {
        [variables[name], variables[name.uppercased()]].compactMap { $0 }.first { !$0.isEmpty }
    }
}

/// Prints records on standard output as they are written.
struct OutputSink: EventSink {
    let console: Console
    var name: String { "standard output" }
    var isDurable: Bool { false }

    func send(_ event: CloudEvent) async throws(EventFailure) {
        console.output(JSONWriter.canonical(event.value["data"] ?? .null) + [0x0A])
    }
}
