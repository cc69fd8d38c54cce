/// Numbers as go-yaml resolves them (resolve.go): integers by `strconv.ParseInt` with base 0 after underscores are taken
/// out, then floats of YAML's form, then `0b` and `0o`, and the special floats.
enum YAMLNumber {
    static func value(of text: UnsafeBufferPointer<UInt8>, schema: YAMLSchema) -> Value? {
        if let plain = decimal(text) { return plain }
        if let special = special(text) { return special }
        // A text that begins with the point goes to `ParseFloat` as it stands, which takes `_` between digits alone.
        if text[0] == UInt8(ascii: "."), !underscoresStandBetweenDigits(text) { return nil }
        let bytes = text.contains(UInt8(ascii: "_")) ? text.filter { $0 != UInt8(ascii: "_") } : Array(text)
        guard !bytes.isEmpty else { return nil }
        if let int = integer(bytes, schema) { return int }
        guard isFloat(bytes) else { return nil }
        guard let double = Double(String(decoding: bytes, as: UTF8.self)), double.isFinite else { return nil }
        return .double(double)
    }

    private static func underscoresStandBetweenDigits(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        for index in text.indices where text[index] == UInt8(ascii: "_") {
            guard index > 0, index + 1 < text.count, text[index - 1] &- UInt8(ascii: "0") < 10,
                text[index + 1] &- UInt8(ascii: "0") < 10
            else { return false }
        }
        return true
    }

    /// The common case, without allocating: up to 18 decimal digits without a leading zero.
    private static func decimal(_ text: UnsafeBufferPointer<UInt8>) -> Value? {
        var index = 0
        let isNegative = text[0] == UInt8(ascii: "-")
        if isNegative { index = 1 }
        let digits = text.count - index
        guard digits >= 1, digits <= 18 else { return nil }
        if text[index] == UInt8(ascii: "0"), digits > 1 { return nil }
        var number: Int64 = 0
        while index < text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            number = number * 10 + Int64(digit)
            index += 1
        }
        return .int(isNegative ? -number : number)
    }

    private static func special(_ text: UnsafeBufferPointer<UInt8>) -> Value? {
        guard text.count <= 5 else { return nil }
        switch String(decoding: text, as: UTF8.self) {
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .double(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .double(-.infinity)
        case ".nan", ".NaN", ".NAN": return .double(.nan)
        default: return nil
        }
    }

    /// Go's `ParseInt(text, 0, 64)`, then `ParseUint`, whose result only kustomize keeps; an integer beyond those is a float.
    private static func integer(_ bytes: [UInt8], _ schema: YAMLSchema) -> Value? {
        var rest = bytes[...]
        var isNegative = false
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
            isNegative = rest.first == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        var radix = 10
        if rest.first == UInt8(ascii: "0"), rest.count > 1 {
            switch rest[rest.startIndex + 1] | 0x20 {
            case UInt8(ascii: "x"): radix = 16
            case UInt8(ascii: "b"): radix = 2
            case UInt8(ascii: "o"): radix = 8
            default: radix = 8
            }
            rest = rest.dropFirst(rest[rest.startIndex + 1] >= UInt8(ascii: "A") ? 2 : 1)
        }
        if radix == 2, !bytes.isEmpty, bytes[0] == UInt8(ascii: "0"), rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
            // `0b-1`: go-yaml cuts the `0b` off and parses the rest with its sign.
            isNegative = rest.first == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        // Swift would take a sign here.
        guard let first = rest.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return nil }
        let digits = String(decoding: rest, as: UTF8.self)
        guard let magnitude = UInt64(digits, radix: radix) else {
            guard radix == 10, digits.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
            return Double(String(decoding: bytes, as: UTF8.self)).map(Value.double)
        }
        if isNegative {
            guard magnitude <= UInt64(Int64.max) + 1 else { return .double(-Double(magnitude)) }
            return .int(Int64(truncatingIfNeeded: 0 &- magnitude))
        }
        if magnitude <= UInt64(Int64.max) { return .int(Int64(magnitude)) }
        return schema == .kustomize ? .unsigned(magnitude) : .double(Double(magnitude))
    }

    /// `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`
    private static func isFloat(_ bytes: [UInt8]) -> Bool {
        var index = 0
        func isDigit(_ index: Int) -> Bool { index < bytes.count && bytes[index] &- UInt8(ascii: "0") < 10 }
        if bytes[0] == UInt8(ascii: "-") || bytes[0] == UInt8(ascii: "+") { index = 1 }
        var digits = 0
        while isDigit(index) {
            index += 1
            digits += 1
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            index += 1
            while isDigit(index) {
                index += 1
                digits += 1
            }
        }
        guard digits > 0 else { return false }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") { index += 1 }
            guard isDigit(index) else { return false }
            while isDigit(index) { index += 1 }
        }
        return index == bytes.count
    }
}
