package import KubernetesAPI
internal import Manifests

/// Tells one cluster from another.
package enum TargetIdentity {
    /// The UID of the namespace `kube-system`; where there is none, or we may not see it, a digest of server and CA.
    package static func uid(client: KubernetesClient, discovery: Discovery) async throws -> String {
        if let namespaces = discovery.resource(for: GroupVersionKind(group: "", version: "v1", kind: "Namespace")) {
            do {
                let live = try await client.get(namespaces, namespace: "", name: "kube-system")
                if let uid = live?.at("metadata", "uid")?.string, !uid.isEmpty { return uid }
            } catch {
                guard error.isForbidden || error.isNotFound else {
                    throw error.diagnostic(object: "Namespace/kube-system", doing: "asking the target who it is")
                }
            }
        }
        let configuration = client.configuration
        return Digest.sha256(of: Array(configuration.server.utf8) + [0] + (configuration.tls.certificateAuthority ?? []))
    }
}
