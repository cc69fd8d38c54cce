package import Manifests

extension PathElement {
    /// Reads a key of fieldsV1 (`f:spec`, `k:{…}`, `v:…`, `i:3`).
    package init?(fieldsV1Key key: String) {
        let bytes = key.utf8
        guard bytes.count >= 2, bytes[bytes.index(after: bytes.startIndex)] == UInt8(ascii: ":") else { return nil }
        let rest = String(Substring(bytes.dropFirst(2)))
        switch bytes[bytes.startIndex] {
        case UInt8(ascii: "f"): self = .field(rest)
        case UInt8(ascii: "k"):
            guard let object = (try? JSONParser.parse(Array(rest.utf8)))?.object else { return nil }
            self = .key(object)
        case UInt8(ascii: "v"):
            guard let value = try? JSONParser.parse(Array(rest.utf8)) else { return nil }
            self = .value(value)
        case UInt8(ascii: "i"):
            guard let index = Int(rest) else { return nil }
            self = .index(index)
        default: return nil
        }
    }

    /// The element as a key of fieldsV1.
    package var fieldsV1Key: String {
        switch self {
        case .field(let name): "f:\(name)"
        case .key(let object): "k:" + String(decoding: JSONWriter.canonical(.object(object)), as: UTF8.self)
        case .value(let value): "v:" + String(decoding: JSONWriter.canonical(value), as: UTF8.self)
        case .index(let index): "i:\(index)"
        }
    }

    /// Whether this element of a list's field set means the item that stands at `index` of the live list.
    package func matches(_ item: Value, at index: Int) -> Bool {
        switch self {
        case .field: false
        case .key(let keys): keys.allSatisfy { Self.isEqual(item[$0.key], $0.value, key: $0.key) }
        case .value(let value): item == value
        case .index(let place): place == index
        }
    }

    /// A key of a list may have a default that the object does not spell out: a port's protocol is TCP.
    private static func isEqual(_ live: Value?, _ wanted: Value, key: String) -> Bool {
        if let live { return live == wanted }
        return key == "protocol" && wanted.string == "TCP"
    }
}

/// How a manager owns a field.
package enum FieldGrain: Int, Comparable, Sendable {
    /// Not at all.
    case none
    /// As a part of a mapping or a list that is owned as a whole.
    case whole
    /// By itself.
    case leaf
    /// It owns some of what is below the field, piece by piece.
    case branch

    package static func < (left: FieldGrain, right: FieldGrain) -> Bool { left.rawValue < right.rawValue }
}

/// Answers who owns a field out of fieldsV1 as the server sent it.
enum FieldOwnership {
    /// How the field at a pointer's tokens belongs to a set.
    static func grain(_ tokens: ArraySlice<String>, in live: Value, fieldsV1: Value, isRoot: Bool = true) -> FieldGrain {
        guard let set = fieldsV1.object else { return .none }
        let isMember = set["."] != nil || (set.isEmpty && !isRoot)
        let hasChildren = set.count > (set["."] == nil ? 0 : 1)
        guard let token = tokens.first else { return hasChildren ? .branch : isMember ? .leaf : .none }
        // A leaf owns all that is below it: atomic lists and mappings.
        guard hasChildren else { return isMember ? .whole : .none }
        let rest = tokens.dropFirst()
        if let items = live.array {
            guard let index = Int(token), items.indices.contains(index) else { return .none }
            let item = items[index]
            return set.lazy.map { member -> FieldGrain in
                guard let element = PathElement(fieldsV1Key: member.key), element.matches(item, at: index) else { return .none }
                return grain(rest, in: item, fieldsV1: member.value, isRoot: false)
            }.max() ?? .none
        }
        guard let child = set["f:" + token] else { return .none }
        return grain(rest, in: live[token] ?? .null, fieldsV1: child, isRoot: false)
    }
}
