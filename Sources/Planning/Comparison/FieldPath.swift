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

    /// The place in a list that this step means there.
    fileprivate func place(in list: [Value]) -> Int? {
        switch self {
        case .field(let name): Int(name).flatMap { list.indices.contains($0) ? $0 : nil }
        case .item(let key, _): list.firstIndex { ListKeys.matches($0, key) }
        case .index(let index): list.indices.contains(index) ? index : nil
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
            switch value {
            case .object(let object):
                guard case .field(let name) = step, let next = object[name] else { return nil }
                value = next
            case .array(let array):
                guard let place = step.place(in: array) else { return nil }
                value = array[place]
            case .null, .bool, .int, .unsigned, .double, .string: return nil
            }
        }
        return value
    }

    /// Puts a value at a path whose parent is there; does nothing otherwise.
    mutating func set(_ new: Value, at path: some Collection<FieldStep>) {
        change(path) { parent, step in
            switch (parent, step) {
            case (.object(var object), .field(let name)):
                object[name] = new
                parent = .object(object)
            case (.array(var array), let step):
                guard let place = step.place(in: array) else { return }
                array[place] = new
                parent = .array(array)
            default: return
            }
        }
    }

    /// Takes what stands at a path away, and each mapping on the way that has nothing else.
    mutating func remove(at path: FieldPath) {
        var path = path[...]
        while !path.isEmpty {
            change(path) { parent, step in
                switch (parent, step) {
                case (.object(var object), .field(let name)):
                    object[name] = nil
                    parent = .object(object)
                case (.array(var array), let step):
                    guard let place = step.place(in: array) else { return }
                    array.remove(at: place)
                    parent = .array(array)
                default: return
                }
            }
            path = path.dropLast()
            guard value(at: path)?.object?.isEmpty == true else { return }
        }
    }

    /// Changes what holds the end of a path.
    private mutating func change(_ path: some Collection<FieldStep>, _ body: (inout Value, FieldStep) -> Void) {
        guard let step = path.first else { return }
        let rest = path.dropFirst()
        guard !rest.isEmpty else { return body(&self, step) }
        switch (self, step) {
        case (.object(var object), .field(let name)):
            self = .null
            object.update(name) { $0.change(rest, body) }
            self = .object(object)
        case (.array(var array), let step):
            guard let place = step.place(in: array) else { return }
            self = .null
            array[place].change(rest, body)
            self = .array(array)
        default: return
        }
    }
}

extension [FieldStep] {
    /// JSON Pointer.
    package var pointer: String { JSONPointer.text(map(\.token)) }

    /// The pointer into another state of the object, in which items of lists stand elsewhere.
    package func pointer(in object: Value) -> String { JSONPointer.text(tokens(in: object)) }

    /// What that pointer is made of.
    func tokens(in object: Value) -> [String] {
        var tokens: [String] = []
        var value: Value? = object
        for step in self {
            if let array = value?.array {
                let place = step.place(in: array)
                tokens.append(place.map { String($0) } ?? step.token)
                value = place.map { array[$0] }
            } else {
                tokens.append(step.token)
                value = value?[step.token]
            }
        }
        return tokens
    }

    /// The path that a JSON Pointer means in an object, by key through lists whose items have one.
    package static func path(_ pointer: String, in object: Value) -> FieldPath? {
        guard let tokens = JSONPointer.tokens(pointer) else { return nil }
        var path: FieldPath = []
        var value: Value? = object
        for token in tokens {
            if let array = value?.array {
                guard let index = Int(token), array.indices.contains(index) else { return nil }
                path.append(FieldStep.step(to: index, of: array))
                value = array[index]
            } else {
                path.append(.field(token))
                value = value?[token]
            }
        }
        return path
    }
}

extension FieldStep {
    /// The step to an item of a list: by key where the items have one.
    static func step(to index: Int, of list: [Value]) -> FieldStep {
        guard let members = ListKeys.members(for: list, list) else { return .index(index) }
        return .item(key: ListKeys.key(of: list[index], by: members), index: index)
    }
}

extension FieldPattern {
    /// The paths in an object that this pattern means; those whose last field is missing too, when what holds it is there.
    func paths(in object: Value) -> [FieldPath] {
        var found: [(path: FieldPath, value: Value?)] = [([], object)]
        for step in steps {
            var next: [(path: FieldPath, value: Value?)] = []
            for (path, value) in found {
                switch (value, step) {
                case (.object(let object), .field(let name)):
                    next.append((path + [.field(name)], object[name]))
                case (.array(let array), .field(let token)):
                    // A JSON Pointer's index.
                    guard let index = Int(token), array.indices.contains(index) else { continue }
                    next.append((path + [.step(to: index, of: array)], array[index]))
                case (.array(let array), .index(let index)):
                    guard array.indices.contains(index) else { continue }
                    next.append((path + [.step(to: index, of: array)], array[index]))
                case (.array(let array), .items(let conditions)):
                    for (index, item) in array.enumerated() where conditions.allSatisfy({ $0.holds(for: item) }) {
                        next.append((path + [.step(to: index, of: array)], item))
                    }
                default: continue
                }
            }
            found = next
        }
        return found.map(\.path)
    }
}

extension FieldPattern.Condition {
    func holds(for item: Value) -> Bool {
        var value: Value? = item
        for name in path { value = value?[name] }
        guard let value else { return false }
        return value == self.value
            || (value.string ?? value.int.map { String($0) }) == (self.value.string ?? self.value.int.map { String($0) })
    }
}
