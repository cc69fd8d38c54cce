/// Numbers read as Go's `strconv` reads them.
package enum GoNumberText {
    /// `strconv.ParseInt(text, base, 64)`; base 0 knows prefixes, a leading zero as octal, and underscores.
    package static func int(_ text: String, base: Int = 10) -> Int64? {
        parse(Array(text.utf8), base: base, Int64.self)
    }

    /// `strconv.ParseUint(text, base, 64)`.
    package static func uint(_ text: String, base: Int = 10) -> UInt64? {
        let bytes = Array(text.utf8)
        guard bytes.first != UInt8(ascii: "-"), bytes.first != UInt8(ascii: "+") else { return nil }
        return parse(bytes, base: base, UInt64.self)
    }

    private static func parse<Number: FixedWidthInteger>(_ bytes: [UInt8], base: Int, _: Number.Type) -> Number? {
        var rest = bytes[...]
        var sign = ""
        if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            sign = first == UInt8(ascii: "-") ? "-" : ""
            rest = rest.dropFirst()
        }
        guard !rest.isEmpty else { return nil }
        var radix = base
        if base == 0 {
            radix = 10
            if rest.first == UInt8(ascii: "0"), rest.count > 1 {
                let prefix = rest[rest.startIndex + 1] | 0x20
                switch prefix {
                case UInt8(ascii: "x") where rest.count > 2: radix = 16
                case UInt8(ascii: "b") where rest.count > 2: radix = 2
                case UInt8(ascii: "o") where rest.count > 2: radix = 8
                default: radix = 8
                }
                let hasLetter = rest.count > 2 && [UInt8(ascii: "x"), UInt8(ascii: "b"), UInt8(ascii: "o")].contains(prefix)
                rest = rest.dropFirst(hasLetter ? 2 : 1)
            }
            if rest.contains(UInt8(ascii: "_")) {
                guard underscoresSeparate(bytes) else { return nil }
                rest = rest.filter { $0 != UInt8(ascii: "_") }[...]
            }
        }
        guard let first = rest.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return nil }
        return Number(sign + String(decoding: rest, as: UTF8.self), radix: radix)
    }

    /// Whether underscores stand between digits, or after a base prefix, alone.
    private static func underscoresSeparate(_ bytes: [UInt8]) -> Bool {
        var previous: UInt8 = 0x5E
        var rest = bytes[...]
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        var isHex = false
        if rest.count >= 2, rest.first == UInt8(ascii: "0") {
            let letter = rest[rest.startIndex + 1] | 0x20
            if letter == UInt8(ascii: "b") || letter == UInt8(ascii: "o") || letter == UInt8(ascii: "x") {
                isHex = letter == UInt8(ascii: "x")
                previous = UInt8(ascii: "0")
                rest = rest.dropFirst(2)
            }
        }
        for byte in rest {
            let isDigit = byte >= 0x30 && byte <= 0x39 || isHex && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66
            if isDigit {
                previous = UInt8(ascii: "0")
            } else if byte == UInt8(ascii: "_") {
                guard previous == UInt8(ascii: "0") else { return false }
                previous = byte
            } else {
                guard previous != UInt8(ascii: "_") else { return false }
                previous = 0x21
            }
        }
        return previous != UInt8(ascii: "_")
    }

    /// `strconv.ParseFloat(text, 64)`; `nil` when it is malformed or too large.
    package static func float(_ text: String) -> Double? {
        let bytes = Array(text.utf8)
        guard let first = bytes.first else { return nil }
        let isSigned = first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
        let body = String(decoding: bytes.dropFirst(isSigned ? 1 : 0), as: UTF8.self)
        switch body.lowercased() {
        case "inf", "infinity": return first == UInt8(ascii: "-") ? -.infinity : .infinity
        case "nan": return isSigned ? nil : .nan
        default: break
        }
        guard let start = body.utf8.first, start >= 0x30 && start <= 0x39 || start == UInt8(ascii: ".") else { return nil }
        var clean = body
        if body.utf8.contains(UInt8(ascii: "_")) {
            guard body.utf8.count > 2, underscoresSeparate(bytes) else { return nil }
            clean = String(decoding: body.utf8.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
        }
        let isHex = clean.utf8.count > 1 && Array(clean.utf8)[1] | 0x20 == UInt8(ascii: "x")
        if isHex, !clean.lowercased().utf8.contains(UInt8(ascii: "p")) { return nil }
        if !isHex, !isDecimal(Array(clean.utf8)) { return nil }
        if !isHex, clean.utf8.first == UInt8(ascii: ".") { clean = "0" + clean }
        guard let value = Double(clean), value.isFinite else { return nil }
        return first == UInt8(ascii: "-") ? -value : value
    }

    private static func isDecimal(_ bytes: [UInt8]) -> Bool {
        var index = 0
        var digits = 0
        func takeDigits() -> Int {
            let start = index
            while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 { index += 1 }
            return index - start
        }
        digits += takeDigits()
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            digits += takeDigits()
        }
        guard digits > 0 else { return false }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") { index += 1 }
            guard takeDigits() > 0 else { return false }
        }
        return index == bytes.count
    }
}
