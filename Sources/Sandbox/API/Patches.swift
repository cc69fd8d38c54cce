import Manifests

/// JSON merge patch (RFC 7386), JSON patch (RFC 6902) and Kubernetes' strategic merge patch.
enum Patches {
    static func merge(_ patch: Value, into target: Value) -> Value {
        guard case .object(let changes) = patch else { return patch }
        var result = target.object ?? Object()
        for member in changes {
            if member.value.isNull {
                result[member.key] = nil
            } else {
                result[member.key] = merge(member.value, into: result[member.key] ?? .null)
            }
        }
        return .object(result)
    }

    // MARK: JSON patch

    private static let rejected = APIError(
        code: 422, reason: "Invalid", message: "the server rejected our request due to an error in our request", details: [:])

    static func json(_ patch: Value, to target: Value) throws(APIError) -> Value {
        guard case .array(let operations) = patch else { throw .badRequest("error decoding patch: json patch is no list") }
        guard operations.count <= 10_000 else { throw .badRequest("the patch has more than 10000 operations") }
        var result = target
        for operation in operations {
            guard let tokens = operation["path"]?.string.flatMap(JSONPointer.tokens) else { throw rejected }
            switch operation["op"]?.string {
            case "add": result = try edit(result, tokens[...], .add(try value(operation)))
            case "replace": result = try edit(result, tokens[...], .replace(try value(operation)))
            case "remove": result = try edit(result, tokens[...], .remove)
            case "test":
                let expected = operation["value"] ?? .null
                guard (find(result, tokens) ?? .null) == expected else { throw rejected }
            case "copy", "move":
                guard let from = operation["from"]?.string.flatMap(JSONPointer.tokens), let moved = find(result, from) else {
                    throw rejected
                }
                if operation["op"]?.string == "move" { result = try edit(result, from[...], .remove) }
                result = try edit(result, tokens[...], .add(moved))
            default: throw rejected
            }
        }
        return result
    }

    private enum Edit {
        case add(Value)
        case replace(Value)
        case remove
    }

    private static func value(_ operation: Value) throws(APIError) -> Value {
        guard let value = operation["value"] else { throw rejected }
        return value
    }

    private static func find(_ value: Value, _ tokens: [String]) -> Value? {
        var current: Value? = value
        for token in tokens {
            switch current {
            case .object(let object): current = object[token]
            case .array(let array):
                guard let index = Int(token), array.indices.contains(index) else { return nil }
                current = array[index]
            default: return nil
            }
        }
        return current
    }

    private static func edit(_ target: Value, _ tokens: ArraySlice<String>, _ edit: Edit) throws(APIError) -> Value {
        guard let token = tokens.first else {
            switch edit {
            case .add(let value), .replace(let value): return value
            case .remove: throw rejected
            }
        }
        let rest = tokens.dropFirst()
        switch target {
        case .object(var object):
            if rest.isEmpty {
                switch edit {
                case .add(let value): object[token] = value
                case .replace(let value):
                    guard object[token] != nil else { throw rejected }
                    object[token] = value
                case .remove:
                    guard object[token] != nil else { throw rejected }
                    object[token] = nil
                }
            } else {
                guard let inner = object[token] else { throw rejected }
                object[token] = try self.edit(inner, rest, edit)
            }
            return .object(object)
        case .array(var array):
            if rest.isEmpty, case .add(let value) = edit {
                let index = token == "-" ? array.count : Int(token) ?? -1
                guard (0...array.count).contains(index) else { throw rejected }
                array.insert(value, at: index)
                return .array(array)
            }
            guard let index = Int(token), array.indices.contains(index) else { throw rejected }
            if !rest.isEmpty {
                array[index] = try self.edit(array[index], rest, edit)
            } else if case .replace(let value) = edit {
                array[index] = value
            } else {
                array.remove(at: index)
            }
            return .array(array)
        default: throw rejected
        }
    }
}
