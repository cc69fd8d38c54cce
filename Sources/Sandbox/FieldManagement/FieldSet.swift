import Manifests

/// A set of field paths, as `fieldsV1` writes it: a tree whose keys are path elements in their written form
/// (`f:name`, `k:{"name":"x"}`, `v:"a"`, `i:0`).
struct FieldSet: Hashable, Sendable {
    /// Whether the path that ends here belongs to the set itself, not only paths below it.
    var isMember = false
    var children: [String: FieldSet] = [:]

    static let leaf = FieldSet(isMember: true)

    /// Whether there is nothing at or below this place.
    var isEmpty: Bool { !isMember && children.isEmpty }

    mutating func attach(_ set: FieldSet, at element: String) {
        if !set.isEmpty { children[element] = set }
    }

    mutating func formUnion(_ other: FieldSet) {
        isMember = isMember || other.isMember
        for (element, set) in other.children { children[element, default: FieldSet()].formUnion(set) }
    }

    func union(_ other: FieldSet) -> FieldSet {
        if other.isEmpty { return self }
        var result = self
        result.formUnion(other)
        return result
    }

    func subtracting(_ other: FieldSet) -> FieldSet {
        if other.isEmpty { return self }
        var result = FieldSet(isMember: isMember && !other.isMember)
        for (element, set) in children {
            result.attach(other.children[element].map(set.subtracting) ?? set, at: element)
        }
        return result
    }

    func intersection(_ other: FieldSet) -> FieldSet {
        var result = FieldSet(isMember: isMember && other.isMember)
        for (element, set) in children {
            if let counterpart = other.children[element] { result.attach(set.intersection(counterpart), at: element) }
        }
        return result
    }

    func isSubset(of other: FieldSet) -> Bool {
        if isMember && !other.isMember { return false }
        return children.allSatisfy { element, set in other.children[element].map(set.isSubset) ?? set.isEmpty }
    }

    /// Adds the declared fields on the way to what the set holds: a set made of `spec.replicas` then has `spec` too,
    /// while keys of maps are not added.
    func withNamedFields(of type: TypeNode) -> FieldSet {
        var result = FieldSet(isMember: isMember)
        for (element, set) in children {
            let (child, isDeclared) = type.child(at: element)
            var inner = set.withNamedFields(of: child)
            if isDeclared, !set.children.isEmpty { inner.isMember = true }
            result.children[element] = inner
        }
        return result
    }
}

extension FieldSet {
    /// Reads `fieldsV1`.
    init(fieldsV1: Value) {
        guard case .object(let object) = fieldsV1 else { return }
        for member in object {
            if member.key == "." {
                isMember = true
            } else {
                var child = FieldSet(fieldsV1: member.value)
                if child.children.isEmpty { child.isMember = true }
                children[member.key] = child
            }
        }
    }

    /// Writes `fieldsV1`, elements in order.
    var fieldsV1: Value {
        var members: [Member] = []
        members.reserveCapacity(children.count)
        for (element, set) in children.sorted(by: { $0.key < $1.key }) {
            var inner = set.fieldsV1.object ?? Object()
            if set.isMember, !set.children.isEmpty { inner.members.insert(Member(key: ".", value: .object(Object())), at: 0) }
            members.append(Member(key: element, value: .object(inner)))
        }
        return .object(Object(members))
    }

    /// The paths as conflicts name them: `.spec.containers[name="main"].image`, in order.
    func paths() -> [String] {
        var paths: [String] = []
        collect(into: &paths, prefix: "")
        return paths
    }

    private func collect(into paths: inout [String], prefix: String) {
        if isMember { paths.append(prefix) }
        for (element, set) in children.sorted(by: { $0.key < $1.key }) {
            set.collect(into: &paths, prefix: prefix + PathElement.display(element))
        }
    }
}

extension TypeNode {
    /// The type at a path element, and whether the element is a declared field.
    func child(at element: String) -> (type: TypeNode, isDeclared: Bool) {
        if element.hasPrefix("f:") {
            let name = String(element.dropFirst(2))
            if let field = fields[name] { return (field.type, true) }
            return (self.element ?? .deduced, false)
        }
        return (self.element ?? .deduced, false)
    }
}
