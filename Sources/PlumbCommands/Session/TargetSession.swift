internal import KubernetesAPI
internal import Manifests
internal import Planning
internal import Settings

/// A connection to a target, with what it serves.
struct TargetSession: Sendable {
    let client: KubernetesClient
    let cluster: ClusterConfiguration
    let discovery: Discovery
    let target: PlanTarget

    static func open(
        context name: String?, kubeconfig: String?, parallelism: Int = 32, impersonation: Impersonation? = nil, context: ProcessContext
    ) async throws -> TargetSession {
        var cluster = try ClusterConfiguration.load(
            kubeconfig: kubeconfig, context: name, environment: context.variables, homeDirectory: context.homeDirectory)
        // The kubeconfig's own impersonation gives way: what the policy says is what counts.
        if let impersonation { cluster.impersonation = impersonation }
        let console = context.console
        let client = try KubernetesClient(
            cluster,
            options: ClientOptions(
                userAgent: "plumb/\(PlumbVersion.text)", maximumInFlight: parallelism, isInteractive: console.isInteractive,
                log: { console.detail($0) }))
        async let version = client.serverVersion()
        async let discovered = client.discover()
        let discovery = try await discovered
        for (group, reason) in discovery.failedGroups.sorted(by: { $0.key < $1.key }) {
            console.warning("the target's API group \(group) does not answer: \(reason)")
        }
        let uid = try await TargetIdentity.uid(client: client, discovery: discovery)
        return TargetSession(
            client: client, cluster: cluster, discovery: discovery,
            target: PlanTarget(server: cluster.server, clusterUID: uid, serverVersion: try await version))
    }

    /// For namespaced objects that name none: the option, the environment's, the context's, `default`.
    func defaultNamespace(option: String?, environment: EnvironmentConfiguration) -> String {
        option ?? environment.namespace ?? cluster.namespace ?? "default"
    }

    func inventoryNamespace(option: String?, environment: EnvironmentConfiguration) -> String {
        environment.inventory.namespace ?? defaultNamespace(option: option, environment: environment)
    }
}
