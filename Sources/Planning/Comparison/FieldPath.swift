package import Manifests

/// One step from a value to a part of it.
package enum FieldStep: Hashable, Sendable {
    case field(String)
    /// The item of a list whose members have these values; `index` is its place in the list that the path was made in.
    case item(key: Object, index: Int)
    case index(Int)

    var token: String {
        switch self {
        case .field(let name): name
        case .item(_, let index), .index(let index): String(index)
        }
    }
}

/// The way from an object to a field of it, through lists by key where their items have one.
package typealias FieldPath = [FieldStep]

extension Value {
    /// The value at a path; items of lists are found by their keys, wherever they stand.
    package func value(at path: some Sequence<FieldStep>) -> Value? {
        var value = self
        for step in path {
            switch step {
            case .field(let name):
                guard let next = value[name] else { return nil }
                value = next
            case .item(let key, _):
                guard let next = value.array?.first(where: { ListKeys.matches($0, key) }) else { return nil }
                value = next
            case .index(let index):
                guard let array = value.array, array.indices.contains(index) else { return nil }
                value = array[index]
            }
        }
        return value
    }
}

extension [FieldStep] {
    /// JSON Pointer.
    package var pointer: String { JSONPointer.text(map(\.token)) }
}
