package import KubernetesAPI
internal import Manifests

/// Tells one cluster from another.
package enum TargetIdentity {
    /// Asked without discovery, which takes as long.
    private static let namespaces = APIResource(group: "", version: "v1", kind: "Namespace", plural: "namespaces", isNamespaced: false)

    /// The UID of the namespace `kube-system`; where there is none, or we may not see it, a digest of server and CA.
    package static func uid(client: KubernetesClient) async throws -> String {
        do {
            let live = try await client.get(namespaces, namespace: "", name: "kube-system", isMetadataOnly: true)
            if let uid = live?.at("metadata", "uid")?.string, !uid.isEmpty { return uid }
        } catch {
            // Some hosted control planes serve no namespaces at all.
            guard error.isForbidden || error.isNotFound else {
                throw error.diagnostic(object: "Namespace/kube-system", doing: "asking the target who it is")
            }
        }
        let configuration = client.configuration
        return Digest.sha256(of: Array(configuration.server.utf8) + [0] + (configuration.tls.certificateAuthority ?? []))
    }
}
