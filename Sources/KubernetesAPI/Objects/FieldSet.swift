package import Manifests

/// One step of the way to a field, as fieldsV1 writes it (structured-merge-diff's `PathElement`).
package enum PathElement: Hashable, Sendable {
    /// `f:name`: a key of a mapping.
    case field(String)
    /// `k:{"name":"web"}`: the item of a list whose keys have these values.
    case key(Object)
    /// `v:"finalizer"`: the item of a set.
    case value(Value)
    /// `i:0`: a place in a list.
    case index(Int)
}

/// A set of fields, as a trie over path elements: the content of a managedFields entry.
package struct FieldSet: Hashable, Sendable {
    /// Whether the field here, as an item of its own, is a member: `.` in fieldsV1, and every leaf.
    package private(set) var isMember: Bool
    package private(set) var children: [PathElement: FieldSet]

    package init() {
        isMember = false
        children = [:]
    }

    private init(isMember: Bool, children: [PathElement: FieldSet]) {
        self.isMember = isMember
        self.children = children
    }

    /// Reads fieldsV1. Keys that are no path elements are left out, as is what nests deeper than a JSON text may.
    package init(fieldsV1 value: Value) {
        self.init(fieldsV1: value, isRoot: true)
    }

    private init(fieldsV1 value: Value, isRoot: Bool) {
        self.init()
        guard let object = value.object else { return }
        // `f:replicas: {}` is a leaf, and so a member; an empty set at the root is no member.
        if object.isEmpty {
            isMember = !isRoot
            return
        }
        children.reserveCapacity(object.count)
        for member in object {
            if member.key == "." {
                isMember = true
            } else if let element = PathElement(fieldsV1Key: member.key) {
                children[element] = FieldSet(fieldsV1: member.value, isRoot: false)
            }
        }
    }

    package var isEmpty: Bool { !isMember && children.values.allSatisfy(\.isEmpty) }

    /// Whether the very field is a member (not merely something below it).
    package func contains(_ path: some Sequence<PathElement>) -> Bool {
        subset(at: path)?.isMember ?? false
    }

    /// What is owned at and below a path.
    package func subset(at path: some Sequence<PathElement>) -> FieldSet? {
        var set = self
        for element in path {
            guard let next = set.children[element] else { return nil }
            set = next
        }
        return set
    }

    package mutating func insert(_ path: some Collection<PathElement>) {
        guard let first = path.first else {
            isMember = true
            return
        }
        children[first, default: FieldSet()].insert(path.dropFirst())
    }

    package func union(_ other: FieldSet) -> FieldSet {
        FieldSet(isMember: isMember || other.isMember, children: children.merging(other.children) { $0.union($1) })
    }

    /// The members of this set that the other has not.
    package func subtracting(_ other: FieldSet) -> FieldSet {
        var result = FieldSet(isMember: isMember && !other.isMember, children: [:])
        for (element, set) in children {
            let rest = other.children[element].map(set.subtracting) ?? set
            if !rest.isEmpty { result.children[element] = rest }
        }
        return result
    }

    /// The members that both sets have.
    package func intersection(_ other: FieldSet) -> FieldSet {
        var result = FieldSet(isMember: isMember && other.isMember, children: [:])
        for (element, set) in children {
            guard let common = other.children[element].map(set.intersection), !common.isEmpty else { continue }
            result.children[element] = common
        }
        return result
    }

    /// The paths of all members, in a stable order.
    package var members: [[PathElement]] {
        var result: [[PathElement]] = []
        collect(from: [], leavesOnly: false, into: &result)
        return result
    }

    /// The paths of the members that have nothing below them, in a stable order.
    package var leaves: [[PathElement]] {
        var result: [[PathElement]] = []
        collect(from: [], leavesOnly: true, into: &result)
        return result
    }

    private func collect(from path: [PathElement], leavesOnly: Bool, into result: inout [[PathElement]]) {
        if isMember, !leavesOnly || children.isEmpty { result.append(path) }
        let sorted = children.map { (key: $0.key.fieldsV1Key, element: $0.key, set: $0.value) }.sorted { UTF8Order.isLess($0.key, $1.key) }
        for (_, element, set) in sorted { set.collect(from: path + [element], leavesOnly: leavesOnly, into: &result) }
    }

    /// The set in the form of fieldsV1, keys sorted.
    package var fieldsV1: Value {
        var object = Object()
        if isMember, !children.isEmpty { object["."] = .object(Object()) }
        let sorted = children.map { ($0.key.fieldsV1Key, $0.value) }.sorted { UTF8Order.isLess($0.0, $1.0) }
        for (key, set) in sorted { object.members.append(Member(key: key, value: set.fieldsV1)) }
        return .object(object)
    }
}
