internal import Applying
internal import KubernetesAPI
internal import Manifests
internal import Planning
internal import Settings

/// Where an environment keeps inventory and lock: in its target, or in a file.
enum InventoryPlaces {
    static func store(
        for environment: String, namespace: String, file: String?, target: TargetConnection, context: ProcessContext
    ) -> any InventoryStore {
        if let file { return FileInventoryStore(path: context.path(file), environment: environment) }
        return ConfigMapInventoryStore(client: target.client, environment: environment, namespace: namespace)
    }

    static func lock(
        for environment: String, namespace: String, file: String?, target: TargetSession, context: ProcessContext, runID: String
    ) throws(Diagnostic) -> any RunLock {
        let actor = context.actor
        let holder = LockHolder(runID: runID, actor: actor.user, host: actor.host, since: Timestamp.now().rfc3339)
        if let file { return FileRunLock(path: context.path(file), environment: environment, holder: holder) }
        return try LeaseLock(
            client: target.client, discovery: target.discovery, environment: environment, namespace: namespace, holder: holder,
            clock: { .now() })
    }
}
