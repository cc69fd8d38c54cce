import Manifests

/// Plays the controllers of workloads, on demand.
final class WorkloadControllers: Sendable {
    private let server: APIServer
    private let delay: Duration

    init(server: APIServer, delay: Duration) {
        self.server = server
        self.delay = delay
    }

    func handle(_ event: StoreEvent, in group: inout DiscardingTaskGroup) {}
}
