/// Why no answer came.
package struct HTTPError: Error, Hashable, Sendable {
    package enum Kind: String, Sendable {
        case badURL
        case couldNotResolve
        case couldNotConnect
        /// The proxy could not be resolved or reached, or refused to connect through.
        case proxy
        /// The server's certificate is not signed by a CA that we trust, or has expired.
        case untrustedCertificate
        /// The server's certificate is for another name.
        case nameMismatch
        /// The server refused our certificate, or asks for one that we do not have.
        case clientCertificateRefused
        /// Our own certificate, key or CA cannot be used (not PEM, key of another certificate).
        case badCredentials
        /// Any other failure of the TLS handshake.
        case tls
        case timedOut
        /// The connection broke, or the answer was no HTTP.
        case reset
        case tooLarge
        case cancelled
        /// The client was shut down.
        case closed
    }

    package var kind: Kind
    /// What happened, in libcurl's words; lower case, no full stop, no secrets.
    package var message: String
    /// The host (and port, unless it is the scheme's own) that was asked.
    package var host: String
    /// Whether the server may have received the request, and so may have acted on it.
    package var mayHaveReachedServer: Bool

    package init(_ kind: Kind, _ message: String, host: String = "", mayHaveReachedServer: Bool = false) {
        self.kind = kind
        self.message = message
        self.host = host
        self.mayHaveReachedServer = mayHaveReachedServer
    }
}

extension HTTPError: CustomStringConvertible {
    package var description: String {
        let place = host.isEmpty ? "" : "\(host): "
        return switch kind {
        case .badURL: "\(place)not a URL that can be asked: \(message)"
        case .couldNotResolve: "\(place)the host name is not known: \(message)"
        case .couldNotConnect: "\(place)no connection: \(message)"
        case .proxy: "\(place)the proxy failed: \(message)"
        case .untrustedCertificate: "\(place)the server's certificate is not trusted: \(message)"
        case .nameMismatch: "\(place)the server's certificate is for another name: \(message)"
        case .clientCertificateRefused: "\(place)the server refused the client certificate: \(message)"
        case .badCredentials: "\(place)the client certificate, its key or the certificate authority cannot be used: \(message)"
        case .tls: "\(place)TLS failed: \(message)"
        case .timedOut: "\(place)no answer in time: \(message)"
        case .reset: "\(place)the connection broke: \(message)"
        case .tooLarge: "\(place)the answer is too large: \(message)"
        case .cancelled: "\(place)cancelled"
        case .closed: "\(place)the client was shut down"
        }
    }
}
