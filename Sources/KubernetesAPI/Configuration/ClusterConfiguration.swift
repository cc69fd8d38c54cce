/// A cluster, who we are there, and how to reach it: one context of a kubeconfig, resolved, or the in-cluster settings.
package struct ClusterConfiguration: Sendable {
    /// The server's URL with its path, without a slash at the end: hosted control planes live below a path.
    package var server: String
    package var contextName: String
    package var clusterName: String
    package var userName: String
    /// The context's namespace; `nil` when it names none.
    package var namespace: String?
    package var tls: TLSMaterial
    package var credential: Credential
    package var impersonation: Impersonation?
    /// Of the cluster's `proxy-url`, else of the environment's variables; `nil` for none.
    package var proxyURL: String?
    /// The environment's `no_proxy`, when the proxy comes from the environment.
    package var noProxy: String
    package var disablesCompression: Bool
    /// What the process' environment held: credential plugins inherit it.
    package var environment: [String: String]

    package init(
        server: String, contextName: String = "", clusterName: String = "", userName: String = "", namespace: String? = nil,
        tls: TLSMaterial = TLSMaterial(), credential: Credential = .none, impersonation: Impersonation? = nil,
        proxyURL: String? = nil, noProxy: String = "", disablesCompression: Bool = false, environment: [String: String] = [:]
    ) {
        self.server = server
        self.contextName = contextName
        self.clusterName = clusterName
        self.userName = userName
        self.namespace = namespace
        self.tls = tls
        self.credential = credential
        self.impersonation = impersonation
        self.proxyURL = proxyURL
        self.noProxy = noProxy
        self.disablesCompression = disablesCompression
        self.environment = environment
    }
}

/// Whom to trust and what certificate to show. PEM, in memory.
package struct TLSMaterial: Hashable, Sendable {
    package var certificateAuthority: [UInt8]?
    /// Where the authority came from, for error messages: a file's path or `certificate-authority-data`.
    package var certificateAuthoritySource: String?
    package var clientCertificate: [UInt8]?
    package var clientKey: [UInt8]?
    /// The name to verify in place of the URL's host (`tls-server-name`).
    package var serverName: String?
    /// `insecure-skip-tls-verify`.
    package var isInsecure: Bool

    package init(
        certificateAuthority: [UInt8]? = nil, certificateAuthoritySource: String? = nil, clientCertificate: [UInt8]? = nil,
        clientKey: [UInt8]? = nil, serverName: String? = nil, isInsecure: Bool = false
    ) {
        self.certificateAuthority = certificateAuthority
        self.certificateAuthoritySource = certificateAuthoritySource
        self.clientCertificate = clientCertificate
        self.clientKey = clientKey
        self.serverName = serverName
        self.isInsecure = isInsecure
    }
}

/// How we say who we are. A client certificate stands in `TLSMaterial` and may come with any of these.
package enum Credential: Sendable {
    case none
    case token(String)
    /// Read again every minute: its issuer rotates it. The token is used while the file cannot be read.
    case tokenFile(path: String, fallback: String?)
    case basic(user: String, password: String)
    case exec(ExecPlugin)
}

extension Credential {
    /// Whether there is anything to send at all.
    package var isSecret: Bool {
        if case .none = self { return false }
        return true
    }
}

extension Credential: CustomStringConvertible {
    /// The sort of credential, never its content.
    package var description: String {
        switch self {
        case .none: "no credential"
        case .token: "a token"
        case .tokenFile(let path, _): "the token file \(path)"
        case .basic: "user and password"
        case .exec(let plugin): "the credential plugin '\(plugin.command)'"
        }
    }
}

extension Credential: CustomReflectable {
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A program that hands out credentials (client.authentication.k8s.io).
package struct ExecPlugin: Hashable, Sendable {
    package enum Version: String, Sendable {
        case v1 = "client.authentication.k8s.io/v1"
        case v1beta1 = "client.authentication.k8s.io/v1beta1"
    }

    package enum InteractiveMode: String, Sendable {
        case never = "Never"
        case ifAvailable = "IfAvailable"
        case always = "Always"
    }

    package var version: Version
    package var command: String
    package var arguments: [String]
    /// Set besides the process' own environment.
    package var environment: [(name: String, value: String)]
    package var installHint: String?
    package var providesClusterInfo: Bool
    package var interactiveMode: InteractiveMode
    /// `spec.cluster` of what the plugin is told, as JSON, when it asks for it.
    package var clusterInfo: String?

    package init(
        version: Version, command: String, arguments: [String] = [], environment: [(name: String, value: String)] = [],
        installHint: String? = nil, providesClusterInfo: Bool = false, interactiveMode: InteractiveMode = .never,
        clusterInfo: String? = nil
    ) {
        self.version = version
        self.command = command
        self.arguments = arguments
        self.environment = environment
        self.installHint = installHint
        self.providesClusterInfo = providesClusterInfo
        self.interactiveMode = interactiveMode
        self.clusterInfo = clusterInfo
    }

    package static func == (left: ExecPlugin, right: ExecPlugin) -> Bool {
        left.version == right.version && left.command == right.command && left.arguments == right.arguments
            && left.environment.elementsEqual(right.environment, by: ==) && left.clusterInfo == right.clusterInfo
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(command)
        hasher.combine(arguments)
    }
}

/// As whom to act (`as`, `as-uid`, `as-groups`, `as-user-extra`).
package struct Impersonation: Hashable, Sendable {
    package var user: String
    package var uid: String
    package var groups: [String]
    package var extra: [String: [String]]

    package init(user: String, uid: String = "", groups: [String] = [], extra: [String: [String]] = [:]) {
        self.user = user
        self.uid = uid
        self.groups = groups
        self.extra = extra
    }
}
