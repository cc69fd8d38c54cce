/// `index`, `slice` and `len`.
enum GoIndexing {
    static func length(_ value: GoValue) throws -> Int {
        switch value {
        case .string(let text): return text.utf8.count
        case .raw(let bytes), .bytes(let bytes): return bytes.count
        case .list(let elements), .typedList(let elements, _): return elements.count
        case .map(let map): return map.count
        // Go's library panics for a value that is none at all, and the engine tells it.
        case .invalid: throw GoError("reflect: call of reflect.Value.Type on zero Value")
        case .null: throw GoError("len of nil pointer")
        case .object(let object):
            switch object.underlying {
            case .list(let elements) where object.kind == "slice", .typedList(let elements, _) where object.kind == "slice":
                return elements.count
            case .map(let map) where object.kind == "map": return map.count
            default: break
            }
        case .bool, .integer, .float, .function: break
        }
        throw GoError("len of type \(value.typeName)")
    }

    static func index(_ item: GoValue, _ indexes: ArraySlice<GoValue>) throws -> GoValue {
        if item.isNil, item.asMap == nil { throw GoError("index of untyped nil") }
        var item = item
        for index in indexes { item = try element(item, index) }
        return item
    }

    private static func element(_ item: GoValue, _ index: GoValue) throws -> GoValue {
        if case .null = item { throw GoError("index of nil pointer") }
        if let elements = item.elements {
            let place = try offset(index, elements.count)
            guard place < elements.count else { throw GoError("reflect: slice index out of range") }
            return elements[place]
        }
        if let bytes = item.textBytes {
            let place = try offset(index, bytes.count)
            guard place < bytes.count else { throw GoError("reflect: string index out of range") }
            return .integer(Int64(bytes[place]), .uint8)
        }
        if let map = item.asMap {
            if index.isNil { throw GoError("value is nil; should be of type string") }
            guard let key = index.text else { throw GoError("value has type \(index.typeName); should be string") }
            if let value = map[key] { return value }
            switch map.type {
            case .strings: return .string("")
            case .bytes: return .bytes([])
            case .generic, .values: return .null
            }
        }
        throw GoError("can't index item of type \(item.typeName)")
    }

    private static func offset(_ index: GoValue, _ count: Int) throws -> Int {
        switch index {
        case .integer(let offset, _):
            guard offset >= 0, offset <= count else { throw GoError("index out of range: \(offset)") }
            return Int(offset)
        case .invalid, .null: throw GoError("cannot index slice/array with nil")
        default: throw GoError("cannot index slice/array with type \(index.typeName)")
        }
    }

    static func slice(_ item: GoValue, _ indexes: ArraySlice<GoValue>) throws -> GoValue {
        if item.isNil, item.asMap == nil { throw GoError("slice of untyped nil") }
        guard indexes.count <= 3 else { throw GoError("too many slice indexes: \(indexes.count)") }
        let count: Int
        if let bytes = item.textBytes {
            if indexes.count == 3 { throw GoError("cannot 3-index slice a string") }
            count = bytes.count
        } else if let elements = item.elements {
            count = elements.count
        } else {
            throw GoError("can't slice item of type \(item.typeName)")
        }
        var bounds = [0, count]
        for (place, index) in indexes.enumerated() {
            let offset = try offset(index, count)
            if place < bounds.count { bounds[place] = offset } else { bounds.append(offset) }
        }
        guard bounds[0] <= bounds[1] else { throw GoError("invalid slice index: \(bounds[0]) > \(bounds[1])") }
        if bounds.count > 2, bounds[1] > bounds[2] { throw GoError("invalid slice index: \(bounds[1]) > \(bounds[2])") }
        let range = bounds[0]..<bounds[1]
        switch item {
        case .bytes(let bytes): return .bytes(Array(bytes[range]))
        case .typedList(let elements, let type): return .typedList(Array(elements[range]), type: type)
        default: break
        }
        if let bytes = item.textBytes { return .text(Array(bytes[range])) }
        return .list(Array((item.elements ?? [])[range]))
    }
}
