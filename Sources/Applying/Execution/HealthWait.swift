internal import KubernetesAPI
internal import Manifests
internal import Planning

/// Waits until an object that was written is healthy, or one that was deleted is gone.
struct HealthWait: Sendable {
    enum Result: Sendable, Equatable {
        case healthy
        case failed(String)
        case timedOut(String)
        /// The run was asked to stop.
        case stopped
    }

    let client: KubernetesClient
    let timeout: Duration
    let stop: StopSignal
    let report: @Sendable (ApplyEvent) -> Void

    /// Between two looks: short at first, since most objects are ready at once, longer for what takes its time.
    private static let firstPause: Duration = .milliseconds(150)
    private static let longestPause: Duration = .seconds(2)

    func wait(for change: Change, resource: APIResource, written: Value) async -> Result {
        let uid = written.at("metadata", "uid")?.string
        let isDeletion = change.action == .delete
        return await poll(change, resource: resource, first: .some(written)) { live in
            guard let live, live.at("metadata", "uid")?.string == uid else {
                return isDeletion ? .done : .failed("it was deleted while it was waited for")
            }
            if isDeletion { return .pending(Self.holdsDeletion(live)) }
            let health = Health.assess(live)
            switch health.status {
            case .current: return .done
            case .failed: return .failed(health.message)
            case .inProgress, .terminating, .notFound, .unknown: return .pending(health.message)
            }
        }
    }

    private enum Look {
        case done
        case failed(String)
        case pending(String)
    }

    private func poll(
        _ change: Change, resource: APIResource, first: Value?, _ judge: (Value?) -> Look
    ) async -> Result {
        let deadline = ContinuousClock.now + timeout
        var pause = Self.firstPause
        var live = first
        var told = ""
        while true {
            switch judge(live) {
            case .done: return .healthy
            case .failed(let reason): return .failed(reason)
            case .pending(let reason):
                if reason != told { report(.waiting(change, reason: reason)) }
                told = reason
            }
            guard stop.signal == nil else { return .stopped }
            guard ContinuousClock.now < deadline else { return .timedOut(told) }
            try? await Task.sleep(for: pause)
            pause = min(pause * 3 / 2, Self.longestPause)
            do {
                live = try await client.get(resource, namespace: change.reference.namespace, name: change.reference.name)
            } catch {
                // The next look may get through; the deadline ends it.
                told = error.message
            }
        }
    }

    private static func holdsDeletion(_ live: Value) -> String {
        let finalizers = live.at("metadata", "finalizers")?.array?.compactMap(\.string) ?? []
        return finalizers.isEmpty ? "it is being deleted" : "its deletion is held by \(finalizers.joined(separator: ", "))"
    }
}
