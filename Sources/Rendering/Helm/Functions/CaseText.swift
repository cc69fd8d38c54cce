/// Changes of case, character by character, as Go's `unicode` has them: one character always gives one.
enum CaseText {
    static func upper(_ text: String) -> String {
        if isASCII(text) { return ascii(text) { $0 >= 0x61 && $0 <= 0x7A ? $0 - 32 : $0 } }
        return map(text, upper)
    }

    static func lower(_ text: String) -> String {
        if isASCII(text) { return ascii(text) { $0 >= 0x41 && $0 <= 0x5A ? $0 + 32 : $0 } }
        return map(text, lower)
    }

    /// `strings.Title`: the first character of each word.
    static func title(_ text: String) -> String {
        var previous: Unicode.Scalar = " "
        return map(text) { scalar in
            let isFirst = isSeparator(previous)
            previous = scalar
            return isFirst ? titled(scalar) : scalar
        }
    }

    static func untitle(_ text: String) -> String {
        var isFirst = true
        return map(text) { scalar in
            if scalar.properties.isWhitespace {
                isFirst = true
            } else if isFirst {
                isFirst = false
                return lower(scalar)
            }
            return scalar
        }
    }

    static func swap(_ text: String) -> String {
        var afterSpace = true
        return map(text) { scalar in
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .titlecaseLetter:
                afterSpace = false
                return lower(scalar)
            case .lowercaseLetter:
                defer { afterSpace = false }
                return afterSpace ? titled(scalar) : upper(scalar)
            default:
                afterSpace = scalar.properties.isWhitespace
                return scalar
            }
        }
    }

    /// The first byte of each word; a byte beyond ASCII is taken as a character of its own, as in the original.
    static func initials(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var afterGap = true
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            if scalar.properties.isWhitespace {
                afterGap = true
            } else if afterGap {
                result.append(scalar)
                afterGap = false
            }
        }
        return String(result)
    }

    static func upper(_ scalar: Unicode.Scalar) -> Unicode.Scalar { single(scalar.properties.uppercaseMapping, scalar) }
    static func lower(_ scalar: Unicode.Scalar) -> Unicode.Scalar { single(scalar.properties.lowercaseMapping, scalar) }
    private static func titled(_ scalar: Unicode.Scalar) -> Unicode.Scalar { single(scalar.properties.titlecaseMapping, scalar) }

    private static func single(_ mapping: String, _ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let scalars = mapping.unicodeScalars
        guard let first = scalars.first else { return scalar }
        // The one letter that Go maps to its first part alone.
        if scalar == "\u{130}" { return "i" }
        return scalars.count == 1 ? first : scalar
    }

    private static func map(_ text: String, _ change: (Unicode.Scalar) -> Unicode.Scalar) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(change(scalar)) }
        return String(result)
    }

    private static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }

    private static func ascii(_ text: String, _ change: (UInt8) -> UInt8) -> String {
        String(decoding: text.utf8.map(change), as: UTF8.self)
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return
                !(scalar == "_" || scalar.value >= 0x30 && scalar.value <= 0x39
                || (scalar.value | 0x20) >= 0x61 && (scalar.value | 0x20) <= 0x7A)
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: return false
        default: return scalar.properties.isWhitespace
        }
    }
}
