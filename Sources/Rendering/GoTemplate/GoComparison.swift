/// `eq`, `lt` and their kin: values of different basic kinds do not compare.
enum GoComparison {
    private enum Basic { case other, bool, int, uint, float, string }

    private static func basic(_ value: GoValue) -> Basic {
        switch value {
        case .bool: .bool
        case .integer(_, let type): type.isSigned ? .int : .uint
        case .float: .float
        case .string, .raw: .string
        case .invalid, .null, .bytes, .list, .typedList, .map, .object, .function: .other
        }
    }

    /// Whether the first value equals one of the others.
    static func equal(_ values: [GoValue]) throws -> Bool {
        guard values.count > 1 else { throw GoError("missing argument for comparison") }
        for value in values.dropFirst() where try equal(values[0], value) { return true }
        return false
    }

    private static func equal(_ left: GoValue, _ right: GoValue) throws -> Bool {
        switch (left, right) {
        case (.string(let a), .string(let b)): return a.isSame(as: b)
        case (.bool(let a), .bool(let b)): return a == b
        case (.float(let a), .float(let b)): return a == b
        case (.integer(let a, let aType), .integer(let b, let bType)):
            if aType.isSigned != bType.isSigned { return a >= 0 && b >= 0 && a == b }
            return a == b
        default: break
        }
        let (a, b) = (basic(left), basic(right))
        if a == .string, b == .string { return left.textBytes == right.textBytes }
        let leftIsNil = left.isMissing
        let rightIsNil = right.isMissing
        if a != b {
            if leftIsNil || rightIsNil { return false }
            throw GoError("incompatible types for comparison: \(left.typeName) and \(right.typeName)")
        }
        if leftIsNil || rightIsNil {
            return left.isNil == right.isNil
        }
        guard left.kindName == right.kindName else {
            throw GoError(
                "non-comparable types \(text(left)): \(left.typeName), \(right.typeName): \(GoFormatter.verb(right))")
        }
        if case .object(let a) = left, case .object(let b) = right {
            if a.kind == "ptr" || a === b && a.kind == "struct" { return a === b }
            if a.kind == "struct", a.typeName == b.typeName { return DeepEquality.equal(a.underlying, b.underlying) }
        }
        if left.isNil || right.isNil { return left.isNil == right.isNil }
        throw GoError("non-comparable type \(text(right)): \(right.typeName)")
    }

    /// The value as `%s` prints it.
    private static func text(_ value: GoValue) -> String {
        String(decoding: GoFormatter.printf(Array("%s".utf8), [value]), as: UTF8.self)
    }

    static func less(_ left: GoValue, _ right: GoValue) throws -> Bool {
        switch (left, right) {
        case (.integer(let a, let aType), .integer(let b, let bType)):
            switch (aType.isSigned, bType.isSigned) {
            case (true, true): return a < b
            case (false, false): return UInt64(bitPattern: a) < UInt64(bitPattern: b)
            case (true, false): return a < 0 || UInt64(bitPattern: a) < UInt64(bitPattern: b)
            case (false, true): return b >= 0 && UInt64(bitPattern: a) < UInt64(bitPattern: b)
            }
        case (.float(let a), .float(let b)): return a < b
        default: break
        }
        if let a = left.textBytes, let b = right.textBytes { return a.lexicographicallyPrecedes(b) }
        let (a, b) = (basic(left), basic(right))
        if a == .other || b == .other || (a == .bool && b == .bool) { throw GoError("invalid type for comparison") }
        throw GoError("incompatible types for comparison: \(left.typeName) and \(right.typeName)")
    }

    static func lessOrEqual(_ left: GoValue, _ right: GoValue) throws -> Bool {
        if try less(left, right) { return true }
        return try equal(left, right)
    }
}
