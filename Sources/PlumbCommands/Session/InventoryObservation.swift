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

    /// The inventory, where its objects are what would be rendered; known before its entries are.
    private let telling: EarlyAnswer<Inventory>
    private let found: Task<Found, any Error>

    /// - Parameters:
    ///   - reading: Reads the inventory, and gives it away as soon as may be where its objects are what would be rendered.
    ///   - target: The target, once it is connected to.
    ///   - counter: Of what is asked for the plan's sake. What it takes to find the target out is not: several plans may share
    ///     a connection.
    ///   - ahead: Begins the lists for an inventory.
    init(
        reading: @escaping @Sendable (_ telling: EarlyAnswer<Inventory>) async throws -> StoredInventory,
        target: @escaping @Sendable () async throws -> TargetSession, counter: RequestCounter,
        ahead: @escaping @Sendable (Inventory, TargetSession) -> ListsAhead?
    ) {
        let telling = EarlyAnswer<Inventory>()
        self.telling = telling
        found = Task {
            // Whoever waits for what cannot be read waits no longer.
            defer { telling.give(nil) }
            async let known = reading(telling)
            let target = try await target()
            var found = Found(stored: try await known)
            let inventory = found.stored.inventory
            // Another run may have swapped it since.
            let isTelling = telling.value?.isOfSameApply(as: inventory) ?? false
            try await RequestCounter.$current.withValue(counter) {
                if isTelling {
                    found.standing = try await StandingLook.look(
                        at: inventory, client: target.client, discovery: target.discovery, serverVersion: target.target.serverVersion)
                }
                if found.standing == nil { found.ahead = ahead(inventory, target) }
            }
            return found
        }
    }

    /// All of it.
    var value: Found { get async throws { try await found.value } }

    func cancel() { found.cancel() }

    /// Waits a moment for the inventory, and where it is telling for the look at its objects: then they may be all there is to say.
    /// - Returns: Whether nothing need be rendered.
    func isUnchanged(within moment: Duration) async -> Bool {
        guard await telling.value(within: moment) != nil else { return false }
        // What failed is said where it is waited for.
        return (try? await found.value.isUnchanged) ?? false
    }
}
