package import KubernetesAPI
package import Manifests
internal import Synchronization

/// A lock in the target: a Lease that is renewed while the run lasts, expires when it dies, and is taken away at its end.
package final class LeaseLock: RunLock {
    /// How long a lease holds after its last renewal.
    private static let duration: Duration = .seconds(30)
    private static let renewal: Duration = .seconds(8)
    /// Writing stops this long before another run may take the lock over: clocks differ.
    private static let margin: Duration = .seconds(6)

    private struct State {
        var resourceVersion = ""
        var uid = ""
        /// Until when we may write; `nil` when the lock is not ours.
        var validUntil: ContinuousClock.Instant?
        var renewing: Task<Void, Never>?
    }

    private let client: KubernetesClient
    private let resource: APIResource
    private let namespace: String
    private let name: String
    private let environment: String
    private let holder: LockHolder
    private let clock: @Sendable () -> Timestamp
    private let state = Mutex(State())

    /// - Throws: `Diagnostic` when the target serves no Leases.
    package init(
        client: KubernetesClient, discovery: Discovery, environment: String, namespace: String, holder: LockHolder,
        clock: @escaping @Sendable () -> Timestamp
    ) throws(Diagnostic) {
        let kind = GroupVersionKind(group: "coordination.k8s.io", version: "v1", kind: "Lease")
        guard let resource = discovery.resource(for: kind) else {
            throw Diagnostic(
                "the target serves no Leases, which runs lock an environment with",
                advice: "set 'inventory: {file: PATH}' for the environment to lock a file instead")
        }
        self.client = client
        self.resource = resource
        self.namespace = namespace
        self.environment = environment
        name = "plumb-lock-\(environment)"
        self.holder = holder
        self.clock = clock
    }

    package var place: String { "coordination.k8s.io/Lease/\(namespace)/\(name)" }

    package var isHeld: Bool {
        state.withLock { state in state.validUntil.map { ContinuousClock.now < $0 } ?? false }
    }

    package func acquire() async throws {
        let started = ContinuousClock.now
        do {
            let result = try await client.create(resource, namespace: namespace, body: lease(transitions: 0, resourceVersion: nil))
            hold(result.object, since: started)
        } catch {
            guard error.isAlreadyExists else { throw error }
            try await takeOver(started: started)
        }
        startRenewing()
    }

    private func takeOver(started: ContinuousClock.Instant) async throws {
        guard let live = try await client.get(resource, namespace: namespace, name: name) else {
            // It was released just now.
            throw LockedError(environment: environment, holder: nil, place: place)
        }
        let current = Self.holder(of: live)
        guard isExpired(live) else { throw LockedError(environment: environment, holder: current, place: place) }
        let transitions = (live.at("spec", "leaseTransitions")?.int ?? 0) + 1
        do {
            let body = lease(transitions: transitions, resourceVersion: live.at("metadata", "resourceVersion")?.string)
            hold(try await client.replace(resource, namespace: namespace, name: name, body: body).object, since: started)
        } catch {
            guard error.isConflict || error.isNotFound else { throw error }
            throw LockedError(environment: environment, holder: nil, place: place)
        }
    }

    package func release() async {
        let renewing = state.withLock { state in
            defer { state.renewing = nil }
            return state.renewing
        }
        renewing?.cancel()
        // A renewal that is under way changes the version by which the lease is taken away.
        await renewing?.value
        let (uid, version) = state.withLock { state in
            state.validUntil = nil
            defer { state.uid = "" }
            return (state.uid, state.resourceVersion)
        }
        guard !uid.isEmpty else { return }
        // What cannot be taken away now expires by itself.
        _ = try? await client.delete(
            resource, namespace: namespace, name: name, options: DeleteOptions(uid: uid, resourceVersion: version))
    }

    private func startRenewing() {
        let task = Task(name: "renew \(name)") { [weak self] in
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.renewal)
                guard !Task.isCancelled, let self else { return }
                // Not cancelled with this task: what the server did with a request that was cut off is not known.
                await Task { await self.renew() }.value
            }
        }
        state.withLock { $0.renewing = task }
    }

    private func renew() async {
        let version = state.withLock { $0.resourceVersion }
        let started = ContinuousClock.now
        do {
            let body = lease(transitions: nil, resourceVersion: version)
            hold(try await client.replace(resource, namespace: namespace, name: name, body: body).object, since: started)
        } catch {
            // Another run has it now; or the server is away, and the lock runs out unless a later renewal gets through.
            if error.isConflict || error.isNotFound { state.withLock { $0.validUntil = nil } }
        }
    }

    private func hold(_ live: Value, since started: ContinuousClock.Instant) {
        state.withLock { state in
            state.resourceVersion = live.at("metadata", "resourceVersion")?.string ?? ""
            state.uid = live.at("metadata", "uid")?.string ?? ""
            state.validUntil = started + Self.duration - Self.margin
        }
    }

    private func lease(transitions: Int64?, resourceVersion: String?) -> Value {
        var metadata: Object = [
            "name": .string(name), "namespace": .string(namespace),
            "labels": ["app.kubernetes.io/managed-by": "plumb"],
            "annotations": [
                "plumb.dev/actor": .string(holder.actor), "plumb.dev/host": .string(holder.host),
            ],
        ]
        if let resourceVersion { metadata["resourceVersion"] = .string(resourceVersion) }
        var spec: Object = [
            "holderIdentity": .string(holder.runID),
            "leaseDurationSeconds": .int(Self.duration.components.seconds),
            "acquireTime": .string(Timestamp(rfc3339: holder.since)?.rfc3339Microseconds ?? holder.since),
            "renewTime": .string(clock().rfc3339Microseconds),
        ]
        if let transitions { spec["leaseTransitions"] = .int(transitions) }
        return ["apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": .object(metadata), "spec": .object(spec)]
    }

    private static func holder(of live: Value) -> LockHolder? {
        guard let runID = live.at("spec", "holderIdentity")?.string, !runID.isEmpty else { return nil }
        let annotations = live.at("metadata", "annotations")
        return LockHolder(
            runID: runID, actor: annotations?["plumb.dev/actor"]?.string ?? "somebody",
            host: annotations?["plumb.dev/host"]?.string ?? "an unknown host",
            since: live.at("spec", "acquireTime")?.string ?? "")
    }

    private func isExpired(_ live: Value) -> Bool {
        guard let identity = live.at("spec", "holderIdentity")?.string, !identity.isEmpty else { return true }
        guard let renewed = live.at("spec", "renewTime")?.string.flatMap(Timestamp.init(rfc3339:)) else { return true }
        let seconds = live.at("spec", "leaseDurationSeconds")?.int ?? Self.duration.components.seconds
        return clock() > renewed.adding(.seconds(seconds))
    }
}
