package import Manifests

/// A part of an object that differs between two states of it.
package struct RawDifference: Hashable, Sendable {
    package var path: FieldPath
    package var before: Value?
    package var after: Value?

    package init(path: FieldPath, before: Value?, after: Value?) {
        self.path = path
        self.before = before
        self.after = after
    }
}

/// Finds what differs between the live object and the server's answer to what would be applied.
package enum Differ {
    /// Fields that the server alone writes, which no apply is about.
    private static let serverMetadata: Set<String> = [
        "managedFields", "resourceVersion", "generation", "creationTimestamp", "uid", "selfLink", "deletionTimestamp",
        "deletionGracePeriodSeconds",
    ]

    /// The differences of two states of one object, in the order of the fields' names, without what the server alone writes.
    package static func differences(before: Value, after: Value) -> [RawDifference] {
        var collector = Collector()
        collector.compare(comparable(before), comparable(after), at: [])
        return collector.found
    }

    /// The object without what the server alone writes: its status and its own metadata.
    package static func comparable(_ object: Value) -> Value {
        guard case .object(var members) = object else { return object }
        members["status"] = nil
        members.update("metadata") { metadata in
            guard case .object(let fields) = metadata else { return }
            metadata = .object(Object(fields.members.filter { !serverMetadata.contains($0.key) }))
        }
        return .object(members)
    }

    /// Whether a value says no more than a missing one: a missing field and an empty one are the same to the API.
    static func isNothing(_ value: Value) -> Bool {
        switch value {
        case .null: true
        case .object(let object): object.isEmpty
        case .array(let array): array.isEmpty
        case .bool, .int, .unsigned, .double, .string: false
        }
    }

    private struct Collector {
        var found: [RawDifference] = []

        mutating func compare(_ before: Value?, _ after: Value?, at path: FieldPath) {
            switch (before, after) {
            case (nil, nil): return
            case (.some(let before), .some(let after)):
                compare(before, after, at: path)
            case (.some(let before), nil):
                if !Differ.isNothing(before) { found.append(RawDifference(path: path, before: before, after: nil)) }
            case (nil, .some(let after)):
                if !Differ.isNothing(after) { found.append(RawDifference(path: path, before: nil, after: after)) }
            }
        }

        private mutating func compare(_ before: Value, _ after: Value, at path: FieldPath) {
            switch (before, after) {
            case (.object(let left), .object(let right)): compare(left, right, at: path)
            case (.array(let left), .array(let right)):
                compare(left, right, at: path)
            default:
                if !before.isSame(as: after), !(Differ.isNothing(before) && Differ.isNothing(after)) {
                    found.append(RawDifference(path: path, before: before, after: after))
                }
            }
        }

        private mutating func compare(_ left: Object, _ right: Object, at path: FieldPath) {
            // Nearly all of two states of an object is the same, in the same order: only what is not is put in order.
            var differing: [(key: String, before: Value?, after: Value?)] = []
            for (index, member) in left.members.enumerated() {
                let after = right.value(of: member.key, near: index)
                if let after, member.value.isSame(as: after) { continue }
                differing.append((member.key, member.value, after))
            }
            for (index, member) in right.members.enumerated() where left.value(of: member.key, near: index) == nil {
                differing.append((member.key, nil, member.value))
            }
            differing.sort { UTF8Order.isLess($0.key, $1.key) }
            for (key, before, after) in differing { compare(before, after, at: path + [.field(key)]) }
        }

        private mutating func compare(_ left: [Value], _ right: [Value], at path: FieldPath) {
            if Value.array(left).isSame(as: .array(right)) { return }
            guard let members = ListKeys.members(for: left, right) else {
                compareByIndex(left, right, at: path)
                return
            }
            let before = found.count
            for (index, item) in left.enumerated() {
                let key = ListKeys.key(of: item, by: members)
                if !right.contains(where: { ListKeys.matches($0, key) }) {
                    found.append(RawDifference(path: path + [.item(key: key, index: index)], before: item, after: nil))
                }
            }
            for (index, item) in right.enumerated() {
                let key = ListKeys.key(of: item, by: members)
                compare(left.first { ListKeys.matches($0, key) }, item, at: path + [.item(key: key, index: index)])
            }
            // The same items in another order: the order itself is the difference.
            if found.count == before { found.append(RawDifference(path: path, before: .array(left), after: .array(right))) }
        }

        private mutating func compareByIndex(_ left: [Value], _ right: [Value], at path: FieldPath) {
            guard left.count == right.count, left.contains(where: { $0.object != nil }) else {
                found.append(RawDifference(path: path, before: .array(left), after: .array(right)))
                return
            }
            for index in left.indices { compare(left[index], right[index], at: path + [.index(index)]) }
        }
    }
}

extension Value {
    /// Whether two values are the same to the API: like `==`, but `1` is `1.0`.
    package func isSame(as other: Value) -> Bool {
        switch (self, other) {
        case (.int(let int), .double(let double)), (.double(let double), .int(let int)): return Double(int) == double
        case (.unsigned(let unsigned), .double(let double)), (.double(let double), .unsigned(let unsigned)):
            return Double(unsigned) == double
        case (.array(let left), .array(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
        case (.object(let left), .object(let right)):
            guard left.count == right.count else { return false }
            for (index, member) in left.members.enumerated() {
                guard let value = right.value(of: member.key, near: index), member.value.isSame(as: value) else { return false }
            }
            return true
        default: return self == other
        }
    }
}
