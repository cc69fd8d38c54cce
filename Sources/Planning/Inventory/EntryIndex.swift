internal import Manifests

/// The entries of an inventory by what they name.
struct EntryIndex: Sendable {
    private let entries: [InventoryEntry]
    private let places: [ObjectReference: Int]

    /// Of several entries that name one object the first counts.
    init(_ entries: [InventoryEntry]) {
        self.entries = entries
        var places: [ObjectReference: Int] = [:]
        places.reserveCapacity(entries.count)
        for index in entries.indices.reversed() { places[entries[index].reference] = index }
        self.places = places
    }

    subscript(reference: ObjectReference) -> InventoryEntry? { places[reference].map { entries[$0] } }

    /// The entries that name none of these objects, in their order.
    func others(than objects: [DesiredObject]) -> [InventoryEntry] {
        var isNamed = [Bool](repeating: false, count: entries.count)
        var named = 0
        for object in objects {
            guard let place = places[object.reference], !isNamed[place] else { continue }
            isNamed[place] = true
            named += 1
        }
        if named == places.count { return [] }
        return places.values.filter { !isNamed[$0] }.sorted().map { entries[$0] }
    }
}
