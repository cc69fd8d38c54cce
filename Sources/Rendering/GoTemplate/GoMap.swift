internal import Manifests

/// A map with text keys. It has reference semantics: what one template sets in `.Values`, later ones see.
///
/// The members are kept in the order of their keys' bytes, the order in which templates range over a map; look-up in
/// the small maps of values is a binary search.
package final class GoMap {
    /// The map types that templates can tell apart.
    package enum MapType: String {
        case generic = "map[string]interface {}"
        case strings = "map[string]string"
        /// What `.Values` and `.Template` are.
        case values = "common.Values"
        case bytes = "map[string][]uint8"
    }

    package struct Member {
        package var key: String
        package var value: GoValue
    }

    /// The members, which maps of other types can share: in Go a conversion gives the same map.
    private final class Storage {
        var members: [Member]
        init(_ members: [Member]) { self.members = members }
    }

    private let storage: Storage
    package let type: MapType
    /// A nil map: it reads as empty and cannot be written.
    package let isNil: Bool

    package var members: [Member] { storage.members }

    package init(type: MapType = .generic, isNil: Bool = false) {
        storage = Storage([])
        self.type = type
        self.isNil = isNil
    }

    private init(_ storage: Storage, type: MapType) {
        self.storage = storage
        self.type = type
        isNil = false
    }

    /// A map of members in any order; of two with the same key the later wins.
    package init(unsorted: [Member], type: MapType = .generic) {
        self.type = type
        isNil = false
        let isSorted = unsorted.count < 2 || (1..<unsorted.count).allSatisfy { Self.isLess(unsorted[$0 - 1].key, unsorted[$0].key) }
        guard !isSorted else {
            storage = Storage(unsorted)
            return
        }
        // Stable by the place in the source, so that the last of equals is the later one.
        let order = unsorted.indices.sorted {
            if unsorted[$0].key.isSame(as: unsorted[$1].key) { return $0 < $1 }
            return Self.isLess(unsorted[$0].key, unsorted[$1].key)
        }
        var members: [Member] = []
        members.reserveCapacity(unsorted.count)
        for index in order {
            if let last = members.last, last.key.isSame(as: unsorted[index].key) { members.removeLast() }
            members.append(unsorted[index])
        }
        storage = Storage(members)
    }

    package var isEmpty: Bool { members.isEmpty }
    package var count: Int { members.count }
    package var keys: [String] { members.map(\.key) }

    /// Reads a member; sets or adds it; with `nil` removes it.
    package subscript(key: String) -> GoValue? {
        get {
            let (index, isFound) = place(of: key)
            return isFound ? storage.members[index].value : nil
        }
        set {
            let (index, isFound) = place(of: key)
            switch (newValue, isFound) {
            case (let value?, true): storage.members[index].value = value
            case (let value?, false): storage.members.insert(Member(key: key, value: value), at: index)
            case (nil, true): storage.members.remove(at: index)
            case (nil, false): break
            }
        }
    }

    package func contains(_ key: String) -> Bool { place(of: key).isFound }

    /// A map with the same members that goes its own way from here.
    package func copy() -> GoMap { GoMap(Storage(storage.members), type: type) }

    /// The same map under another type.
    package func retyped(_ type: MapType) -> GoMap { GoMap(storage, type: type) }

    package func isSame(as other: GoMap) -> Bool { storage === other.storage }

    private func place(of key: String) -> (index: Int, isFound: Bool) {
        let members = storage.members
        var low = 0
        var high = members.count
        if high <= 8 {
            // Equality is one comparison of words for short keys; order is not.
            for index in 0..<high where isSame(members[index].key, key) { return (index, true) }
        }
        while low < high {
            let middle = (low + high) / 2
            let candidate = members[middle].key
            if isSame(candidate, key) { return (middle, true) }
            if Self.isLess(candidate, key) { low = middle + 1 } else { high = middle }
        }
        return (low, false)
    }

    /// Whether two keys are the same. Texts that differ in how they are composed differ in length, but for rare ones.
    @inline(__always) private func isSame(_ left: String, _ right: String) -> Bool {
        left == right && left.utf8.count == right.utf8.count
    }

    static func isLess(_ left: String, _ right: String) -> Bool { UTF8Order.isLess(left, right) }
}
