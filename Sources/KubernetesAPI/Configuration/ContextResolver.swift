internal import HTTP
internal import Manifests

/// Makes a cluster's configuration out of one context of merged kubeconfigs.
struct ContextResolver {
    let config: Kubeconfig
    let environment: [String: String]

    func resolve(_ name: String?) throws(Diagnostic) -> ClusterConfiguration {
        let (contextName, context) = try self.context(name)
        guard let clusterName = try context.text("cluster") else {
            throw Diagnostic("context '\(contextName)' names no cluster", at: context.position)
        }
        guard let cluster = config.clusters[clusterName] else {
            throw missing("cluster", clusterName, among: config.clusters, context: contextName, at: context.position(of: "cluster"))
        }
        guard var server = try cluster.text("server") else {
            throw Diagnostic("cluster '\(clusterName)' has no server", at: cluster.position)
        }
        while server.hasSuffix("/") { server.removeLast() }
        do throws(HTTPError) { _ = try HTTPURL(server) } catch {
            throw Diagnostic("the server of cluster '\(clusterName)' is no URL: \(error.message)", at: cluster.position(of: "server"))
        }
        var result = ClusterConfiguration(
            server: server, contextName: contextName, clusterName: clusterName, namespace: try context.text("namespace"),
            disablesCompression: try cluster.flag("disable-compression"), environment: environment)
        result.tls = try tls(of: cluster)
        try setProxy(of: cluster, in: &result)
        if let userName = try context.text("user") {
            guard let user = config.users[userName] else {
                throw missing("user", userName, among: config.users, context: contextName, at: context.position(of: "user"))
            }
            result.userName = userName
            try setUser(user, name: userName, cluster: cluster, in: &result)
        }
        return result
    }

    // MARK: Context

    private func context(_ name: String?) throws(Diagnostic) -> (String, KubeconfigEntry) {
        let place = config.files.count == 1 ? config.files.first.map { SourcePosition(file: $0) } : nil
        let known = config.contexts.keys.sorted()
        let list =
            known.isEmpty
            ? "there are no contexts"
            : "contexts: " + known.prefix(20).joined(separator: ", ")
                + (known.count > 20 ? " and \(known.count - 20) more" : "")
        if let name, !name.isEmpty {
            if let context = config.contexts[name] { return (name, context) }
            let near = NearMatch.candidates(for: name, among: known, limit: 3).map { "'\($0)'" }.joined(separator: ", ")
            throw Diagnostic(
                "context '\(name)' does not exist", at: place, advice: (near.isEmpty ? "" : "did you mean \(near)?\n") + list)
        }
        guard !config.currentContext.isEmpty else {
            throw Diagnostic("the kubeconfig has no current-context", at: place, advice: "name one with --context; \(list)")
        }
        guard let context = config.contexts[config.currentContext] else {
            throw Diagnostic(
                "current-context '\(config.currentContext)' does not exist", at: place, advice: "name another with --context; \(list)")
        }
        return (config.currentContext, context)
    }

    private func missing(
        _ what: String, _ name: String, among known: [String: KubeconfigEntry], context: String, at position: SourcePosition
    ) -> Diagnostic {
        let near = NearMatch.candidates(for: name, among: known.keys).first
        return Diagnostic(
            "\(what) '\(name)' of context '\(context)' does not exist", at: position, advice: near.map { "did you mean '\($0)'?" })
    }

    // MARK: Cluster

    private func tls(of cluster: KubeconfigEntry) throws(Diagnostic) -> TLSMaterial {
        let isInsecure = try cluster.flag("insecure-skip-tls-verify")
        let authority = try cluster.material("certificate-authority")
        if isInsecure, authority != nil {
            throw Diagnostic(
                "insecure-skip-tls-verify cannot stand beside a certificate authority",
                at: cluster.position(of: "insecure-skip-tls-verify"), advice: "remove one of them")
        }
        return TLSMaterial(
            certificateAuthority: authority?.bytes, certificateAuthoritySource: authority?.source,
            serverName: try cluster.text("tls-server-name"), isInsecure: isInsecure)
    }

    private func setProxy(of cluster: KubeconfigEntry, in result: inout ClusterConfiguration) throws(Diagnostic) {
        if let proxy = try cluster.text("proxy-url") {
            guard ["http://", "https://", "socks5://"].contains(where: { proxy.lowercased().hasPrefix($0) }) else {
                throw Diagnostic(
                    "proxy-url has none of the schemes http, https and socks5", at: cluster.position(of: "proxy-url"))
            }
            result.proxyURL = proxy
        } else {
            result.setProxyFromEnvironment()
        }
    }

    // MARK: User

    private func setUser(
        _ user: KubeconfigEntry, name: String, cluster: KubeconfigEntry, in result: inout ClusterConfiguration
    ) throws(Diagnostic) {
        let certificate = try user.material("client-certificate")
        let key = try user.material("client-key")
        guard (certificate == nil) == (key == nil) else {
            let missing = key == nil ? "client-key" : "client-certificate"
            throw Diagnostic("user '\(name)' has only half of a client certificate: \(missing) is missing", at: user.position)
        }
        result.tls.clientCertificate = certificate?.bytes
        result.tls.clientKey = key?.bytes
        result.credential = try credential(user, name: name, cluster: cluster, hasCertificate: certificate != nil)
        result.impersonation = try impersonation(user)
    }

    /// A token or a password wins over a plugin, as does a certificate (client-go's exec authenticator steps back for them).
    private func credential(
        _ user: KubeconfigEntry, name: String, cluster: KubeconfigEntry, hasCertificate: Bool
    ) throws(Diagnostic) -> Credential {
        let token = try user.text("token")
        let tokenFile = try user.text("tokenFile").map { PathText.resolve($0, from: user.folder) }
        let userName = try user.text("username"), password = try user.text("password")
        if token != nil || tokenFile != nil, userName != nil || password != nil {
            throw Diagnostic("user '\(name)' has a token and a password", at: user.position, advice: "remove one of them")
        }
        if let tokenFile { return try self.tokenFile(tokenFile, fallback: token, user: user) }
        if let token { return .token(token) }
        if userName != nil || password != nil { return .basic(user: userName ?? "", password: password ?? "") }
        let exec = try user.mapping("exec")
        if exec.value.object != nil {
            let plugin = try ExecPlugin(exec, user: name, cluster: cluster)
            return hasCertificate ? .none : .exec(plugin)
        }
        if try user.mapping("auth-provider").value.object != nil {
            throw Diagnostic(
                "user '\(name)' has an auth-provider, which Kubernetes has given up", at: user.position(of: "auth-provider"),
                advice: "use the provider's credential plugin (users[].user.exec)")
        }
        return .none
    }

    private func tokenFile(_ path: String, fallback: String?, user: KubeconfigEntry) throws(Diagnostic) -> Credential {
        do throws(FileBytes.Failure) { _ = try FileBytes.read(path) } catch {
            guard fallback != nil else {
                throw Diagnostic("tokenFile '\(path)' cannot be read: \(error.message)", at: user.position(of: "tokenFile"))
            }
        }
        return .tokenFile(path: path, fallback: fallback)
    }

    private func impersonation(_ user: KubeconfigEntry) throws(Diagnostic) -> Impersonation? {
        let extra = try user.mapping("as-user-extra")
        var values: [String: [String]] = [:]
        for member in extra.value.object ?? Object() { values[member.key] = try extra.texts(member.key) }
        let uid = try user.text("as-uid"), groups = try user.texts("as-groups")
        guard let name = try user.text("as") else {
            guard uid == nil, groups.isEmpty, values.isEmpty else {
                throw Diagnostic("as-uid, as-groups and as-user-extra need as, the user to act as", at: user.position)
            }
            return nil
        }
        return Impersonation(user: name, uid: uid ?? "", groups: groups, extra: values)
    }
}
