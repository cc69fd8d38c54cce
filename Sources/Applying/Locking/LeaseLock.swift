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
    /// How much longer a lock counts: servers tell the time in whole seconds.
    private static let slack: Duration = .seconds(2)

    private struct State {
        var resourceVersion = ""
        var uid = ""
        /// Until when we may write; `nil` when the lock is not ours.
        var validUntil: ContinuousClock.Instant?
        var renewing: Task<Void, Never>?
        var isTaken = false
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
        // A lock that is freed between two looks at it is tried for again.
        for _ in 0..<3 {
            if try await tryAcquire() {
                startRenewing()
                return
            }
        }
        throw LockedError(environment: environment, holder: nil, place: place)
    }

    /// - Returns: Whether the lock is ours; `false` when it was freed, or taken, while it was looked at.
    private func tryAcquire() async throws -> Bool {
        let started = ContinuousClock.now
        do {
            let result = try await client.create(resource, namespace: namespace, body: lease(transitions: 0, resourceVersion: nil))
            hold(result.object, since: started)
            return true
        } catch {
            // A request whose answer was lost may have taken it.
            guard error.isAlreadyExists || error.mayHaveHappened else { throw error }
            guard let live = try await client.get(resource, namespace: namespace, name: name) else { return false }
            if isOurs(live) {
                hold(live, since: started)
                return true
            }
            return try await takeOver(live, started: started)
        }
    }

    private func takeOver(_ live: Value, started: ContinuousClock.Instant) async throws -> Bool {
        let inspection = inspection(of: live)
        guard inspection.isExpired else {
            throw LockedError(environment: environment, holder: inspection.holder, place: place, expiresIn: inspection.expiresIn)
        }
        let transitions = (live.at("spec", "leaseTransitions")?.int ?? 0) &+ 1
        do {
            let body = lease(transitions: transitions, resourceVersion: inspection.resourceVersion)
            hold(try await client.replace(resource, namespace: namespace, name: name, body: body).object, since: started)
            return true
        } catch {
            if error.isConflict || error.isNotFound || error.mayHaveHappened { return false }
            throw error
        }
    }

    package func release() async {
        let (isOurs, task) = state.withLock { state in
            defer {
                state.renewing = nil
                state.validUntil = nil
            }
            return (!state.uid.isEmpty, state.renewing)
        }
        guard isOurs else { return }
        task?.cancel()
        await task?.value
        // A renewal that was cut off may have got through: then the version is another, and the lock is still ours.
        for _ in 0..<3 {
            let (uid, version) = state.withLock { ($0.uid, $0.resourceVersion) }
            do {
                _ = try await client.delete(
                    resource, namespace: namespace, name: name, options: DeleteOptions(uid: uid, resourceVersion: version))
                break
            } catch {
                // What cannot be taken away now expires by itself.
                guard error.isConflict, let live = try? await client.get(resource, namespace: namespace, name: name), self.isOurs(live)
                else { break }
                state.withLock { $0.resourceVersion = live.at("metadata", "resourceVersion")?.string ?? "" }
            }
        }
        state.withLock { $0.uid = "" }
    }

    package func inspect() async throws -> LockInspection? {
        try await client.get(resource, namespace: namespace, name: name).map { inspection(of: $0) }
    }

    package func free(_ lock: LockInspection) async throws {
        do {
            _ = try await client.delete(
                resource, namespace: namespace, name: name,
                options: DeleteOptions(uid: lock.uid, resourceVersion: lock.resourceVersion))
        } catch {
            guard error.isConflict else { throw error }
            throw Diagnostic(
                "the lock was renewed or taken by another run just now", object: place,
                advice: "its run lives: wait for it, or end it on \(lock.holder?.host ?? "its host")")
        }
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
        for _ in 0..<2 {
            let version = state.withLock { $0.resourceVersion }
            let started = ContinuousClock.now
            do {
                let body = lease(transitions: nil, resourceVersion: version)
                hold(try await client.replace(resource, namespace: namespace, name: name, body: body).object, since: started)
                return
            } catch {
                // The server is away: the lock runs out unless a later renewal gets through.
                guard error.isConflict || error.isNotFound else { return }
                // Another run has it now; or an earlier renewal got through, and its answer did not.
                let live = try? await client.get(resource, namespace: namespace, name: name)
                guard let live, isOurs(live) else {
                    state.withLock { $0.validUntil = nil }
                    return
                }
                state.withLock { $0.resourceVersion = live.at("metadata", "resourceVersion")?.string ?? "" }
            }
        }
    }

    private func hold(_ live: Value, since started: ContinuousClock.Instant) {
        state.withLock { state in
            state.resourceVersion = live.at("metadata", "resourceVersion")?.string ?? ""
            state.uid = live.at("metadata", "uid")?.string ?? ""
            // One that was found lost stays lost: what was read then is not known any more.
            if state.isTaken, state.validUntil == nil { return }
            state.isTaken = true
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
            "renewTime": .string(now.rfc3339Microseconds),
        ]
        if let transitions { spec["leaseTransitions"] = .int(transitions) }
        return ["apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": .object(metadata), "spec": .object(spec)]
    }

    /// The server's time, by which runs on machines with different clocks agree on what has expired.
    private var now: Timestamp { clock().adding(client.clockOffset) }

    private func isOurs(_ live: Value) -> Bool { live.at("spec", "holderIdentity")?.string == holder.runID }

    private static func holder(of live: Value) -> LockHolder? {
        guard let runID = live.at("spec", "holderIdentity")?.string, !runID.isEmpty else { return nil }
        let annotations = live.at("metadata", "annotations")
        return LockHolder(
            runID: runID, actor: annotations?["plumb.dev/actor"]?.string ?? "somebody",
            host: annotations?["plumb.dev/host"]?.string ?? "an unknown host",
            since: live.at("spec", "acquireTime")?.string ?? "")
    }

    private func inspection(of live: Value) -> LockInspection {
        let holder = Self.holder(of: live)
        let renewed = live.at("spec", "renewTime")?.string
        var expiresIn: Duration = .zero
        if holder != nil, let time = renewed.flatMap(Timestamp.init(rfc3339:)) {
            let seconds = live.at("spec", "leaseDurationSeconds")?.int ?? Self.duration.components.seconds
            expiresIn = time.adding(.seconds(min(max(seconds, 0), 86_400))).adding(Self.slack).since(now)
        }
        return LockInspection(
            holder: holder, renewed: renewed, expiresIn: expiresIn, uid: live.at("metadata", "uid")?.string ?? "",
            resourceVersion: live.at("metadata", "resourceVersion")?.string ?? "")
    }
}
