/// `snakecase`, `kebabcase` and `camelcase` (huandu/xstrings, convert.go).
enum WordCase {
    private enum Kind { case invalid, number, upper, alphabet, connector, punctuation, other }

    private struct Word {
        var kind: Kind
        var scalars: ArraySlice<Unicode.Scalar>
    }

    static func separated(_ text: String, by connector: Unicode.Scalar) -> String {
        var output = String.UnicodeScalarView()
        var rest = Array(text.unicodeScalars)[...]
        guard !rest.isEmpty else { return "" }
        var word = next(&rest)
        while !rest.isEmpty {
            if word.kind != .connector { append(word, connector, &output) }
            let previous = word
            word = next(&rest)
            switch previous.kind {
            case .number:
                while word.kind == .alphabet || word.kind == .number {
                    append(word, connector, &output)
                    word = next(&rest)
                }
                if word.kind != .invalid, word.kind != .punctuation, word.kind != .connector { output.append(connector) }
            case .connector: append(previous, connector, &output)
            case .punctuation: break
            case .invalid, .upper, .alphabet, .other:
                guard word.kind == .number else {
                    if word.kind != .connector, word.kind != .punctuation { output.append(connector) }
                    break
                }
                if !rest.isEmpty { afterNumber(&word, &rest, connector, &output) }
            }
        }
        append(word, connector, &output)
        return String(output)
    }

    /// A number belongs to the word before it, unless small letters follow it.
    private static func afterNumber(
        _ word: inout Word, _ rest: inout ArraySlice<Unicode.Scalar>, _ connector: Unicode.Scalar, _ output: inout String.UnicodeScalarView
    ) {
        let number = word
        word = next(&rest)
        if word.kind != .alphabet {
            append(number, connector, &output)
            if word.kind != .connector, word.kind != .punctuation { output.append(connector) }
            return
        }
        output.append(connector)
        append(number, connector, &output)
        while word.kind == .alphabet || word.kind == .number {
            append(word, connector, &output)
            word = next(&rest)
        }
        if word.kind != .invalid, word.kind != .connector, word.kind != .punctuation { output.append(connector) }
    }

    private static func append(_ word: Word, _ connector: Unicode.Scalar, _ output: inout String.UnicodeScalarView) {
        switch word.kind {
        case .upper, .alphabet: for scalar in word.scalars { output.append(CaseText.lower(scalar)) }
        case .connector: for _ in word.scalars { output.append(connector) }
        case .number, .punctuation, .other, .invalid: output.append(contentsOf: word.scalars)
        }
    }

    private static func next(_ rest: inout ArraySlice<Unicode.Scalar>) -> Word {
        guard let first = rest.first else { return Word(kind: .invalid, scalars: []) }
        if isConnector(first) { return take(.connector, &rest, isConnector) }
        if isPunctuation(first) { return take(.punctuation, &rest, isPunctuation) }
        if isUpper(first) { return takeUpper(&rest) }
        if isAlphabet(first) { return take(.alphabet, &rest) { isAlphabet($0) && !isUpper($0) } }
        if isNumber(first) { return take(.number, &rest, isNumber) }
        return take(.other, &rest) { !isConnector($0) && !isAlphabet($0) && !isNumber($0) && !isPunctuation($0) }
    }

    private static func take(_ kind: Kind, _ rest: inout ArraySlice<Unicode.Scalar>, _ belongs: (Unicode.Scalar) -> Bool) -> Word {
        var end = rest.startIndex + 1
        while end < rest.endIndex, belongs(rest[end]) { end += 1 }
        let word = Word(kind: kind, scalars: rest[rest.startIndex..<end])
        rest = rest[end...]
        return word
    }

    /// `HTTPStatus` is `HTTP` and `Status`.
    private static func takeUpper(_ rest: inout ArraySlice<Unicode.Scalar>) -> Word {
        var end = rest.startIndex + 1
        if end < rest.endIndex, isUpper(rest[end]) {
            while end < rest.endIndex, isUpper(rest[end]) { end += 1 }
            if end < rest.endIndex, isAlphabet(rest[end]) { end -= 1 }
        } else {
            while end < rest.endIndex, isAlphabet(rest[end]), !isUpper(rest[end]) { end += 1 }
        }
        let word = Word(kind: .upper, scalars: rest[rest.startIndex..<end])
        rest = rest[end...]
        return word
    }

    static func pascal(_ text: String) -> String {
        var output = String.UnicodeScalarView()
        var rest = Array(text.unicodeScalars)[...]
        var current: Unicode.Scalar?
        while let scalar = rest.popFirst() {
            if !isConnector(scalar) {
                current = CaseText.upper(scalar)
                break
            }
            output.append(scalar)
            // The last of nothing but connectors is written once more, as in the original.
            if rest.isEmpty { output.append(scalar) }
        }
        guard var r0 = current else { return String(output) }
        while let scalar = rest.popFirst() {
            let r1 = r0
            r0 = scalar
            if isConnector(r0), isConnector(r1) {
                output.append(r1)
                continue
            }
            if isConnector(r1) {
                r0 = CaseText.upper(r0)
            } else {
                output.append(r1)
            }
        }
        output.append(r0)
        return String(output)
    }

    private static func isConnector(_ scalar: Unicode.Scalar) -> Bool { scalar == "-" || scalar == "_" || scalar.properties.isWhitespace }
    private static func isUpper(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .uppercaseLetter }

    private static func isAlphabet(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter: true
        // Letters without case do not tell words apart by case.
        default: false
        }
    }

    private static func isNumber(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: true
        default: false
        }
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
            .otherPunctuation:
            true
        default: false
        }
    }
}
