internal import HTTP
internal import Manifests

/// GET requests of one host's kind of access: redirects followed, credentials kept to the host that they are for.
struct WebAccess: Sendable {
    /// What a request carries besides the URL.
    struct Credential: Sendable {
        /// The value of the `Authorization` header.
        var authorization: String?
        /// Whether it also goes to other hosts that the server leads to.
        var goesToAllHosts = false
    }

    let client: HTTPClient

    private static let redirectsMax = 10
    private static let attemptsMax = 3
    /// The largest index of a public repository has some 30 MB.
    static let bodyBytesMax = 256 << 20

    init(url: HTTPURL, tls: HTTPTLSConfiguration, environment: ChartEnvironment) {
        let isLocal = WebAccess.isLoopback(url.host)
        let proxy = isLocal ? nil : environment.proxy(scheme: url.scheme)
        client = HTTPClient(
            HTTPClientConfiguration(
                userAgent: environment.userAgent, tls: tls, proxyURL: proxy?.url, noProxy: proxy?.except ?? "",
                bodyBytesMax: Self.bodyBytesMax))
    }

    static func isLoopback(_ host: String) -> Bool {
        let host = host.lowercased()
        return host == "localhost" || host.hasPrefix("127.") || host == "::1"
    }

    /// The answer at the end of all redirects.
    /// - Throws: `Diagnostic` when no answer comes; any status is an answer.
    func get(
        _ text: String, headers: [(name: String, value: String)] = [], credential: Credential = Credential(), method: String = "GET",
        body: [UInt8]? = nil
    ) async throws -> HTTPResponse {
        var url = try Self.url(text)
        let first = url
        for _ in 0...Self.redirectsMax {
            var headers = headers
            let isSameHost = url.host == first.host && url.effectivePort == first.effectivePort && url.scheme == first.scheme
            if let authorization = credential.authorization, isSameHost || credential.goesToAllHosts {
                headers.append(("Authorization", authorization))
            }
            let response = try await send(HTTPRequest(method: method, url: "\(url)", headers: headers, body: body, timeout: .seconds(300)))
            guard [301, 302, 303, 307, 308].contains(response.status), let location = response.headers["Location"] else { return response }
            let next = try Self.url(Self.resolved(location, against: url))
            guard next.scheme == "https" || url.scheme == "http" else {
                throw Diagnostic("\(url.authority) leads from https to http, to \(next.authority): this is not followed")
            }
            url = next
        }
        throw Diagnostic("\(first.authority) leads from one place to another more than \(Self.redirectsMax) times")
    }

    /// Sends a request, and again when the connection breaks or the server is busy.
    private func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        var attempt = 1
        while true {
            do {
                let response = try await client.send(request)
                guard [429, 502, 503, 504].contains(response.status), attempt < Self.attemptsMax else { return response }
            } catch {
                let mayHelp = error.kind == .reset || error.kind == .timedOut
                guard mayHelp, attempt < Self.attemptsMax else { throw Self.diagnostic(error) }
            }
            try await Task.sleep(for: .milliseconds(200 * attempt * attempt))
            attempt += 1
        }
    }

    private static func diagnostic(_ error: HTTPError) -> Diagnostic {
        let advice: String? =
            switch error.kind {
            case .couldNotResolve, .couldNotConnect, .proxy, .timedOut:
                "check the network and the proxy; a chart in the repository, or its dependencies in charts/, need neither"
            case .untrustedCertificate: "give the authority's certificate with 'helm repo add --ca-file', or install it in the system"
            default: nil
            }
        return Diagnostic("\(error)", advice: advice)
    }

    static func url(_ text: String) throws(Diagnostic) -> HTTPURL {
        do { return try HTTPURL(text) } catch { throw Diagnostic("not a URL that can be asked: \(error.message)") }
    }

    /// A reference that may be relative (RFC 3986, section 5), against the URL that it was found at.
    static func resolved(_ reference: String, against base: HTTPURL) -> String {
        if reference.contains("://") { return reference }
        let origin = "\(base.scheme)://\(base.authority)"
        if reference.hasPrefix("//") { return "\(base.scheme):\(reference)" }
        if reference.hasPrefix("/") { return origin + reference }
        let path = base.path.prefix { $0 != "?" }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "/"
        let joined = TreePath.join("", String((folder + reference).drop { $0 == "/" })) ?? reference
        return origin + "/" + joined
    }
}
