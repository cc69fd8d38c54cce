internal import KubernetesAPI
internal import Planning

/// What the last apply left in the target, read while the environment is rendered, with what is begun for its objects' sake.
///
/// Where the inventory says that nothing would be rendered but what it holds, its objects are looked at at once: if they all
/// stand as they were applied, nothing need be rendered.
struct InventoryObservation: Sendable {
    /// What there is to know.
    struct Found: Sendable {
        var stored: StoredInventory
        /// Lists that were begun for the comparison.
        var ahead: ListsAhead?
        /// What was looked at, where the inventory's objects are what would be rendered.
        var standing: StandingLook?

        /// Whether the plan is known without the objects that it is about: nothing is to be changed.
        var isUnchanged: Bool { standing?.isAll ?? false }
    }

    /// What was read, and whether its objects are worth a look before anything is rendered.
    private struct Arrival: Sendable {
        var stored: StoredInventory
        var isTelling: Bool
    }

    private let arrival: Task<Arrival, any Error>
    private let found: Task<Found, any Error>

    /// - Parameters:
    ///   - store: Reads the inventory.
    ///   - target: The target, once it is connected to.
    ///   - isTelling: Whether the objects of an inventory are what the commit renders to.
    ///   - ahead: Begins the lists for an inventory.
    ///   - counter: Of what is asked for the plan's sake. What it takes to find the target out is not: several plans may share
    ///     a connection.
    init(
        reading store: @escaping @Sendable () async throws -> StoredInventory,
        target: @escaping @Sendable () async throws -> TargetSession, counter: RequestCounter,
        isTelling: @escaping @Sendable (Inventory, TargetSession) -> Bool,
        ahead: @escaping @Sendable (Inventory, TargetSession) -> ListsAhead?
    ) {
        let arrival = Task {
            async let known = store()
            let target = try await target()
            let stored = try await known
            return Arrival(stored: stored, isTelling: isTelling(stored.inventory, target))
        }
        self.arrival = arrival
        found = Task {
            let (arrival, target) = try await (arrival.value, target())
            let inventory = arrival.stored.inventory
            var found = Found(stored: arrival.stored)
            try await RequestCounter.$current.withValue(counter) {
                if arrival.isTelling {
                    found.standing = try await StandingLook.look(at: inventory, client: target.client, discovery: target.discovery)
                } else {
                    found.ahead = ahead(inventory, target)
                }
            }
            return found
        }
    }

    /// All of it.
    var value: Found { get async throws { try await found.value } }

    func cancel() {
        arrival.cancel()
        found.cancel()
    }

    /// Waits a moment for the inventory, and where it is telling for the look at its objects: then they may be all there is to say.
    /// - Returns: Whether nothing need be rendered.
    func isUnchanged(within moment: Duration) async -> Bool {
        guard await arrival.value(within: moment)?.isTelling == true else { return false }
        // What failed is said where it is waited for.
        return (try? await found.value.isUnchanged) ?? false
    }
}
