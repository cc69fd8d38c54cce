internal import Manifests

/// A value as Go's templates know it. Templates can tell an `int` from a `float64` and a missing value from a nil one,
/// so the domain is Go's and not that of manifests.
package enum GoValue {
    /// No value at all (the zero `reflect.Value`): an action without a result, a pipeline that gave nil.
    case invalid
    /// A nil `interface{}`: a missing key, a null.
    case null
    case bool(Bool)
    case integer(Int64, GoInteger)
    /// A `float64`, which every number of a YAML or JSON document is.
    case float(Double)
    case string(String)
    /// A string that is no UTF-8.
    case raw([UInt8])
    /// A `[]byte`.
    case bytes([UInt8])
    /// A `[]interface{}`.
    case list([GoValue])
    /// A slice of another type, such as `[]string`.
    case typedList([GoValue], type: String)
    case map(GoMap)
    case object(any GoObject)
    case function(GoFunction)

    /// An `int`.
    package static func int(_ value: Int) -> GoValue { .integer(Int64(value), .int) }

    /// What stands at the end of a nil slice's type: JSON tells it from an empty one.
    static let nilSliceMark = " (nil)"

    /// A nil `[]string`.
    static var nilStrings: GoValue { .typedList([], type: "[]string" + nilSliceMark) }

    /// A `[]string`.
    package static func strings(_ values: [String]) -> GoValue { .typedList(values.map { .string($0) }, type: "[]string") }

    /// A string out of bytes, which may be no UTF-8.
    package static func text(_ bytes: [UInt8]) -> GoValue {
        bytes.withUnsafeBufferPointer { text($0) }
    }

    package static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> GoValue {
        if UTF8Check.firstInvalidOffset(in: bytes) == nil { return .string(String(decoding: bytes, as: UTF8.self)) }
        return .raw(Array(bytes))
    }
}

/// The integer types that values can have.
package enum GoInteger: UInt8, Sendable {
    case int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64
    /// `time.Duration`, in nanoseconds.
    case duration
    /// `time.Month` and `time.Weekday`, which print as their names.
    case month, weekday

    package var typeName: String {
        switch self {
        case .int: "int"
        case .int8: "int8"
        case .int16: "int16"
        case .int32: "int32"
        case .int64: "int64"
        case .uint: "uint"
        case .uint8: "uint8"
        case .uint16: "uint16"
        case .uint32: "uint32"
        case .uint64: "uint64"
        case .duration: "time.Duration"
        case .month: "time.Month"
        case .weekday: "time.Weekday"
        }
    }

    package var kindName: String {
        switch self {
        case .duration: "int64"
        case .month, .weekday: "int"
        case .int, .int8, .int16, .int32, .int64, .uint, .uint8, .uint16, .uint32, .uint64: typeName
        }
    }

    package var isSigned: Bool {
        switch self {
        case .uint, .uint8, .uint16, .uint32, .uint64: false
        case .int, .int8, .int16, .int32, .int64, .duration, .month, .weekday: true
        }
    }
}

extension GoValue {
    /// Nil or nothing.
    package var isNil: Bool {
        switch self {
        case .invalid, .null: true
        case .map(let map): map.isNil
        case .bool, .integer, .float, .string, .raw, .bytes, .list, .typedList, .object, .function: false
        }
    }

    /// Whether the elements may be of any type, as far as Go knows.
    var holdsInterfaces: Bool {
        switch self {
        case .list: true
        case .typedList(_, let type): type.hasPrefix("[]interface {}")
        case .map(let map): map.type == .generic || map.type == .values
        case .invalid, .null, .bool, .integer, .float, .string, .raw, .bytes, .object, .function: false
        }
    }

    /// No value, or nil; a nil map is a value.
    var isMissing: Bool {
        switch self {
        case .invalid, .null: true
        case .bool, .integer, .float, .string, .raw, .bytes, .list, .typedList, .map, .object, .function: false
        }
    }

    /// Whether other values stand in this one.
    var isContainer: Bool {
        switch self {
        case .list, .typedList, .map, .object: true
        case .invalid, .null, .bool, .integer, .float, .string, .raw, .bytes, .function: false
        }
    }

    /// The elements of a slice of whatever type.
    package var elements: [GoValue]? {
        switch self {
        case .list(let elements), .typedList(let elements, _): elements
        case .bytes(let bytes): bytes.map { .integer(Int64($0), .uint8) }
        case .object(let object):
            switch object.underlying {
            case .list(let elements), .typedList(let elements, _): elements
            default: nil
            }
        case .invalid, .null, .bool, .integer, .float, .string, .raw, .map, .function: nil
        }
    }

    /// The map of a value whose kind is map.
    package var asMap: GoMap? {
        switch self {
        case .map(let map): map
        case .object(let object): if object.kind == "map", case .map(let map) = object.underlying { map } else { nil }
        case .invalid, .null, .bool, .integer, .float, .string, .raw, .bytes, .list, .typedList, .function: nil
        }
    }

    /// The text of a string.
    package var text: String? {
        switch self {
        case .string(let text): text
        case .raw(let bytes): String(decoding: bytes, as: UTF8.self)
        case .invalid, .null, .bool, .integer, .float, .bytes, .list, .typedList, .map, .object, .function: nil
        }
    }

    /// The bytes of a string.
    package var textBytes: [UInt8]? {
        switch self {
        case .string(let text): Array(text.utf8)
        case .raw(let bytes): bytes
        case .invalid, .null, .bool, .integer, .float, .bytes, .list, .typedList, .map, .object, .function: nil
        }
    }

    /// The name of the type as Go's `%T` prints it; `interface {}` for nil, as the engine's messages have it.
    package var typeName: String {
        switch self {
        case .invalid, .null: "interface {}"
        case .bool: "bool"
        case .integer(_, let type): type.typeName
        case .float: "float64"
        case .string, .raw: "string"
        case .bytes: "[]uint8"
        case .list: "[]interface {}"
        case .typedList(_, let type): type.hasSuffix(Self.nilSliceMark) ? String(type.dropLast(Self.nilSliceMark.count)) : type
        case .map(let map): map.type.rawValue
        case .object(let object): object.typeName
        case .function: "func"
        }
    }

    /// The name of the kind as `reflect.Kind` prints it.
    package var kindName: String {
        switch self {
        case .invalid, .null: "invalid"
        case .bool: "bool"
        case .integer(_, let type): type.kindName
        case .float: "float64"
        case .string, .raw: "string"
        case .bytes, .list, .typedList: "slice"
        case .map: "map"
        case .object(let object): object.kind
        case .function: "func"
        }
    }

    /// What `if` and `with` make of the value.
    package var isTrue: Bool {
        switch self {
        case .invalid, .null: false
        case .bool(let bool): bool
        case .integer(let integer, _): integer != 0
        case .float(let float): float != 0
        case .string(let text): !text.isEmpty
        case .raw(let bytes), .bytes(let bytes): !bytes.isEmpty
        case .list(let elements), .typedList(let elements, _): !elements.isEmpty
        case .map(let map): !map.isEmpty
        case .object(let object):
            switch object.kind {
            case "map", "slice": object.underlying.isTrue
            default: true
            }
        case .function: true
        }
    }
}

extension String {
    /// Whether two texts have the same bytes. Swift's `==` takes different bytes for the same where Unicode does.
    func isSame(as other: String) -> Bool {
        self == other && utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
