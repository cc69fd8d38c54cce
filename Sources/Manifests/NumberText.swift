/// Floating-point numbers as Go prints them: the forms that kustomize, Helm and the API server put into text.
package enum NumberText {
    /// As `encoding/json` writes a float64: plain digits between 1e-6 and 1e21, else with an exponent.
    package static func json(_ double: Double) -> String {
        guard double != 0 else { return double.sign == .minus ? "-0" : "0" }
        let magnitude = abs(double)
        if magnitude < 1e-6 || magnitude >= 1e21 {
            // Go trims e-09 to e-9 here, and here alone.
            let text = scientific(double)
            if text.hasSuffix("e-0\(text.last!)") { return "\(text.dropLast(2))\(text.last!)" }
            return text
        }
        return plain(double)
    }

    /// As `strconv.FormatFloat(x, 'g', -1, 64)` writes, which is Go's YAML form: an exponent below 1e-4 and from 1e6 on.
    package static func general(_ double: Double) -> String { general(double, exponentFrom: 6) }

    /// As `fmt`'s `%v` writes: an exponent below 1e-4 and from 1e21 on.
    package static func verb(_ double: Double) -> String { general(double, exponentFrom: 21) }

    private static func general(_ double: Double, exponentFrom limit: Int) -> String {
        if double.isNaN { return "NaN" }
        if double.isInfinite { return double < 0 ? "-Inf" : "+Inf" }
        guard double != 0 else { return double.sign == .minus ? "-0" : "0" }
        let exponent = shortest(double).point - 1
        return exponent < -4 || exponent >= limit ? scientific(double) : plain(double)
    }

    /// The shortest digits that read back as this number, and where the decimal point stands among them.
    package static func shortest(_ double: Double) -> (isNegative: Bool, digits: [UInt8], point: Int) {
        var digits: [UInt8] = []
        var point: Int?
        var exponent = 0
        var isNegative = false
        var text = Substring(double.description)
        if text.first == "-" {
            isNegative = true
            text = text.dropFirst()
        }
        if let mark = text.firstIndex(where: { $0 == "e" || $0 == "E" }) {
            exponent = Int(text[text.index(after: mark)...].drop { $0 == "+" }) ?? 0
            text = text[..<mark]
        }
        for byte in text.utf8 {
            if byte == UInt8(ascii: ".") { point = digits.count } else { digits.append(byte) }
        }
        var place = (point ?? digits.count) + exponent
        while digits.count > 1, digits.first == UInt8(ascii: "0") {
            digits.removeFirst()
            place -= 1
        }
        while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (isNegative, digits, place)
    }

    private static func plain(_ double: Double) -> String {
        let (isNegative, digits, point) = shortest(double)
        var text = isNegative ? "-" : ""
        let all = String(decoding: digits, as: UTF8.self)
        if point <= 0 {
            text += "0." + String(repeating: "0", count: -point) + all
        } else if point >= digits.count {
            text += all + String(repeating: "0", count: point - digits.count)
        } else {
            text += all.prefix(point) + "." + all.dropFirst(point)
        }
        return text
    }

    private static func scientific(_ double: Double) -> String {
        let (isNegative, digits, point) = shortest(double)
        let all = String(decoding: digits, as: UTF8.self)
        let exponent = point - 1
        var text = isNegative ? "-" : ""
        text += all.prefix(1)
        if digits.count > 1 { text += "." + all.dropFirst() }
        text += exponent < 0 ? "e-" : "e+"
        if abs(exponent) < 10 { text += "0" }
        return text + String(abs(exponent))
    }
}
