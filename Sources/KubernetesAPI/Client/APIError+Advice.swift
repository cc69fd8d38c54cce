internal import HTTP

extension APIError {
    /// What a person can do about a refusal.
    static func advice(_ error: APIError, configuration: ClusterConfiguration, isSecure: Bool) -> String? {
        switch error.status {
        case 400 where !isSecure: return "the server's URL of cluster '\(configuration.clusterName)' is http; should it be https?"
        case 401:
            if !isSecure { return "credentials are sent over https only; the server's URL is http" }
            return "check the credential of user '\(configuration.userName)' of context '\(configuration.contextName)' "
                + "(\(credentialText(configuration))): it may have expired or belong to another cluster"
        case 403:
            guard configuration.impersonation == nil else { return "the user acted as (impersonated) lacks the right" }
            return
                "user '\(configuration.userName)' of context '\(configuration.contextName)' lacks the right; ask for a role that grants it"
        case 404 where error.reason.isEmpty:
            return "the server does not serve this path: is \(configuration.server) the API server, and the kind installed?"
        case 429 where error.flowSchema != nil:
            return "API priority and fairness holds this user back (flow schema with UID \(error.flowSchema ?? "")): "
                + "try again later, with less parallelism, or have its priority level widened"
        case 429: return "the server is overloaded; try again later or with less parallelism"
        case 300..<400: return "the server redirects, which API clients do not follow: correct the cluster's server URL"
        case 502, 503, 504: return "the server or something in front of it is not ready; try again in a moment"
        default: return nil
        }
    }

    private static func credentialText(_ configuration: ClusterConfiguration) -> String {
        if case .none = configuration.credential, configuration.tls.clientCertificate != nil { return "a client certificate" }
        return configuration.credential.description
    }

    /// What a person can do when there was no answer.
    static func advice(_ error: HTTPError, configuration: ClusterConfiguration) -> String? {
        let cluster = "cluster '\(configuration.clusterName)' (context '\(configuration.contextName)')"
        return switch error.kind {
        case .badURL: "correct the server's URL of \(cluster)"
        case .couldNotResolve: "check the host name in the server's URL of \(cluster), and the network or VPN"
        case .couldNotConnect: "is the server of \(cluster) up, and reachable from here?"
        case .proxy: "check the proxy: proxy-url of \(cluster), or the variables https_proxy and no_proxy"
        case .untrustedCertificate:
            "check the certificate authority of \(cluster): "
                + (configuration.tls.certificateAuthoritySource.map { "it comes from \($0)" }
                    ?? "none is given, so the system's are used; set certificate-authority or certificate-authority-data")
        case .nameMismatch:
            "use a host name that the certificate is for, or set tls-server-name of \(cluster)"
        case .clientCertificateRefused:
            configuration.tls.clientCertificate == nil
                ? "the server asks for a client certificate and user '\(configuration.userName)' has none"
                : "the certificate of user '\(configuration.userName)' may have expired or be signed by another authority"
        case .badCredentials:
            "check that certificate and key of user '\(configuration.userName)' belong together and are PEM, as the authority of \(cluster)"
        case .tls: "is the server of \(cluster) one that speaks TLS at this address?"
        case .timedOut: "the server of \(cluster) does not answer; check the network, a firewall or the server's load"
        case .reset: "the server or something in front of it closed the connection; try again"
        case .tooLarge, .cancelled, .closed: nil
        }
    }
}
