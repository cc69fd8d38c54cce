import Manifests

/// A JSON patch (RFC 6902), applied as kustomize's library does: negative indices count from the end, and a test of a
/// missing field against null succeeds.
struct JSONPatch: Sendable {
    private enum Kind: String, Sendable { case add, remove, replace, move, copy, test }

    private struct Operation: Sendable {
        var kind: Kind
        var path: [String]
        var from: [String]
        var value: Value
        var text: String
    }

    private let operations: [Operation]

    var isEmpty: Bool { operations.isEmpty }

    /// Whether an operation takes the annotations out or puts others in their place.
    var replacesAnnotations: Bool {
        let paths = [["metadata"], ["metadata", "annotations"]]
        return operations.contains { operation in
            switch operation.kind {
            case .test: false
            case .move: paths.contains(operation.path) || paths.contains(operation.from)
            case .add, .remove, .replace, .copy: paths.contains(operation.path)
            }
        }
    }

    /// How deep an object may become by patches: whatever walks it is recursive.
    static let depthMax = 1_000

    /// - Throws: `Diagnostic` when an element is no operation; `file` is where the patch stands.
    init(_ items: [Value], at position: SourcePosition) throws(Diagnostic) {
        var operations: [Operation] = []
        for item in items {
            guard case .object(let object) = item else {
                throw Diagnostic("an operation of a JSON patch is a mapping, found \(item.kindDescription)", at: position)
            }
            let name = object["op"].map(ScalarText.text) ?? ""
            guard let kind = Kind(rawValue: name) else {
                throw Diagnostic(
                    "'\(name)' is no operation of a JSON patch", at: position, advice: "op is one of add, remove, replace, move, copy, test"
                )
            }
            guard case .string(let path)? = object["path"] else {
                throw Diagnostic("the operation '\(name)' of a JSON patch has no path", at: position)
            }
            var from: [String] = []
            if kind == .move || kind == .copy {
                guard case .string(let text)? = object["from"] else {
                    throw Diagnostic("the operation '\(name)' of a JSON patch has no 'from'", at: position)
                }
                from = try Self.tokens(text, at: position)
            }
            if kind == .add || kind == .replace, object.index(of: "value") == nil {
                throw Diagnostic("the operation '\(name)' of a JSON patch has no value", at: position)
            }
            operations.append(
                Operation(
                    kind: kind, path: try Self.tokens(path, at: position), from: from, value: object["value"] ?? .null, text: path))
        }
        self.operations = operations
    }

    private static func tokens(_ text: String, at position: SourcePosition) throws(Diagnostic) -> [String] {
        guard let tokens = JSONPointer.tokens(text) else {
            throw Diagnostic("'\(text)' is no path of a JSON patch", at: position, advice: "begin it with '/', as in /spec/replicas")
        }
        return tokens
    }

    func apply(to value: inout Value) throws {
        for operation in operations { try apply(operation, to: &value) }
    }

    private func apply(_ operation: Operation, to value: inout Value) throws {
        let path = operation.path
        if path.isEmpty, operation.kind == .add || operation.kind == .replace {
            guard case .object = operation.value else {
                throw Diagnostic("a JSON patch puts \(operation.value.kindDescription) in place of the object")
            }
            value = operation.value
            return
        }
        switch operation.kind {
        case .add: try Self.change(&value, path, operation) { try Self.add(operation.value, to: &$0, $1, operation) }
        case .remove: try Self.change(&value, path, operation) { _ = try Self.remove(from: &$0, $1, operation) }
        case .replace:
            try Self.change(&value, path, operation) { container, token in
                // A missing key of a mapping is no error to the library that kustomize uses.
                try Self.replace(in: &container, token, operation)
            }
        case .copy:
            let copied = try Self.find(value, operation.from[...], operation, allowsMissingKey: true)
            try Self.change(&value, path, operation) { try Self.add(copied, to: &$0, $1, operation) }
        case .move:
            let moved = try Self.find(value, operation.from[...], operation)
            try Self.change(&value, operation.from, operation) { _ = try Self.remove(from: &$0, $1, operation) }
            try Self.change(&value, path, operation) { try Self.add(moved, to: &$0, $1, operation) }
        case .test:
            let found = try? Self.find(value, path[...], operation)
            guard (found ?? .null) == operation.value else {
                throw Diagnostic("the test of '\(operation.text)' in a JSON patch fails")
            }
        }
    }

    private static func missing(_ operation: Operation) -> Diagnostic {
        Diagnostic(
            "the JSON patch's operation '\(operation.kind.rawValue)' does not find '\(operation.text)'",
            advice: operation.kind == .replace ? "use 'add' for a field that may be missing" : nil)
    }

    // MARK: Places

    /// Calls `body` with what contains the end of a path.
    private static func change(
        _ value: inout Value, _ path: [String], _ operation: Operation,
        _ body: (inout Value, String) throws -> Void
    ) throws {
        try descend(&value, path[...], operation, body)
    }

    private static func descend(
        _ value: inout Value, _ path: ArraySlice<String>, _ operation: Operation,
        _ body: (inout Value, String) throws -> Void
    ) throws {
        guard let token = path.first else { throw missing(operation) }
        guard path.count > 1 else { return try body(&value, token) }
        switch value {
        case .object(var object):
            guard let index = object.index(of: token) else { throw missing(operation) }
            value = .null
            defer { value = .object(object) }
            try descend(&object.members[index].value, path.dropFirst(), operation, body)
        case .array(var items):
            guard let index = index(token, count: items.count) else { throw missing(operation) }
            value = .null
            defer { value = .array(items) }
            try descend(&items[index], path.dropFirst(), operation, body)
        case .null, .bool, .int, .unsigned, .double, .string:
            throw missing(operation)
        }
    }

    private static func find(_ value: Value, _ path: ArraySlice<String>, _ operation: Operation, allowsMissingKey: Bool = false) throws
        -> Value
    {
        var value = value
        for (number, token) in path.enumerated() {
            if allowsMissingKey, number == path.count - 1, case .object(let object) = value, object[token] == nil { return .null }
            guard let next = get(value, token) else { throw missing(operation) }
            value = next
        }
        return value
    }

    private static func get(_ container: Value, _ token: String) -> Value? {
        switch container {
        case .object(let object): object[token]
        case .array(let items): index(token, count: items.count).map { items[$0] }
        case .null, .bool, .int, .unsigned, .double, .string: nil
        }
    }

    /// The place of an existing element.
    private static func index(_ token: String, count: Int) -> Int? {
        guard let number = Int(token) else { return nil }
        let index = number < 0 ? number + count : number
        return index >= 0 && index < count ? index : nil
    }

    private static func add(_ new: Value, to container: inout Value, _ token: String, _ operation: Operation) throws {
        try refuseDeep(new, operation)
        switch container {
        case .object(var object):
            container = .null
            object[token] = new
            container = .object(object)
        case .array(var items):
            let index: Int
            if token == "-" {
                index = items.count
            } else {
                guard let number = Int(token) else { throw missing(operation) }
                index = number < 0 ? number + items.count + 1 : number
            }
            guard index >= 0, index <= items.count else { throw missing(operation) }
            container = .null
            items.insert(new, at: index)
            container = .array(items)
        case .null, .bool, .int, .unsigned, .double, .string: throw missing(operation)
        }
    }

    private static func refuseDeep(_ new: Value, _ operation: Operation) throws {
        guard new.isShallower(than: depthMax - operation.path.count) else {
            throw Diagnostic("the JSON patch nests the object deeper than \(depthMax) levels")
        }
    }

    private static func replace(in container: inout Value, _ token: String, _ operation: Operation) throws {
        try refuseDeep(operation.value, operation)
        switch container {
        case .object(var object):
            container = .null
            object[token] = operation.value
            container = .object(object)
        case .array(var items):
            guard let index = index(token, count: items.count) else { throw missing(operation) }
            container = .null
            items[index] = operation.value
            container = .array(items)
        case .null, .bool, .int, .unsigned, .double, .string: throw missing(operation)
        }
    }

    private static func remove(from container: inout Value, _ token: String, _ operation: Operation) throws {
        switch container {
        case .object(var object):
            guard object.index(of: token) != nil else { throw missing(operation) }
            container = .null
            object[token] = nil
            container = .object(object)
        case .array(var items):
            guard let index = index(token, count: items.count) else { throw missing(operation) }
            container = .null
            items.remove(at: index)
            container = .array(items)
        case .null, .bool, .int, .unsigned, .double, .string: throw missing(operation)
        }
    }
}

extension Value {
    /// Whether the value nests fewer levels than a bound.
    func isShallower(than bound: Int) -> Bool {
        guard bound > 0 else { return false }
        switch self {
        case .null, .bool, .int, .unsigned, .double, .string: return true
        case .array(let items): return items.allSatisfy { $0.isShallower(than: bound - 1) }
        case .object(let object): return object.members.allSatisfy { $0.value.isShallower(than: bound - 1) }
        }
    }
}
