/// Values made numbers without errors (spf13/cast): what is no number is 0.
enum NumberCast {
    static func int(_ value: GoValue) -> Int64 {
        switch value {
        case .integer(let integer, _): return integer
        case .float(let float): return truncated(float)
        case .bool(let bool): return bool ? 1 : 0
        case .string(let text): return int(text)
        case .invalid, .null, .raw, .bytes, .list, .typedList, .map, .object, .function: return 0
        }
    }

    static func float(_ value: GoValue) -> Double {
        switch value {
        case .integer(let integer, let type): return type.isSigned ? Double(integer) : Double(UInt64(bitPattern: integer))
        case .float(let float): return float
        case .bool(let bool): return bool ? 1 : 0
        case .string(let text): return GoNumberText.float(text) ?? 0
        case .invalid, .null, .raw, .bytes, .list, .typedList, .map, .object, .function: return 0
        }
    }

    /// What Go's conversion gives on amd64: the smallest integer for whatever does not fit.
    static func truncated(_ float: Double) -> Int64 {
        Int64(exactly: float.rounded(.towardZero)) ?? .min
    }

    /// What follows the point is dropped; a leading zero means octal.
    private static func int(_ text: String) -> Int64 {
        var whole = text
        if let point = text.utf8.firstIndex(of: UInt8(ascii: ".")) {
            let isDigit = { (byte: UInt8) in byte >= 0x30 && byte <= 0x39 }
            var digits = text.utf8[..<point]
            if digits.first == UInt8(ascii: "-") || digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
            guard digits.allSatisfy(isDigit), text.utf8[text.utf8.index(after: point)...].allSatisfy(isDigit) else { return 0 }
            whole = String(text[..<point]) + (digits.isEmpty ? "0" : "")
        }
        return GoNumberText.int(whole, base: 0) ?? 0
    }
}
