internal import Applying
internal import Planning
internal import Settings

/// An environment's inventory and lock, for the commands that look at them or mend them.
struct EnvironmentSession: Sendable {
    let source: SourceSession
    let environment: EnvironmentConfiguration
    let target: TargetSession
    let store: any InventoryStore
    let lock: any RunLock

    static func open(_ name: String, options: GlobalOptions, context: ProcessContext) async throws -> EnvironmentSession {
        let (session, configured) = try await PlanSession.open(options, context: context, environment: name)
        let environment = session.restricted(configured)
        let target = try await session.targets.target(for: environment)
        let namespace = target.inventoryNamespace(option: options.namespace, environment: environment)
        let file = environment.inventory.file
        return EnvironmentSession(
            source: session.source, environment: environment, target: target,
            store: InventoryPlaces.store(
                for: environment.name, namespace: namespace, file: file, target: target.connection, context: context),
            lock: try InventoryPlaces.lock(
                for: environment.name, namespace: namespace, file: file, target: target, context: context, runID: context.runID))
    }
}
