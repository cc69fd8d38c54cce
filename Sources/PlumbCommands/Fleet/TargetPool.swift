internal import KubernetesAPI
internal import Settings
internal import Synchronization

/// The targets of a run, each connected to and asked what it serves once.
final class TargetPool: Sendable {
    private struct Key: Hashable {
        var context: String?
        var user: String?
        var groups: [String]
    }

    private let options: GlobalOptions
    private let context: ProcessContext
    private let parallelism: Int
    private let targets = Mutex<[Key: Entry]>([:])

    private struct Entry {
        var connection: Task<TargetConnection, any Error>
        var session: Task<TargetSession, any Error>
    }

    init(_ options: GlobalOptions, parallelism: Int = ClientOptions.standardInFlight, context: ProcessContext) {
        self.options = options
        self.parallelism = parallelism
        self.context = context
    }

    /// The environment's target, reached as the user that the environment is applied as.
    func target(for environment: EnvironmentConfiguration) async throws -> TargetSession {
        try await target(context: options.context ?? environment.context, limits: environment.limits)
    }

    func target(context name: String?, limits: EnvironmentLimits) async throws -> TargetSession {
        try await entry(context: name, limits: limits).session.value
    }

    /// The environment's target for whoever need not know what it serves; it is being asked meanwhile.
    func connection(for environment: EnvironmentConfiguration) async throws -> TargetConnection {
        try await entry(context: options.context ?? environment.context, limits: environment.limits).connection.value
    }

    private func entry(context name: String?, limits: EnvironmentLimits) -> Entry {
        let key = Key(context: name, user: limits.impersonatedUser, groups: limits.impersonatedGroups)
        return targets.withLock { targets in
            if let known = targets[key] { return known }
            let impersonation = limits.impersonatedUser.map { Impersonation(user: $0, groups: limits.impersonatedGroups) }
            let connection = Task { [options, parallelism, context] in
                try TargetConnection(
                    context: name, kubeconfig: options.kubeconfig, parallelism: parallelism, impersonation: impersonation, context: context)
            }
            let session = Task { [context] in try await TargetSession.open(connection.value, console: context.console) }
            let entry = Entry(connection: connection, session: session)
            targets[key] = entry
            return entry
        }
    }

    /// Forgets a target that could not be reached, or that is to be asked anew.
    func forget(_ environment: EnvironmentConfiguration) {
        let key = Key(
            context: options.context ?? environment.context, user: environment.limits.impersonatedUser,
            groups: environment.limits.impersonatedGroups)
        targets.withLock { $0[key] = nil }
    }
}
