internal import KubernetesAPI
internal import Manifests
internal import Planning
internal import Settings

/// Makes the plans of several environments, sharing commits, bases and connections.
struct EnvironmentPlanning: Sendable {
    let pool: SourcePool
    let targets: TargetPool
    let policy: PolicyFile?
    let options: GlobalOptions

    init(_ pool: SourcePool, options: GlobalOptions, parallelism: Int = ClientOptions.standardInFlight, context: ProcessContext) throws {
        self.pool = pool
        targets = TargetPool(options, parallelism: parallelism, context: context)
        policy = try PolicyFile.open(options, context: context)
        self.options = options
    }

    func session(_ environment: EnvironmentConfiguration, context: ProcessContext) async throws -> PlanSession {
        PlanSession(source: try await pool.source(for: environment), targets: targets, policy: policy, options: options, context: context)
    }

    /// Where an environment's plan goes.
    static func file(_ environment: String, in folder: String) -> String {
        folder.hasSuffix("/") ? "\(folder)\(environment).plan" : "\(folder)/\(environment).plan"
    }
}
