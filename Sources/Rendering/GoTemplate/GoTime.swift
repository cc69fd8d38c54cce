/// `time.Duration`, `time.Month` and `time.Weekday`, which are integers with names and methods.
package enum GoTime {
    package static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]
    package static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    /// The text of such an integer.
    static func name(of value: GoValue) -> String? {
        switch value {
        case .integer(let integer, .duration): return duration(integer)
        case .integer(let integer, .month):
            return integer >= 1 && integer <= 12 ? months[Int(integer) - 1] : "%!Month(\(integer))"
        case .integer(let integer, .weekday):
            return integer >= 0 && integer < 7 ? weekdays[Int(integer)] : "%!Weekday(\(integer))"
        default: return nil
        }
    }

    static func method(_ name: String, of value: GoValue) -> GoFunction? {
        guard case .integer(let integer, let type) = value else { return nil }
        if name == "String" { return GoFunction(name, []) { _, _ in .string(Self.name(of: value) ?? "") } }
        guard type == .duration else { return nil }
        let nanoseconds = Double(integer)
        switch name {
        case "Hours": return GoFunction(name, []) { _, _ in .float(nanoseconds / 3.6e12) }
        case "Minutes": return GoFunction(name, []) { _, _ in .float(nanoseconds / 6e10) }
        case "Seconds": return GoFunction(name, []) { _, _ in .float(nanoseconds / 1e9) }
        case "Milliseconds": return GoFunction(name, []) { _, _ in .integer(integer / 1_000_000, .int64) }
        case "Microseconds": return GoFunction(name, []) { _, _ in .integer(integer / 1000, .int64) }
        case "Nanoseconds": return GoFunction(name, []) { _, _ in .integer(integer, .int64) }
        default: return nil
        }
    }

    /// A duration as Go prints it: `1h1m1.5s`, `100ms`, `0s`.
    package static func duration(_ nanoseconds: Int64) -> String {
        if nanoseconds == 0 { return "0s" }
        let sign = nanoseconds < 0 ? "-" : ""
        let magnitude = nanoseconds.magnitude
        if magnitude < 1000 { return "\(sign)\(magnitude)ns" }
        if magnitude < 1_000_000 { return "\(sign)\(decimal(magnitude, 1000))µs" }
        if magnitude < 1_000_000_000 { return "\(sign)\(decimal(magnitude, 1_000_000))ms" }
        let minutes = magnitude / 60_000_000_000
        let seconds = decimal(magnitude % 60_000_000_000, 1_000_000_000) + "s"
        if minutes == 0 { return sign + seconds }
        if minutes < 60 { return "\(sign)\(minutes)m\(seconds)" }
        return "\(sign)\(minutes / 60)h\(minutes % 60)m\(seconds)"
    }

    private static func decimal(_ value: UInt64, _ unit: UInt64) -> String {
        let fraction = value % unit
        if fraction == 0 { return String(value / unit) }
        var digits = String(fraction)
        digits = String(repeating: "0", count: String(unit).utf8.count - 1 - digits.utf8.count) + digits
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(value / unit).\(digits)"
    }

    /// The nanoseconds of a text such as `1h30m` or `-1.5s` (`time.ParseDuration`).
    /// - Throws: `GoError` in Go's words.
    package static func parseDuration(_ text: String) throws -> Int64 {
        let invalid = GoError("time: invalid duration \(GoQuote.quote(text))")
        var rest = Array(text.utf8)[...]
        var isNegative = false
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
            isNegative = rest.first == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        if rest.elementsEqual("0".utf8) { return 0 }
        guard !rest.isEmpty else { throw invalid }
        var total: Double = 0
        var exact: Int64 = 0
        while !rest.isEmpty {
            let whole = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
            rest = rest.dropFirst(whole.count)
            var fraction: ArraySlice<UInt8> = []
            if rest.first == UInt8(ascii: ".") {
                rest = rest.dropFirst()
                fraction = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
                rest = rest.dropFirst(fraction.count)
            }
            guard !whole.isEmpty || !fraction.isEmpty else { throw invalid }
            let unitBytes = rest.prefix { $0 != UInt8(ascii: ".") && !($0 >= 0x30 && $0 <= 0x39) }
            rest = rest.dropFirst(unitBytes.count)
            let unitName = String(decoding: unitBytes, as: UTF8.self)
            if unitName.isEmpty { throw GoError("time: missing unit in duration \(GoQuote.quote(text))") }
            guard let unit = units[unitName] else {
                throw GoError("time: unknown unit \(GoQuote.quote(unitName)) in duration \(GoQuote.quote(text))")
            }
            let number = whole.isEmpty ? 0 : Int64(String(decoding: whole, as: UTF8.self))
            guard let number else { throw invalid }
            let (product, overflows) = number.multipliedReportingOverflow(by: unit)
            let part = fraction.isEmpty ? 0 : (Double("0." + String(decoding: fraction, as: UTF8.self)) ?? 0) * Double(unit)
            total += Double(product) + part
            guard !overflows, total < 9.3e18 else { throw invalid }
            let (sum, sumOverflows) = exact.addingReportingOverflow(product &+ Int64(part))
            guard !sumOverflows, sum >= 0 else { throw invalid }
            exact = sum
        }
        return isNegative ? -exact : exact
    }

    private static let units: [String: Int64] = [
        "ns": 1, "us": 1000, "µs": 1000, "μs": 1000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000, "h": 3_600_000_000_000,
    ]
}
