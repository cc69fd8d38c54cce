/// The named sets: `\d`, `[[:alpha:]]`, `\p{L}`.
enum RegexGroups {
    typealias Range = RegexSet.Range

    static let digit: [Range] = [(0x30, 0x39)]
    static let space: [Range] = [(0x09, 0x0A), (0x0C, 0x0D), (0x20, 0x20)]
    static let word: [Range] = [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)]

    /// The set of `\d`, `\s`, `\w` and their negations.
    static func perl(_ letter: UInt32) -> (ranges: [Range], isNegated: Bool)? {
        switch letter {
        case 0x64: (digit, false)
        case 0x44: (digit, true)
        case 0x73: (space, false)
        case 0x53: (space, true)
        case 0x77: (word, false)
        case 0x57: (word, true)
        default: nil
        }
    }

    /// The set of a POSIX name such as `alpha`.
    static func posix(_ name: String) -> [Range]? {
        switch name {
        case "alnum": [(0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)]
        case "alpha": [(0x41, 0x5A), (0x61, 0x7A)]
        case "ascii": [(0, 0x7F)]
        case "blank": [(0x09, 0x09), (0x20, 0x20)]
        case "cntrl": [(0, 0x1F), (0x7F, 0x7F)]
        case "digit": digit
        case "graph": [(0x21, 0x7E)]
        case "lower": [(0x61, 0x7A)]
        case "print": [(0x20, 0x7E)]
        case "punct": [(0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)]
        case "space": [(0x09, 0x0D), (0x20, 0x20)]
        case "upper": [(0x41, 0x5A)]
        case "word": word
        case "xdigit": [(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)]
        default: nil
        }
    }

    /// The set of a general category (`L`, `Lu`) or of one of the scripts that are known here.
    static func unicode(_ name: String) -> [Range]? {
        if name == "Any" { return [(0, RegexSet.scalarMax)] }
        if let script = scripts[name] { return script }
        guard let categories = categories(name) else { return nil }
        var ranges: [Range] = []
        // Planes 3 to 13 hold ideographs and nothing else; all is walked, once for a pattern.
        for value in UInt32(0)...0x323AF { add(value, categories, &ranges) }
        for value in UInt32(0xE0000)...0xE01FF { add(value, categories, &ranges) }
        if categories.contains(.privateUse) { ranges += [(0xF0000, 0xFFFFD), (0x100000, 0x10FFFD)] }
        return RegexSet.normalized(ranges)
    }

    private static func add(_ value: UInt32, _ categories: [Unicode.GeneralCategory], _ ranges: inout [Range]) {
        guard let scalar = Unicode.Scalar(value), categories.contains(scalar.properties.generalCategory) else { return }
        if let last = ranges.last, last.high + 1 == value { ranges[ranges.count - 1].high = value } else { ranges.append((value, value)) }
    }

    private static func categories(_ name: String) -> [Unicode.GeneralCategory]? {
        switch name {
        case "L": [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter]
        case "Lu": [.uppercaseLetter]
        case "Ll": [.lowercaseLetter]
        case "Lt": [.titlecaseLetter]
        case "Lm": [.modifierLetter]
        case "Lo": [.otherLetter]
        case "LC": [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter]
        case "M": [.nonspacingMark, .spacingMark, .enclosingMark]
        case "Mn": [.nonspacingMark]
        case "Mc": [.spacingMark]
        case "Me": [.enclosingMark]
        case "N": [.decimalNumber, .letterNumber, .otherNumber]
        case "Nd": [.decimalNumber]
        case "Nl": [.letterNumber]
        case "No": [.otherNumber]
        case "P":
            [
                .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
                .finalPunctuation, .otherPunctuation,
            ]
        case "Pc": [.connectorPunctuation]
        case "Pd": [.dashPunctuation]
        case "Ps": [.openPunctuation]
        case "Pe": [.closePunctuation]
        case "Pi": [.initialPunctuation]
        case "Pf": [.finalPunctuation]
        case "Po": [.otherPunctuation]
        case "S": [.mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol]
        case "Sm": [.mathSymbol]
        case "Sc": [.currencySymbol]
        case "Sk": [.modifierSymbol]
        case "So": [.otherSymbol]
        case "Z": [.spaceSeparator, .lineSeparator, .paragraphSeparator]
        case "Zs": [.spaceSeparator]
        case "Zl": [.lineSeparator]
        case "Zp": [.paragraphSeparator]
        case "C": [.control, .format, .surrogate, .privateUse]
        case "Cc": [.control]
        case "Cf": [.format]
        case "Co": [.privateUse]
        case "Cs": [.surrogate]
        default: nil
        }
    }

    /// The blocks in which the scripts of most texts lie; the standard library does not tell scripts.
    private static let scripts: [String: [Range]] = [
        "Latin": [
            (0x41, 0x5A), (0x61, 0x7A), (0xAA, 0xAA), (0xBA, 0xBA), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2B8), (0x2E0, 0x2E4),
            (0x1D00, 0x1D25), (0x1D2C, 0x1D5C), (0x1D62, 0x1D65), (0x1D6B, 0x1D77), (0x1D79, 0x1DBE), (0x1E00, 0x1EFF),
            (0x2071, 0x2071), (0x207F, 0x207F), (0x2090, 0x209C), (0x212A, 0x212B), (0x2132, 0x2132), (0x214E, 0x214E),
            (0x2160, 0x2188), (0x2C60, 0x2C7F), (0xA722, 0xA787), (0xA78B, 0xA7CA), (0xFB00, 0xFB06), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A),
        ],
        "Greek": [
            (0x370, 0x373), (0x375, 0x377), (0x37A, 0x37D), (0x37F, 0x37F), (0x384, 0x384), (0x386, 0x386), (0x388, 0x38A),
            (0x38C, 0x38C), (0x38E, 0x3A1), (0x3A3, 0x3E1), (0x3F0, 0x3FF), (0x1F00, 0x1F15), (0x1F18, 0x1F1D), (0x1F20, 0x1F45),
            (0x1F48, 0x1F4D), (0x1F50, 0x1F57), (0x1F59, 0x1F59), (0x1F5B, 0x1F5B), (0x1F5D, 0x1F5D), (0x1F5F, 0x1F7D),
            (0x1F80, 0x1FB4), (0x1FB6, 0x1FC4), (0x1FC6, 0x1FD3), (0x1FD6, 0x1FDB), (0x1FDD, 0x1FEF), (0x1FF2, 0x1FF4),
            (0x1FF6, 0x1FFE), (0x2126, 0x2126),
        ],
        "Cyrillic": [
            (0x400, 0x484), (0x487, 0x52F), (0x1C80, 0x1C88), (0x1D2B, 0x1D2B), (0x1D78, 0x1D78), (0x2DE0, 0x2DFF), (0xA640, 0xA69F),
        ],
        "Hebrew": [
            (0x591, 0x5C7), (0x5D0, 0x5EA), (0x5EF, 0x5F4), (0xFB1D, 0xFB36), (0xFB38, 0xFB3C), (0xFB3E, 0xFB3E), (0xFB40, 0xFB41),
            (0xFB43, 0xFB44), (0xFB46, 0xFB4F),
        ],
        "Han": [
            (0x2E80, 0x2E99), (0x2E9B, 0x2EF3), (0x2F00, 0x2FD5), (0x3005, 0x3005), (0x3007, 0x3007), (0x3021, 0x3029), (0x3038, 0x303B),
            (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFA6D), (0xFA70, 0xFAD9), (0x20000, 0x2A6DF), (0x2A700, 0x2EBE0),
            (0x30000, 0x323AF),
        ],
        "Hiragana": [(0x3041, 0x3096), (0x309D, 0x309F)],
        "Katakana": [(0x30A1, 0x30FA), (0x30FD, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF6F), (0xFF71, 0xFF9D)],
        "Hangul": [(0x1100, 0x11FF), (0x302E, 0x302F), (0x3131, 0x318E), (0xAC00, 0xD7A3)],
    ]
}
