internal import KubernetesAPI
internal import Planning
internal import Settings

/// A target that can be asked, before it is known what it serves.
struct TargetConnection: Sendable {
    let client: KubernetesClient
    let cluster: ClusterConfiguration

    /// Reads the kubeconfig; connects to nothing yet.
    init(
        context name: String?, kubeconfig: String?, parallelism: Int = ClientOptions.standardInFlight, impersonation: Impersonation? = nil,
        context: ProcessContext
    ) throws {
        var cluster = try ClusterConfiguration.load(
            kubeconfig: kubeconfig, context: name, environment: context.variables, homeDirectory: context.homeDirectory)
        // The kubeconfig's own impersonation gives way: what the policy says is what counts.
        if let impersonation { cluster.impersonation = impersonation }
        let console = context.console
        self.cluster = cluster
        client = try KubernetesClient(
            cluster,
            options: ClientOptions(
                userAgent: "plumb/\(PlumbVersion.text)", maximumInFlight: parallelism, isInteractive: console.isInteractive,
                log: { console.detail($0) }))
    }

    /// For namespaced objects that name none: the option, the environment's, the context's, `default`.
    func defaultNamespace(option: String?, environment: EnvironmentConfiguration) -> String {
        option ?? environment.namespace ?? cluster.namespace ?? "default"
    }

    func inventoryNamespace(option: String?, environment: EnvironmentConfiguration) -> String {
        environment.inventory.namespace ?? defaultNamespace(option: option, environment: environment)
    }
}
