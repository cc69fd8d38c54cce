internal import Manifests

/// Arguments as the functions take them; the engine has checked their types.
extension GoValue {
    /// The text of a string argument.
    var argumentText: String { text ?? "" }
    /// The bytes of a string argument.
    var argumentBytes: [UInt8] { textBytes ?? [] }
    /// The number of an `int` argument.
    var argumentInt: Int {
        if case .integer(let integer, _) = self { return Int(truncatingIfNeeded: integer) }
        return 0
    }
    /// The truth of a `bool` argument.
    var argumentBool: Bool {
        if case .bool(let bool) = self { return bool }
        return false
    }
    /// The map of a `map[string]interface{}` argument.
    var argumentMap: GoMap { asMap ?? GoMap(isNil: true) }

    /// Sprig's `strval`: text as it is, all else as `%v` prints it.
    var sprigText: String {
        switch self {
        case .string(let text): text
        case .raw(let bytes), .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        default: GoFormatter.verb(self)
        }
    }

    var sprigBytes: [UInt8] {
        switch self {
        case .raw(let bytes), .bytes(let bytes): bytes
        default: Array(sprigText.utf8)
        }
    }

    /// Sprig's `empty`.
    var isEmptyValue: Bool {
        if case .object(let object) = self, object.kind == "ptr" || object.kind == "struct" { return false }
        if case .function = self { return false }
        return !isTrue
    }

    /// Sprig's `strslice`.
    var sprigStrings: [String] {
        if let elements { return elements.filter { !$0.isPlainNil }.map(\.sprigText) }
        return isPlainNil ? [] : [sprigText]
    }

    /// Nil, and not a nil map.
    var isPlainNil: Bool {
        switch self {
        case .invalid, .null: true
        default: false
        }
    }
}

extension GoFunction {
    /// A function of text to text.
    static func text(_ name: String, _ body: @escaping (String) throws -> String) -> GoFunction {
        GoFunction(name, [.string]) { _, values in .string(try body(values[0].argumentText)) }
    }

    /// The same function under another name.
    func renamed(_ name: String) -> GoFunction { GoFunction(name, parameters, variadic: variadic, body) }
}
