package import Manifests

/// Tells items of a list apart by what they are called.
package enum ListKeys {
    /// What the API's list-maps are keyed by, the most telling first. An item without the second member of a pair is
    /// keyed by the first alone (`protocol` has a default).
    private static let candidates: [[String]] = [
        ["name"], ["containerPort", "protocol"], ["port", "protocol"], ["type"], ["key"], ["mountPath"], ["devicePath"], ["ip"],
        ["topologyKey", "whenUnsatisfiable"], ["uid"], ["host"], ["kind", "namespace", "name"], ["id"], ["path"],
    ]

    /// The members that key the items of both lists, when all items are mappings and have different keys; else `nil`.
    package static func members(for left: [Value], _ right: [Value]) -> [String]? {
        guard !left.isEmpty || !right.isEmpty else { return nil }
        return candidates.first { isKey($0, of: left) && isKey($0, of: right) }
    }

    package static func key(of item: Value, by members: [String]) -> Object {
        Object(members.compactMap { member in item[member].map { Member(key: member, value: $0) } })
    }

    package static func matches(_ item: Value, _ key: Object) -> Bool {
        key.allSatisfy { item[$0.key] == $0.value }
    }

    private static func isKey(_ members: [String], of list: [Value]) -> Bool {
        var seen: Set<Object> = []
        for item in list {
            guard item.object != nil, let first = item[members[0]], first.object == nil, first.array == nil else { return false }
            guard seen.insert(key(of: item, by: members)).inserted else { return false }
        }
        return true
    }
}
