package import Manifests

extension GoValue {
    /// How deep values may nest when they are written; a map that contains itself has no end.
    private static let depthMax = 1000

    /// A value of a YAML or JSON document: every number is a float64.
    package init(_ value: Value) {
        switch value {
        case .null: self = .null
        case .bool(let bool): self = .bool(bool)
        case .int(let int): self = .float(Double(int))
        case .unsigned(let unsigned): self = .float(Double(unsigned))
        case .double(let double): self = .float(double)
        case .string(let string): self = .string(string)
        case .array(let items): self = .list(items.map { GoValue($0) })
        case .object(let object): self = .map(GoMap(unsorted: object.members.map { .init(key: $0.key, value: GoValue($0.value)) }))
        }
    }

    /// An object as a server answers it: whole numbers are integers.
    package init(live value: Value) {
        switch value {
        case .int(let int): self = .integer(int, .int64)
        case .array(let items): self = .list(items.map { GoValue(live: $0) })
        case .object(let object): self = .map(GoMap(unsorted: object.members.map { .init(key: $0.key, value: GoValue(live: $0.value)) }))
        case .null, .bool, .unsigned, .double, .string: self = GoValue(value)
        }
    }

    /// What `encoding/json` makes of the value.
    /// - Throws: `GoError` for what JSON cannot say.
    package func manifestValue() throws -> Value {
        var conversion = Conversion()
        return try manifestValue(depth: 0, &conversion)
    }

    /// What a conversion has made so far: one list may stand in another so often that its text has no end.
    private struct Conversion {
        let meter = WorkMeter.current
        private var textBytes = 0

        mutating func count(_ bytes: Int, depth: Int) throws {
            guard let meter else { return }
            // The node in memory, and its text with the indentation.
            meter.allocate(64)
            textBytes += bytes + 2 * depth + 4
            if textBytes > meter.outputBytesMax { meter.stop("a list or map makes a text of more than \(meter.outputBytesMax >> 20) MiB") }
            guard meter.spend(1) else { throw GoError(meter.fault ?? "") }
        }
    }

    private func manifestValue(depth: Int, _ conversion: inout Conversion) throws -> Value {
        guard depth < Self.depthMax else { throw GoError("json: unsupported value: encountered a cycle via map[string]interface {}") }
        if case .string(let text) = self {
            try conversion.count(text.utf8.count, depth: depth)
            return .string(text)
        }
        try conversion.count(8, depth: depth)
        switch self {
        case .invalid, .null: return .null
        case .bool(let bool): return .bool(bool)
        case .integer(let integer, let type):
            return !type.isSigned && integer < 0 ? .double(Double(UInt64(bitPattern: integer))) : .int(integer)
        case .float(let float):
            guard float.isFinite else { throw GoError("json: unsupported value: \(NumberText.general(float))") }
            return .double(float)
        case .string(let text): return .string(text)
        case .raw(let bytes): return .string(String(decoding: bytes, as: UTF8.self))
        case .bytes(let bytes): return .string(GoBase64.encode(bytes))
        case .list(let elements): return .array(try elements.map { try $0.manifestValue(depth: depth + 1, &conversion) })
        case .typedList(let elements, let type):
            if elements.isEmpty, type == "[]interface {}" || type.hasSuffix(GoValue.nilSliceMark) { return .null }
            return .array(try elements.map { try $0.manifestValue(depth: depth + 1, &conversion) })
        case .map(let map):
            if map.isNil { return .null }
            var members: [Member] = []
            members.reserveCapacity(map.count)
            for member in map.members {
                members.append(Member(key: member.key, value: try member.value.manifestValue(depth: depth + 1, &conversion)))
            }
            return .object(Object(members))
        case .object(let object):
            if let fields = object.structFields {
                var members: [Member] = []
                for field in fields where field.isExported && !(field.isOmittedEmpty && !field.value.isTrue) {
                    members.append(
                        Member(key: field.jsonName ?? field.name, value: try field.value.manifestValue(depth: depth + 1, &conversion)))
                }
                return .object(Object(members))
            }
            return try object.underlying.manifestValue(depth: depth + 1, &conversion)
        case .function: throw GoError("json: unsupported type: func()")
        }
    }
}
