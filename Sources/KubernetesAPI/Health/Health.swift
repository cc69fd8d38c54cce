/// What an object's own status says of it, in kstatus' words.
package enum HealthStatus: String, Sendable, CaseIterable {
    case current = "Current"
    case inProgress = "InProgress"
    case failed = "Failed"
    case terminating = "Terminating"
    case notFound = "NotFound"
    case unknown = "Unknown"
}

package struct Health: Hashable, Sendable {
    package var status: HealthStatus
    /// Why, for people: `2 of 3 replicas are available`. Empty when there is nothing to say.
    package var message: String

    package init(_ status: HealthStatus, _ message: String = "") {
        self.status = status
        self.message = message
    }
}
