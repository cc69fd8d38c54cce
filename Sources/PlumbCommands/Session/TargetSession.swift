internal import KubernetesAPI
internal import Manifests
internal import Planning
internal import Settings

/// A target, with what it serves.
struct TargetSession: Sendable {
    let connection: TargetConnection
    let discovery: Discovery
    let target: PlanTarget

    var client: KubernetesClient { connection.client }
    var cluster: ClusterConfiguration { connection.cluster }

    /// Asks a target who it is and what it serves, all at a time.
    static func open(_ connection: TargetConnection, console: Console) async throws -> TargetSession {
        let client = connection.client
        async let version = client.serverVersion()
        async let uid = TargetIdentity.uid(client: client)
        let discovery = try await client.discover()
        for (group, reason) in discovery.failedGroups.sorted(by: { $0.key < $1.key }) {
            console.warning("the target's API group \(group) does not answer: \(reason)")
        }
        return TargetSession(
            connection: connection, discovery: discovery,
            target: try await PlanTarget(server: connection.cluster.server, clusterUID: uid, serverVersion: version))
    }

    func defaultNamespace(option: String?, environment: EnvironmentConfiguration) -> String {
        connection.defaultNamespace(option: option, environment: environment)
    }

    func inventoryNamespace(option: String?, environment: EnvironmentConfiguration) -> String {
        connection.inventoryNamespace(option: option, environment: environment)
    }
}
