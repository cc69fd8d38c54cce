internal import HTTP
internal import Manifests

extension ClusterConfiguration {
    /// Where a pod finds its service account.
    private static let serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// The settings of a pod: `nil` outside of one.
    static func inCluster(
        environment: [String: String], folder: String = serviceAccountFolder
    ) throws(Diagnostic) -> ClusterConfiguration? {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
            let port = environment["KUBERNETES_SERVICE_PORT"], !port.isEmpty
        else { return nil }
        let tokenPath = "\(folder)/token", authorityPath = "\(folder)/ca.crt"
        do throws(FileBytes.Failure) { _ = try FileBytes.read(tokenPath) } catch {
            throw Diagnostic(
                "inside a cluster, and the service account's token '\(tokenPath)' cannot be read: \(error.message)",
                advice: "mount the service account's token into the pod, or name a kubeconfig")
        }
        let authority: [UInt8]
        do throws(FileBytes.Failure) { authority = try FileBytes.read(authorityPath) } catch {
            throw Diagnostic(
                "inside a cluster, and the certificate authority '\(authorityPath)' cannot be read: \(error.message)",
                advice: "mount the service account into the pod, or name a kubeconfig")
        }
        var namespace = environment["POD_NAMESPACE"] ?? ""
        if namespace.isEmpty, let bytes = try? FileBytes.read("\(folder)/namespace") {
            namespace = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        }
        var result = ClusterConfiguration(
            server: "https://\(host.contains(":") ? "[\(host)]" : host):\(port)", contextName: "in-cluster",
            clusterName: "in-cluster", userName: "service account", namespace: namespace.isEmpty ? nil : namespace,
            credential: .tokenFile(path: tokenPath, fallback: nil), environment: environment)
        result.tls.certificateAuthority = authority
        result.tls.certificateAuthoritySource = authorityPath
        result.setProxyFromEnvironment()
        return result
    }

    /// The proxy that the environment names for the server's scheme, by the rules of Go's `ProxyFromEnvironment`:
    /// capitals first, and never for this very machine.
    mutating func setProxyFromEnvironment() {
        guard let url = try? HTTPURL(server) else { return }
        let host = url.host.lowercased()
        if host == "localhost" || host.hasPrefix("127.") || host == "::1" { return }
        func variable(_ name: String) -> String? {
            [environment[name.uppercased()], environment[name]].compactMap { $0 }.first { !$0.isEmpty }
        }
        guard let proxy = variable("\(url.scheme)_proxy") else { return }
        proxyURL = proxy.contains("://") ? proxy : "http://\(proxy)"
        noProxy = variable("no_proxy") ?? ""
    }
}
