/// `reflect.DeepEqual`: same types, same content. 3 and 3.0 differ.
enum DeepEquality {
    private static let depthMax = 1000

    static func equal(_ left: GoValue, _ right: GoValue, depth: Int = 0, _ meter: WorkMeter? = WorkMeter.current) -> Bool {
        // Deeper than this, values can only be maps that contain themselves.
        guard depth < depthMax, meter?.spend(1) ?? true else { return true }
        switch (left, right) {
        case (.invalid, .invalid), (.invalid, .null), (.null, .invalid), (.null, .null): return true
        case (.bool(let a), .bool(let b)): return a == b
        case (.integer(let a, let aType), .integer(let b, let bType)): return a == b && aType == bType
        case (.float(let a), .float(let b)): return a == b
        case (.string(let a), .string(let b)): return a.isSame(as: b)
        case (.raw(let a), .raw(let b)), (.bytes(let a), .bytes(let b)): return a == b
        case (.list(let a), .list(let b)): return equal(a, b, depth, meter)
        case (.typedList(let a, let aType), .typedList(let b, let bType)): return aType == bType && equal(a, b, depth, meter)
        case (.map(let a), .map(let b)):
            if a.isSame(as: b) { return true }
            guard a.type == b.type, a.isNil == b.isNil, a.count == b.count else { return false }
            return zip(a.members, b.members).allSatisfy { $0.key.isSame(as: $1.key) && equal($0.value, $1.value, depth: depth + 1, meter) }
        case (.object(let a), .object(let b)):
            return a === b || a.typeName == b.typeName && equal(a.underlying, b.underlying, depth: depth + 1, meter)
        default: return false
        }
    }

    private static func equal(_ left: [GoValue], _ right: [GoValue], _ depth: Int, _ meter: WorkMeter?) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { equal($0, $1, depth: depth + 1, meter) }
    }
}
