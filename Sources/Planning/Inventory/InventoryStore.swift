/// An inventory as it was read, with the version to swap it by.
package struct StoredInventory: Sendable {
    package var inventory: Inventory
    /// Changes with every write; empty when nothing is stored yet.
    package var version: String

    package init(inventory: Inventory, version: String) {
        self.inventory = inventory
        self.version = version
    }
}

/// Where an environment's inventory is kept.
package protocol InventoryStore: Sendable {
    /// What errors and plans call it, such as `ConfigMap/shop/plumb-inventory-production`.
    var place: String { get }
    /// The version of what is stored, readable or not; empty when there is nothing.
    func version() async throws -> String
    /// What is stored; an empty inventory with an empty version when there is none yet.
    /// - Parameter glimpse: is given what is stored as soon as it is known, perhaps without the entries; again when it was swapped
    ///   meanwhile.
    func read(_ glimpse: @Sendable (Inventory) -> Void) async throws -> StoredInventory
    /// How an inventory is stored, which takes a while to make.
    /// - Throws: `Diagnostic` when it cannot be.
    func layout(_ inventory: Inventory) throws -> InventoryLayout
    /// Swaps what is stored, only if it still has the version; returns the new one.
    /// - Throws: `InventoryConflict` when somebody else wrote in between.
    func write(_ layout: InventoryLayout, replacing version: String) async throws -> String
    /// Takes the inventory away, when the environment is no more.
    func remove(version: String) async throws
}

extension InventoryStore {
    package func read() async throws -> StoredInventory { try await read { _ in } }

    package func write(_ inventory: Inventory, replacing version: String) async throws -> String {
        try await write(layout(inventory), replacing: version)
    }
}

/// Somebody else wrote the inventory since it was read.
package struct InventoryConflict: Error, Sendable {
    package var place: String

    package init(place: String) { self.place = place }
}
