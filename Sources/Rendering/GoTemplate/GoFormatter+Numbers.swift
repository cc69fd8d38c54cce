internal import Manifests

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension GoFormatter {
    mutating func integer(_ integer: Int64, _ type: GoInteger, _ verb: Unicode.Scalar, _ value: GoValue) {
        let isNegative = type.isSigned && integer < 0
        let magnitude = type.isSigned ? integer.magnitude : UInt64(bitPattern: integer)
        switch verb {
        case "v":
            if flags.sharpV, !type.isSigned { return pad(Array("0x\(String(magnitude, radix: 16))".utf8)) }
            digits(magnitude, isNegative, radix: 10, verb)
        case "d": digits(magnitude, isNegative, radix: 10, verb)
        case "b": digits(magnitude, isNegative, radix: 2, verb)
        case "o", "O": digits(magnitude, isNegative, radix: 8, verb)
        case "x", "X": digits(magnitude, isNegative, radix: 16, verb)
        case "c": pad(Self.utf8(integer))
        case "q":
            let character = UInt32(exactly: integer).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}"
            let quoted = GoQuote.quote(String(Character(character)), asciiOnly: flags.plus).dropFirst().dropLast()
            let escaped = character == "'" ? "\\'" : character == "\"" ? "\"" : String(quoted)
            pad(Array("'\(escaped)'".utf8))
        case "U":
            let digits = String(magnitude, radix: 16, uppercase: true)
            var text = "U+" + String(repeating: "0", count: max(0, max(4, flags.precision ?? 4) - digits.utf8.count)) + digits
            if flags.sharp, magnitude <= 0x10FFFF, GoQuote.isPrintable(UInt32(magnitude)), let scalar = Unicode.Scalar(UInt32(magnitude)) {
                text += " '\(scalar)'"
            }
            let zero = flags.zero
            flags.zero = false
            pad(Array(text.utf8))
            flags.zero = zero
        default: badVerb(value, verb)
        }
    }

    private static func utf8(_ integer: Int64) -> [UInt8] {
        let scalar = UInt32(exactly: integer).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}"
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func digits(_ magnitude: UInt64, _ isNegative: Bool, radix: Int, _ verb: Unicode.Scalar) {
        var digits = String(magnitude, radix: radix, uppercase: verb == "X")
        var least = 0
        if let precision = flags.precision {
            least = precision
            // Precision 0 and value 0 print nothing but padding.
            if precision == 0, magnitude == 0 { digits = "" }
        } else if flags.zero, !flags.minus, let width = flags.width {
            least = width
            if isNegative || flags.plus || flags.space { least -= 1 }
        }
        if digits.utf8.count < least { digits = String(repeating: "0", count: least - digits.utf8.count) + digits }
        if flags.sharp {
            switch verb {
            case "b": digits = "0b" + digits
            case "o": if digits.utf8.first != UInt8(ascii: "0") { digits = "0" + digits }
            case "x": digits = "0x" + digits
            case "X": digits = "0X" + digits
            default: break
            }
        }
        if verb == "O" { digits = "0o" + digits }
        let sign = isNegative ? "-" : flags.plus ? "+" : flags.space ? " " : ""
        let zero = flags.zero
        flags.zero = false
        pad(Array((sign + digits).utf8))
        flags.zero = zero
    }

    mutating func float(_ float: Double, _ verb: Unicode.Scalar, _ value: GoValue) {
        var text: String
        switch verb {
        case "v", "g", "G":
            if let precision = flags.precision {
                text = Self.general(float, precision)
            } else {
                text = NumberText.general(float)
            }
            if verb == "G" { text = text.uppercased() }
        case "e", "E", "f", "F":
            let letter: Unicode.Scalar = verb == "F" ? "f" : verb
            text = Self.c(float, "%.\(flags.precision ?? 6)\(letter)", float)
        case "x", "X":
            text = Self.hexadecimal(float, flags.precision)
            if verb == "X" { text = text.uppercased() }
        case "b":
            text = "\(float.sign == .minus ? "-" : "")\(Self.mantissa(float).value)p\(Self.mantissa(float).exponent)"
        default: return badVerb(value, verb)
        }
        if float.isNaN { text = "NaN" }
        if float.isInfinite { text = float < 0 ? "-Inf" : "+Inf" }
        var sign = ""
        if text.utf8.first == UInt8(ascii: "-") || text.utf8.first == UInt8(ascii: "+") {
            sign = String(text.removeFirst())
        } else {
            sign = "+"
        }
        if flags.sharp, verb != "b", float.isFinite { text = Self.withPoint(text, precision: flags.precision, verb) }
        if flags.space, sign == "+", !flags.plus { sign = " " } else if sign == "+", !flags.plus, !float.isInfinite { sign = "" }
        let zero = flags.zero
        if zero, !flags.minus, let width = flags.width, float.isFinite, !sign.isEmpty {
            // The sign stands before the zeros.
            write(sign)
            flags.width = width - 1
            pad(Array(text.utf8))
            flags.width = width
            return
        }
        if !float.isFinite { flags.zero = false }
        pad(Array((sign + text).utf8))
        flags.zero = zero
    }

    /// What `#` makes of a number: always a point, and the zeros at the end that `%g` drops (fmt/format.go).
    private static func withPoint(_ text: String, precision: Int?, _ verb: Unicode.Scalar) -> String {
        var digits = 0
        switch verb {
        case "v", "g", "G", "x": digits = precision ?? 6
        default: break
        }
        var number = Array(text.utf8)
        var tail: [UInt8] = []
        var hasPoint = false
        var sawDigit = false
        scan: for (index, byte) in number.enumerated() {
            switch byte {
            case UInt8(ascii: "."): hasPoint = true
            case UInt8(ascii: "p"), UInt8(ascii: "P"), UInt8(ascii: "e"), UInt8(ascii: "E"):
                if byte | 0x20 == UInt8(ascii: "e"), verb == "x" || verb == "X" { fallthrough }
                tail = Array(number[index...])
                number.removeSubrange(index...)
                break scan
            default:
                if byte != 0x30 { sawDigit = true }
                if sawDigit { digits -= 1 }
            }
        }
        if !hasPoint {
            if number == [0x30] { digits -= 1 }
            number.append(UInt8(ascii: "."))
        }
        number += [UInt8](repeating: 0x30, count: max(0, digits)) + tail
        return String(decoding: number, as: UTF8.self)
    }

    /// `%x`: C's form, with at least two digits of exponent.
    private static func hexadecimal(_ float: Double, _ precision: Int?) -> String {
        let text = c(float, precision.map { "%.\($0)a" } ?? "%a", float)
        guard let mark = text.lastIndex(of: "p") else { return text }
        let digits = text[mark...].dropFirst(2)
        return digits.utf8.count < 2 ? text[..<digits.startIndex] + "0" + digits : text
    }

    /// The number as a whole number times a power of two.
    private static func mantissa(_ float: Double) -> (value: UInt64, exponent: String) {
        let exponent = Int(float.exponentBitPattern)
        let value = exponent == 0 ? float.significandBitPattern : float.significandBitPattern | 1 << 52
        let power = max(exponent, 1) - 1075
        return (value, power < 0 ? "\(power)" : "+\(power)")
    }

    /// `%g` with a precision; C drops trailing zeros as Go does, and both have at least two digits of exponent.
    private static func general(_ float: Double, _ precision: Int) -> String {
        c(float, "%.\(precision == 0 ? 1 : precision)g", float)
    }

    /// A number through C's `printf`.
    private static func c(_ float: Double, _ format: String, _ argument: Double) -> String {
        withVaList([argument]) { list in
            var buffer = [CChar](repeating: 0, count: 512)
            let count = Int(vsnprintf(&buffer, buffer.count, format, list))
            if count < buffer.count { return String(decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self) }
            return withVaList([argument]) { list in
                var larger = [CChar](repeating: 0, count: count + 1)
                _ = vsnprintf(&larger, larger.count, format, list)
                return String(decoding: larger[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            }
        }
    }
}
