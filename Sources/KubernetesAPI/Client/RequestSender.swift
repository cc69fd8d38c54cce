internal import HTTP
internal import Manifests
internal import Synchronization

/// Sends calls: in turn, authenticated, counted, and again where that is safe.
final class RequestSender: Sendable {
    private struct State {
        var client: HTTPClient?
        var tls: HTTPTLSConfiguration
        var statistics = RequestStatistics()
        var hasAnswered = false
        var isShutDown = false
        var clockOffset: Duration?
    }

    let configuration: ClusterConfiguration
    let options: ClientOptions
    let baseURL: HTTPURL
    /// Scheme, host and port, and what the server's URL has below them, without a slash at the end.
    private let origin: String
    private let basePath: String
    private let credentials: CredentialSource
    private let limit: FlightLimit
    private let state: Mutex<State>

    init(_ configuration: ClusterConfiguration, options: ClientOptions) throws(Diagnostic) {
        self.configuration = configuration
        self.options = options
        do throws(HTTPError) {
            baseURL = try HTTPURL(configuration.server)
        } catch {
            throw Diagnostic(
                "the server's URL of cluster '\(configuration.clusterName)' cannot be used: \(error.message)",
                advice: "correct clusters[].cluster.server in the kubeconfig, such as https://example.org:6443")
        }
        var path = baseURL.path
        while path.hasSuffix("/") { path.removeLast() }
        basePath = path
        origin = HTTPURL(origin: baseURL, path: "").description
        credentials = CredentialSource(configuration, options: options, isSecure: baseURL.scheme == "https")
        limit = FlightLimit(options.maximumInFlight)
        state = Mutex(State(tls: HTTPTLSConfiguration(configuration.tls)))
        if baseURL.scheme != "https", configuration.credential.isSecret {
            options.log("the server's URL is http: \(configuration.credential) is not sent, credentials go over https only")
        }
    }

    /// How many requests the server takes at a time, as far as is known by now.
    var requestLimit: Int { limit.current }

    var statistics: RequestStatistics { state.withLock { $0.statistics } }
    var clockOffset: Duration { state.withLock { $0.clockOffset } ?? .zero }

    func shutdown() {
        let client = state.withLock { state in
            state.isShutDown = true
            defer { state.client = nil }
            return state.client
        }
        client?.shutdown()
    }

    /// Returns the answer of a call that succeeded (2xx).
    func send(_ call: APICall) async throws(APIError) -> HTTPResponse {
        guard await limit.enter() else {
            throw APIError(transport: HTTPError(.cancelled, "cancelled"), call: call, configuration: configuration)
        }
        defer { limit.leave() }
        count { $0.count(call.verb) }
        let start = ContinuousClock.now
        var tries = 0
        var hasRefreshed = false
        var needsFreshConnection = false
        while true {
            tries += 1
            var used: RequestCredential?
            do throws(APIError) {
                let credential = try await credentials.current(for: call)
                used = credential
                return try await attempt(call, credential, needsFreshConnection: needsFreshConnection)
            } catch {
                if error.isUnauthorized, !hasRefreshed, let used, try await credentials.refresh(after: used, call: call) {
                    hasRefreshed = true
                    options.log("the credential of user '\(configuration.userName)' was refused and has been renewed")
                    continue
                }
                let situation = RetryPolicy.Situation(
                    error: error, tries: tries, isIdempotent: call.isIdempotent, hasAnsweredBefore: state.withLock { $0.hasAnswered },
                    elapsed: ContinuousClock.now - start, deadline: options.retryDeadline, random: Double.random(in: 0..<1))
                guard let delay = RetryPolicy.delay(situation) else { throw error }
                needsFreshConnection = error.transport?.kind == .timedOut
                try await wait(delay, before: tries + 1, of: call, because: error)
            }
        }
    }

    private func count(_ change: (inout RequestStatistics) -> Void) {
        state.withLock { change(&$0.statistics) }
        RequestCounter.current?.change(change)
    }

    private func wait(_ delay: Duration, before tries: Int, of call: APICall, because error: APIError) async throws(APIError) {
        options.log("\(call.verb.rawValue) \(call.path): \(error.message); try \(tries) in \(delay.roundedText)")
        count { $0.retries += 1 }
        do {
            try await Task.sleep(for: delay)
        } catch {
            throw APIError(transport: HTTPError(.cancelled, "cancelled"), call: call, configuration: configuration)
        }
    }

    private func attempt(
        _ call: APICall, _ credential: RequestCredential, needsFreshConnection: Bool
    ) async throws(APIError) -> HTTPResponse {
        let request = request(call, credential, needsFreshConnection: needsFreshConnection)
        let response: HTTPResponse
        let start = ContinuousClock.now
        do throws(HTTPError) {
            response = try await client(for: credential).send(request)
        } catch {
            throw APIError(transport: error, call: call, configuration: configuration)
        }
        count { statistics in
            statistics.bytesReceived += response.body.count
            if response.status == 429 { statistics.throttled += 1 }
        }
        state.withLock { state in
            state.hasAnswered = true
            if state.clockOffset == nil, let date = response.headers.all("Date").first.flatMap(HTTPDate.parse) {
                let offset = date.since(.now())
                // A second is what the header leaves open.
                state.clockOffset = offset < .seconds(-2) || offset > .seconds(2) ? offset : .zero
            }
        }
        if response.status == 429 || (response.status == 503 && response.headers["Retry-After"] != nil) {
            limit.refused()
        } else {
            limit.answered(after: ContinuousClock.now - start, isWrite: call.verb.isWrite)
        }
        if (200..<300).contains(response.status) { return response }
        throw APIError(response: response, call: call, configuration: configuration, isSecure: baseURL.scheme == "https")
    }

    private func request(_ call: APICall, _ credential: RequestCredential, needsFreshConnection: Bool) -> HTTPRequest {
        let path = basePath + call.path + URLText.query(call.query)
        var url = HTTPURL(origin: baseURL, path: path)
        url.userInfo = nil
        var headers = [(name: "Accept", value: call.accept)]
        if let contentType = call.contentType { headers.append((name: "Content-Type", value: contentType)) }
        if let authorization = credential.authorization { headers.append((name: "Authorization", value: authorization)) }
        headers += configuration.impersonation?.headers ?? []
        return HTTPRequest(
            method: call.method, url: origin + path, parsedURL: url, headers: headers, body: call.body,
            timeout: call.verb == .list ? options.requestTimeout * 4 : options.requestTimeout, isIdempotent: call.isIdempotent,
            needsFreshConnection: needsFreshConnection, expectsLargeAnswer: call.verb == .list || call.verb == .discovery)
    }

    /// The client for a credential's certificate; another certificate needs other connections.
    private func client(for credential: RequestCredential) throws(HTTPError) -> HTTPClient {
        var tls = HTTPTLSConfiguration(configuration.tls)
        if let certificate = credential.clientCertificate, let key = credential.clientKey {
            tls.clientCertificate = certificate
            tls.clientKey = key
        }
        let client: HTTPClient? = state.withLock { state in
            if state.isShutDown { return nil }
            if let client = state.client, state.tls == tls { return client }
            // What is under way on the old client keeps it until it is done.
            let client = HTTPClient(
                HTTPClientConfiguration(
                    userAgent: options.userAgent, tls: tls, proxyURL: configuration.proxyURL, noProxy: configuration.noProxy,
                    stallTimeout: options.requestTimeout, acceptsGzip: !configuration.disablesCompression))
            state.client = client
            state.tls = tls
            return client
        }
        guard let client else { throw HTTPError(.closed, "shut down") }
        return client
    }

    /// The JSON of an answer.
    func value(of response: HTTPResponse, call: APICall, skipsManagedFields: Bool = false) throws(APIError) -> Value {
        do throws(JSONError) {
            return try JSONParser.parse(response.body, options: Self.options(skipsManagedFields))
        } catch { throw unreadable("is no JSON: \(error)", response, call) }
    }

    /// The answer that is a list, but for its items, which are handed over one by one: JSON, or versions in protobuf.
    func value(
        of response: HTTPResponse, call: APICall, skipsManagedFields: Bool, item: (Value) -> Void
    ) throws(APIError) -> Value {
        if ProtobufVersions.isContentType(response.headers["Content-Type"]) {
            do throws(ProtobufReader.Fault) { return try ProtobufVersions.read(response.body, item: item) } catch {
                throw unreadable("cannot be read: \(error)", response, call)
            }
        }
        do throws(JSONError) {
            return try JSONParser.parse(response.body, options: Self.options(skipsManagedFields), elementsOf: "items", each: item)
        } catch { throw unreadable("is no JSON: \(error)", response, call) }
    }

    private static func options(_ skipsManagedFields: Bool) -> JSONParser.Options {
        JSONParser.Options(skippedKey: skipsManagedFields ? "managedFields" : nil)
    }

    private func unreadable(_ fault: String, _ response: HTTPResponse, _ call: APICall) -> APIError {
        APIError(
            status: response.status, message: "\(call.verb.rawValue) \(call.path): the answer \(fault)",
            verb: call.verb.rawValue, path: call.path, mayHaveHappened: call.verb.isWrite,
            advice: "is \(baseURL) a Kubernetes API server? a proxy or a login page may stand in its place")
    }
}

extension HTTPTLSConfiguration {
    init(_ material: TLSMaterial) {
        self.init(
            certificateAuthority: material.certificateAuthority, clientCertificate: material.clientCertificate,
            clientKey: material.clientKey, serverName: material.serverName, isInsecure: material.isInsecure)
    }
}

extension Impersonation {
    /// The headers of API server impersonation; keys of `extra` are escaped, as they may hold what headers may not.
    var headers: [(name: String, value: String)] {
        var headers = [(name: "Impersonate-User", value: user)]
        if !uid.isEmpty { headers.append((name: "Impersonate-Uid", value: uid)) }
        headers += groups.map { (name: "Impersonate-Group", value: $0) }
        for key in extra.keys.sorted() {
            for value in extra[key] ?? [] { headers.append((name: "Impersonate-Extra-\(URLText.escape(key))", value: value)) }
        }
        return headers
    }
}

extension Duration {
    /// `350 ms`, `4 s`.
    var roundedText: String {
        let (seconds, attoseconds) = components
        let milliseconds = attoseconds / 1_000_000_000_000_000
        return seconds == 0 ? "\(milliseconds) ms" : "\(seconds)\(milliseconds >= 100 ? ".\(milliseconds / 100)" : "") s"
    }
}
