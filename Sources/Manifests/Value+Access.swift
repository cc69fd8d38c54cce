extension Value {
    package var object: Object? {
        if case .object(let object) = self { return object }
        return nil
    }

    package var array: [Value]? {
        if case .array(let array) = self { return array }
        return nil
    }

    package var string: String? {
        if case .string(let string) = self { return string }
        return nil
    }

    package var bool: Bool? {
        if case .bool(let bool) = self { return bool }
        return nil
    }

    /// The integer, also of a floating-point number without a fraction: JSON does not tell `1` from `1.0`.
    package var int: Int64? {
        switch self {
        case .int(let int): int
        case .double(let double): Int64(exactly: double)
        case .null, .bool, .unsigned, .string, .array, .object: nil
        }
    }

    /// Whether a number in it is infinite or none at all, which JSON cannot say.
    package var hasNonFiniteNumber: Bool {
        switch self {
        case .double(let double): !double.isFinite
        case .array(let items): items.contains(where: \.hasNonFiniteNumber)
        case .object(let object): object.members.contains { $0.value.hasNonFiniteNumber }
        case .null, .bool, .int, .unsigned, .string: false
        }
    }

    package var isNull: Bool {
        if case .null = self { return true }
        return false
    }

    /// What kind of value this is, in the words of an error message: `a string`, `a list`.
    package var kindDescription: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .int, .unsigned: "an integer"
        case .double: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "a mapping"
        }
    }

    /// The member of a mapping; `nil` when this is no mapping or lacks the key. Setting makes an empty mapping out of `null`.
    package subscript(key: String) -> Value? {
        get {
            if case .object(let object) = self { return object[key] }
            return nil
        }
        set {
            switch self {
            case .object(var object):
                self = .null  // gives up this reference, so that the change below happens in place
                object[key] = newValue
                self = .object(object)
            case .null:
                guard let newValue else { return }
                self = .object([key: newValue])
            case .bool, .int, .unsigned, .double, .string, .array:
                preconditionFailure("a key is set on \(kindDescription)")
            }
        }
    }

    /// The value below two keys; without the list that a chain of any length takes.
    package func at(_ first: String, _ second: String) -> Value? { self[first]?[second] }

    package func at(_ first: String, _ second: String, _ third: String) -> Value? { self[first]?[second]?[third] }

    /// The value below a chain of keys.
    package func at(_ first: String, _ second: String, _ third: String, _ fourth: String, _ more: String...) -> Value? {
        var value = self[first]?[second]?[third]?[fourth]
        for key in more { value = value?[key] }
        return value
    }
}
