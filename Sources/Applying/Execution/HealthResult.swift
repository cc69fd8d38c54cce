/// What came of waiting for an object.
enum HealthResult: Sendable, Equatable {
    case healthy
    case failed(String)
    /// With what was last known of it.
    case timedOut(String)
    /// The run was asked to stop.
    case stopped
}
