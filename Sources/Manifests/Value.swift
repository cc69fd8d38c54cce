/// One value of a manifest: what JSON can say, with integers kept apart from floating-point numbers.
///
/// An enum over arrays of members, because linear look-up in small arrays beats hashing in time and memory for
/// manifests (objects of a handful of keys), and because the order of keys in the source is kept.
package enum Value: Sendable {
    case null
    case bool(Bool)
    /// An integer that fits 64 bits with sign. Larger ones are read as `double`, as the API machinery does.
    case int(Int64)
    /// An integer from 2^63 on that fits 64 bits without sign: kustomize alone keeps it as it is (`YAMLSchema.kustomize`).
    case unsigned(UInt64)
    case double(Double)
    case string(String)
    case array([Value])
    case object(Object)
}

/// One key of an object with its value.
package struct Member: Sendable {
    package var key: String
    package var value: Value

    package init(key: String, value: Value) {
        self.key = key
        self.value = value
    }
}

/// The members of a mapping, in the order of the source, each key once.
package struct Object: Sendable {
    package var members: [Member]

    package init(_ members: [Member] = []) {
        self.members = members
    }

    package var isEmpty: Bool { members.isEmpty }
    package var count: Int { members.count }

    package func index(of key: String) -> Int? {
        let length = key.utf8.count
        for index in members.indices where members[index].key.utf8.count == length && members[index].key == key { return index }
        return nil
    }

    /// A key's value, looked for at a place first: of two objects with the same keys mostly in the same order.
    package func value(of key: String, near place: Int) -> Value? {
        if place < members.count, members[place].key == key { return members[place].value }
        return self[key]
    }

    /// Reads a key's value; sets it in place, appends it, or with `nil` removes it.
    package subscript(key: String) -> Value? {
        get {
            guard let index = index(of: key) else { return nil }
            return members[index].value
        }
        set {
            if let index = index(of: key) {
                if let newValue { members[index].value = newValue } else { members.remove(at: index) }
            } else if let newValue {
                members.append(Member(key: key, value: newValue))
            }
        }
    }

    /// Changes a key's value in place, without copying what is below it. Does nothing when the key is missing.
    package mutating func update<Result>(_ key: String, _ change: (inout Value) throws -> Result) rethrows -> Result? {
        guard let index = index(of: key) else { return nil }
        return try change(&members[index].value)
    }
}

extension Object: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, Value)...) {
        members = elements.map { Member(key: $0.0, value: $0.1) }
    }
}

extension Object: Sequence {
    package func makeIterator() -> IndexingIterator<[Member]> { members.makeIterator() }
}

extension Object: Hashable {
    /// Two objects are equal when they have the same keys with equal values, in whatever order.
    package static func == (left: Object, right: Object) -> Bool {
        guard left.members.count == right.members.count else { return false }
        for (index, member) in left.members.enumerated() {
            // Mostly the order is the same: look at the same place first.
            let other = right.members[index]
            if other.key == member.key {
                guard other.value == member.value else { return false }
            } else {
                guard let value = right[member.key], value == member.value else { return false }
            }
        }
        return true
    }

    package func hash(into hasher: inout Hasher) {
        // Order must not matter: add up the members' own hashes.
        var sum = 0
        for member in members {
            var own = Hasher()
            own.combine(member.key)
            own.combine(member.value)
            sum &+= own.finalize()
        }
        hasher.combine(sum)
    }
}

extension Value: Hashable {}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(floatLiteral value: Double) { self = .double(value) }
    package init(arrayLiteral elements: Value...) { self = .array(elements) }
    package init(nilLiteral: ()) { self = .null }
    package init(dictionaryLiteral elements: (String, Value)...) {
        self = .object(Object(elements.map { Member(key: $0.0, value: $0.1) }))
    }
}
