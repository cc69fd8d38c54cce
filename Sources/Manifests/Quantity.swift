/// Quantities such as `100m`, `1Gi`, `1e3`: the canonical form of apimachinery's `resource.Quantity`.
package enum Quantity {
    private enum Format { case decimal, binary, exponent }

    /// The canonical form; what is no quantity, or too big to compute with, stays as it is.
    package static func canonical(_ value: Value) -> Value {
        switch value {
        case .int(let int): .string(canonical(String(int)) ?? String(int))
        case .double(let double): .string(canonical(NumberText.json(double)) ?? NumberText.json(double))
        case .string(let text): .string(canonical(text) ?? text)
        default: value
        }
    }

    package static func isValid(_ text: String) -> Bool { parse(text) != nil }

    /// The text as a number times a power of ten or two, in canonical writing. `nil` when it is no quantity.
    package static func canonical(_ text: String) -> String? {
        guard let (number, exponent, format) = parse(text) else { return nil }
        switch format {
        case .binary:
            guard let whole = binaryWhole(number, exponent) else { return decimal(binaryFraction(number, exponent), .decimal) }
            return binary(whole)
        case .decimal, .exponent: return decimal((number.mantissa, number.scale + exponent), format)
        }
    }

    private typealias Decimal = (mantissa: Int64, scale: Int)

    private static func parse(_ text: String) -> (number: Decimal, exponent: Int, format: Format)? {
        let bytes = Array(text.utf8)
        var index = 0
        var isNegative = false
        if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
            isNegative = bytes[index] == UInt8(ascii: "-")
            index += 1
        }
        var mantissa: Int64 = 0
        var scale = 0
        var digits = 0
        var hasPoint = false
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else if bytes[index] >= 48, bytes[index] <= 57 {
                let (product, overflow) = mantissa.multipliedReportingOverflow(by: 10)
                let (sum, carry) = product.addingReportingOverflow(Int64(bytes[index] - 48))
                guard !overflow, !carry else { return nil }
                mantissa = sum
                digits += 1
                if hasPoint { scale -= 1 }
            } else {
                break
            }
            index += 1
        }
        guard digits > 0 else { return nil }
        guard let (exponent, format) = suffix(String(decoding: bytes[index...], as: UTF8.self)) else { return nil }
        return ((isNegative ? -mantissa : mantissa, scale), exponent, format)
    }

    private static func suffix(_ text: String) -> (Int, Format)? {
        switch text {
        case "": return (0, .decimal)
        case "n": return (-9, .decimal)
        case "u": return (-6, .decimal)
        case "m": return (-3, .decimal)
        case "k": return (3, .decimal)
        case "M": return (6, .decimal)
        case "G": return (9, .decimal)
        case "T": return (12, .decimal)
        case "P": return (15, .decimal)
        case "E": return (18, .decimal)
        case "Ki": return (10, .binary)
        case "Mi": return (20, .binary)
        case "Gi": return (30, .binary)
        case "Ti": return (40, .binary)
        case "Pi": return (50, .binary)
        case "Ei": return (60, .binary)
        default:
            guard text.first == "e" || text.first == "E", let exponent = Int(text.dropFirst()), abs(exponent) < 100
            else { return nil }
            return (exponent, .exponent)
        }
    }

    private static func binaryWhole(_ number: Decimal, _ exponent: Int) -> Int64? {
        var mantissa = number.mantissa
        for _ in 0..<exponent {
            let (product, overflow) = mantissa.multipliedReportingOverflow(by: 2)
            if overflow { return nil }
            mantissa = product
        }
        for _ in 0..<(-min(number.scale, 0)) {
            guard mantissa % 10 == 0 else { return nil }
            mantissa /= 10
        }
        return mantissa
    }

    /// A fraction of a binary unit that is no whole number: as a decimal, rounded up to a thousandth.
    private static func binaryFraction(_ number: Decimal, _ exponent: Int) -> Decimal {
        var value = Double(number.mantissa)
        for _ in 0..<exponent { value *= 2 }
        for _ in 0..<(-min(number.scale, 0)) { value /= 10 }
        let milli = (value * 1000).rounded(.up)
        return (Int64(exactly: milli) ?? Int64.max, -3)
    }

    private static func binary(_ whole: Int64) -> String {
        let suffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]
        var value = whole
        var step = 0
        // Below 1024 the plain decimal form is the canonical one.
        while step < suffixes.count - 1, value != 0, value % 1024 == 0 {
            value /= 1024
            step += 1
        }
        return "\(value)\(suffixes[step])"
    }

    private static func decimal(_ number: Decimal, _ format: Format) -> String {
        var (mantissa, scale) = number
        if mantissa == 0 { return "0" }
        while mantissa % 10 == 0 {
            mantissa /= 10
            scale += 1
        }
        // Finer than a billionth is rounded up.
        while scale < -9 {
            mantissa = mantissa / 10 + (mantissa > 0 && mantissa % 10 != 0 ? 1 : 0)
            scale += 1
        }
        while scale % 3 != 0 {
            let (product, overflow) = mantissa.multipliedReportingOverflow(by: 10)
            if overflow { break }
            mantissa = product
            scale -= 1
        }
        if format == .exponent { return scale == 0 ? "\(mantissa)" : "\(mantissa)e\(scale)" }
        let suffixes = [-9: "n", -6: "u", -3: "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T", 15: "P", 18: "E"]
        guard let suffix = suffixes[scale] else { return "\(mantissa)e\(scale)" }
        return "\(mantissa)\(suffix)"
    }
}
