internal import Manifests

/// The differences of two manifests of one object with secret values withheld: that a value differs is shown, not what it is.
enum MaskedDifferences {
    static func differences(before: Value, after: Value) -> [FieldDifference] {
        let pointers = Set(Sensitivity.pointers(in: before)).union(Sensitivity.pointers(in: after))
        guard !pointers.isEmpty || Sensitivity.isSensitive(GroupVersionKind(of: after).groupKind) else {
            return Differ.differences(before: before, after: after).map { difference($0.path, $0.before, $0.after) }
        }
        // Secret values are compared as they are, one by one; the rest of the objects without them.
        var (left, right) = (before, after)
        var found: [FieldDifference] = []
        for pointer in pointers.sorted(by: UTF8Order.isLess) {
            let (old, new) = (before.value(pointer: pointer), after.value(pointer: pointer))
            left.remove(pointer: pointer)
            right.remove(pointer: pointer)
            if old == new { continue }
            found.append(
                FieldDifference(
                    path: pointer, before: old.map { _ in .string(Sensitivity.mask) }, after: new.map { _ in .string(Sensitivity.mask) },
                    cause: .git))
        }
        // What a Secret holds in a form that no Secret has is withheld as a whole.
        let rest = Differ.differences(before: left, after: right).map { raw in
            let isSecret = Sensitivity.isSecretPath(raw.path.map(\.token)) && !Self.isHarmless(raw)
            return difference(
                raw.path, isSecret ? raw.before.map(Sensitivity.maskedLeaves) : raw.before,
                isSecret ? raw.after.map(Sensitivity.maskedLeaves) : raw.after)
        }
        return (found + rest).sorted { UTF8Order.isLess($0.path, $1.path) }
    }

    /// The annotations as a whole hold no secret once the one that repeats the manifest is taken out, as it was above.
    private static func isHarmless(_ difference: RawDifference) -> Bool {
        guard case .field("metadata")? = difference.path.first else { return false }
        return true
    }

    private static func difference(_ path: FieldPath, _ before: Value?, _ after: Value?) -> FieldDifference {
        FieldDifference(path: path.pointer, before: before, after: after, cause: .git, field: path.fieldText)
    }
}

extension GroupVersionKind {
    fileprivate init(of object: Value) {
        self.init(apiVersion: object["apiVersion"]?.string ?? "", kind: object["kind"]?.string ?? "")
    }
}

extension Value {
    /// The value at a JSON Pointer; `nil` when there is none.
    func value(pointer: String) -> Value? {
        guard let tokens = JSONPointer.tokens(pointer) else { return nil }
        var value = self
        for token in tokens {
            switch value {
            case .object(let object):
                guard let next = object[token] else { return nil }
                value = next
            case .array(let array):
                guard let index = Int(token), array.indices.contains(index) else { return nil }
                value = array[index]
            case .null, .bool, .int, .unsigned, .double, .string: return nil
            }
        }
        return value
    }

    /// Takes what a JSON Pointer names out of an object. An index or a key that is not there is left alone.
    mutating func remove(pointer: String) {
        guard let tokens = JSONPointer.tokens(pointer), !tokens.isEmpty else { return }
        remove(tokens[...])
    }

    private mutating func remove(_ tokens: ArraySlice<String>) {
        guard let token = tokens.first else { return }
        let rest = tokens.dropFirst()
        switch self {
        case .object(var object):
            self = .null
            if rest.isEmpty { object[token] = nil } else { object.update(token) { $0.remove(rest) } }
            self = .object(object)
        case .array(var array):
            guard let index = Int(token), array.indices.contains(index) else { return }
            self = .null
            if rest.isEmpty { array.remove(at: index) } else { array[index].remove(rest) }
            self = .array(array)
        case .null, .bool, .int, .unsigned, .double, .string: return
        }
    }
}
