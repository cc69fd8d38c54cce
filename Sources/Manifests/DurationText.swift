/// Durations as Go writes them: `90s`, `5m`, `1h30m`, `250ms`.
package enum DurationText {
    /// Reads a duration; `nil` when the text is none, is negative or beyond a year.
    package static func duration(_ text: String) -> Duration? {
        var rest = Array(text.utf8)[...]
        guard !rest.isEmpty else { return nil }
        var milliseconds: Int64 = 0
        while !rest.isEmpty {
            let digits = rest.prefix { $0 &- UInt8(ascii: "0") < 10 }
            guard !digits.isEmpty, digits.count <= 12 else { return nil }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0 &- UInt8(ascii: "0") >= 10 }
            rest = rest.dropFirst(unit.count)
            let number = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
            let factor: Int64
            switch String(decoding: unit, as: UTF8.self) {
            case "ms": factor = 1
            case "s": factor = 1000
            case "m": factor = 60_000
            case "h": factor = 3_600_000
            default: return nil
            }
            let (product, overflow) = number.multipliedReportingOverflow(by: factor)
            guard !overflow, product <= 366 * 86_400_000 else { return nil }
            milliseconds += product
        }
        return milliseconds <= 366 * 86_400_000 ? .milliseconds(milliseconds) : nil
    }

    /// The shortest form that reads back: `5m`, `90s` as `1m30s`.
    package static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        if seconds == 0 { return "\(attoseconds / 1_000_000_000_000_000)ms" }
        var text = ""
        if seconds >= 3600 { text += "\(seconds / 3600)h" }
        if seconds / 60 % 60 > 0 { text += "\(seconds / 60 % 60)m" }
        if seconds % 60 > 0 || text.isEmpty { text += "\(seconds % 60)s" }
        return text
    }
}
