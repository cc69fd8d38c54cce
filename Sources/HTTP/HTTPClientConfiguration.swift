/// What holds for all requests of a client.
package struct HTTPClientConfiguration: Sendable {
    /// Must not start with `curl/`: API servers indent their answers for it, which more than doubles them.
    package var userAgent: String
    package var tls: HTTPTLSConfiguration
    /// `http://`, `https://` or `socks5://` with an optional user and password; `nil` connects directly. The
    /// environment's variables are never read here.
    package var proxyURL: String?
    /// Hosts that are asked directly, in the form of the variable `no_proxy`.
    package var noProxy: String
    /// For resolving the name, connecting and the TLS handshake.
    package var connectTimeout: Duration
    /// How long a transfer may make no progress at all.
    package var stallTimeout: Duration
    /// The most that a body may have, decompressed.
    package var bodyBytesMax: Int
    package var acceptsGzip: Bool

    package init(
        userAgent: String, tls: HTTPTLSConfiguration = HTTPTLSConfiguration(), proxyURL: String? = nil, noProxy: String = "",
        connectTimeout: Duration = .seconds(10), stallTimeout: Duration = .seconds(30), bodyBytesMax: Int = 512 << 20,
        acceptsGzip: Bool = true
    ) {
        self.userAgent = userAgent
        self.tls = tls
        self.proxyURL = proxyURL
        self.noProxy = noProxy
        self.connectTimeout = connectTimeout
        self.stallTimeout = stallTimeout
        self.bodyBytesMax = bodyBytesMax
        self.acceptsGzip = acceptsGzip
    }
}

/// Whom to trust and who to be.
package struct HTTPTLSConfiguration: Hashable, Sendable {
    /// Certificate authorities (PEM) to trust instead of the system's.
    package var certificateAuthority: [UInt8]?
    /// Our certificate with its chain (PEM).
    package var clientCertificate: [UInt8]?
    /// The key of our certificate (PEM, not encrypted).
    package var clientKey: [UInt8]?
    /// The name to ask for (SNI) and to verify, in place of the URL's host.
    package var serverName: String?
    /// Verifies nothing.
    package var isInsecure: Bool

    package init(
        certificateAuthority: [UInt8]? = nil, clientCertificate: [UInt8]? = nil, clientKey: [UInt8]? = nil,
        serverName: String? = nil, isInsecure: Bool = false
    ) {
        self.certificateAuthority = certificateAuthority
        self.clientCertificate = clientCertificate
        self.clientKey = clientKey
        self.serverName = serverName
        self.isInsecure = isInsecure
    }
}
