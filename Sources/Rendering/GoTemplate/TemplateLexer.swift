/// Splits a template into tokens (text/template/parse/lex.go).
struct TemplateLexer {
    private let input: [UInt8]
    private var position = 0
    private var start = 0
    private var line = 1
    private var startLine = 1
    private var parenthesisDepth = 0
    private var tokens: [TemplateToken] = []
    /// What the error token at the end says.
    private var message = ""

    private static let trimMarkerLength = 2

    /// All tokens, the last one `eof` or an error, and what the error says.
    static func tokens(_ input: [UInt8]) -> (tokens: [TemplateToken], message: String) {
        var lexer = TemplateLexer(input: input)
        lexer.tokens.reserveCapacity(input.count / 8)
        lexer.run()
        return (lexer.tokens, lexer.message)
    }

    private init(input: [UInt8]) { self.input = input }

    private mutating func run() {
        while true {
            guard text() else { return }
            guard action() else { return }
        }
    }

    // MARK: Text

    /// Up to the next action; false at the end.
    private mutating func text() -> Bool {
        while true {
            guard let delimiter = find("{", "{", from: position) else {
                if position < input.count {
                    position = input.count
                    emit(.text)
                }
                start = position
                emit(.eof)
                return false
            }
            position = delimiter
            let trims = hasLeftTrimMarker(delimiter + 2)
            var end = delimiter
            if trims { while end > start, Self.isSpace(input[end - 1]) { end -= 1 } }
            if end > start {
                position = end
                emit(.text)
            }
            position = delimiter
            ignore()
            let content = delimiter + 2 + (trims ? Self.trimMarkerLength : 0)
            if hasPrefix("/", "*", at: content) {
                position = content
                ignore()
                guard comment() else { return false }
                continue
            }
            position = delimiter + 2
            emit(.leftDelimiter)
            position = content
            ignore()
            parenthesisDepth = 0
            return true
        }
    }

    private mutating func comment() -> Bool {
        guard let close = find("*", "/", from: position + 2) else { return fail("unclosed comment") }
        position = close + 2
        let (isDelimiter, trims) = atRightDelimiter()
        guard isDelimiter else { return fail("comment ends before closing delimiter") }
        if trims { position += Self.trimMarkerLength }
        position += 2
        if trims { skipSpace() }
        ignore()
        return true
    }

    // MARK: Actions

    /// Up to the closing delimiter; false after an error.
    private mutating func action() -> Bool {
        while true {
            if atRightDelimiter().isDelimiter {
                guard parenthesisDepth == 0 else { return fail("unclosed left paren") }
                rightDelimiter()
                return true
            }
            guard position < input.count else { return fail("unclosed action") }
            let byte = input[position]
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
                if space() {
                    rightDelimiter()
                    return true
                }
            case UInt8(ascii: "="):
                advance()
                emit(.assign)
            case UInt8(ascii: ":"):
                advance()
                guard position < input.count, input[position] == UInt8(ascii: "=") else { return fail("expected :=") }
                advance()
                emit(.declare)
            case UInt8(ascii: "|"):
                advance()
                emit(.pipe)
            case UInt8(ascii: "\""):
                guard quote() else { return false }
            case UInt8(ascii: "`"):
                guard rawQuote() else { return false }
            case UInt8(ascii: "$"):
                advance()
                guard fieldOrVariable(.variable) else { return false }
            case UInt8(ascii: "'"):
                guard characterConstant() else { return false }
            case UInt8(ascii: "."):
                if position + 1 < input.count, input[position + 1] < 0x30 || input[position + 1] > 0x39 {
                    advance()
                    guard fieldOrVariable(.field) else { return false }
                } else {
                    guard number() else { return false }
                }
            case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard number() else { return false }
            case UInt8(ascii: "("):
                advance()
                parenthesisDepth += 1
                emit(.leftParenthesis)
            case UInt8(ascii: ")"):
                advance()
                parenthesisDepth -= 1
                guard parenthesisDepth >= 0 else { return fail("unexpected right paren") }
                emit(.rightParenthesis)
            default:
                guard identifierOrOther() else { return false }
            }
        }
    }

    private mutating func identifierOrOther() -> Bool {
        let (scalar, length) = decode(position)
        if Self.isAlphanumeric(scalar) { return identifier() }
        if scalar >= 0x20, scalar < 0x7F {
            position += length
            emit(.character)
            return true
        }
        position += length
        return fail("unrecognized character in action: \(Self.unicodeName(scalar))")
    }

    /// Runs of space; true when a trimming right delimiter follows at once.
    private mutating func space() -> Bool {
        var count = 0
        while position < input.count, Self.isSpace(input[position]) {
            advance()
            count += 1
        }
        let last = position - 1
        if hasRightTrimMarker(last), hasPrefix("}", "}", at: last + Self.trimMarkerLength) {
            if input[last] == 0x0A { line -= 1 }
            position = last
            if count == 1 { return true }
        }
        emit(.space)
        return false
    }

    private mutating func rightDelimiter() {
        let trims = atRightDelimiter().trims
        if trims {
            position += Self.trimMarkerLength
            ignore()
        }
        position += 2
        emit(.rightDelimiter)
        if trims {
            skipSpace()
            ignore()
        }
    }

    private mutating func identifier() -> Bool {
        takeAlphanumerics()
        guard atTerminator() else { return badCharacter() }
        emit(TemplateToken.kind(of: input[start..<position]))
        return true
    }

    /// `.name` or `$name`; the sign is taken already.
    private mutating func fieldOrVariable(_ kind: TemplateToken.Kind) -> Bool {
        if atTerminator() {
            emit(kind == .variable ? .variable : .dot)
            return true
        }
        takeAlphanumerics()
        guard atTerminator() else { return badCharacter() }
        emit(kind)
        return true
    }

    private mutating func characterConstant() -> Bool {
        advance()
        while position < input.count, input[position] != 0x0A {
            let byte = input[position]
            advance()
            if byte == UInt8(ascii: "'") {
                emit(.characterConstant)
                return true
            }
            if byte == UInt8(ascii: "\\") {
                guard position < input.count, input[position] != 0x0A else { break }
                advance()
            }
        }
        return fail("unterminated character constant")
    }

    private mutating func quote() -> Bool {
        advance()
        while position < input.count, input[position] != 0x0A {
            let byte = input[position]
            advance()
            if byte == UInt8(ascii: "\"") {
                emit(.string)
                return true
            }
            if byte == UInt8(ascii: "\\") {
                guard position < input.count, input[position] != 0x0A else { break }
                advance()
            }
        }
        return fail("unterminated quoted string")
    }

    private mutating func rawQuote() -> Bool {
        advance()
        guard let end = input[position...].firstIndex(of: UInt8(ascii: "`")) else { return fail("unterminated raw quoted string") }
        for index in position..<end where input[index] == 0x0A { line += 1 }
        position = end + 1
        emit(.rawString)
        return true
    }

    private mutating func number() -> Bool {
        guard scanNumber() else { return badNumber() }
        if position < input.count, input[position] == UInt8(ascii: "+") || input[position] == UInt8(ascii: "-") {
            guard scanNumber(), input[position - 1] == UInt8(ascii: "i") else { return badNumber() }
            emit(.complex)
        } else {
            emit(.number)
        }
        return true
    }

    private mutating func scanNumber() -> Bool {
        _ = accept("+-")
        var digits = "0123456789_"
        if accept("0") {
            if accept("xX") {
                digits = "0123456789abcdefABCDEF_"
            } else if accept("oO") {
                digits = "01234567_"
            } else if accept("bB") {
                digits = "01_"
            }
        }
        while accept(digits) {}
        if accept(".") { while accept(digits) {} }
        if digits.utf8.count == 11, accept("eE") {
            _ = accept("+-")
            while accept("0123456789_") {}
        }
        if digits.utf8.count == 23, accept("pP") {
            _ = accept("+-")
            while accept("0123456789_") {}
        }
        _ = accept("i")
        guard position < input.count else { return true }
        let (scalar, length) = decode(position)
        if Self.isAlphanumeric(scalar) {
            position += length
            return false
        }
        return true
    }

    private mutating func accept(_ valid: String) -> Bool {
        guard position < input.count, valid.utf8.contains(input[position]) else { return false }
        position += 1
        return true
    }

    // MARK: Errors

    private mutating func badNumber() -> Bool {
        fail("bad number syntax: \(GoQuote.quote(Array(input[start..<position])))")
    }

    private mutating func badCharacter() -> Bool {
        let scalar = position < input.count ? decode(position).scalar : 0xFFFF_FFFF
        return fail("bad character \(Self.unicodeName(scalar))")
    }

    private mutating func fail(_ message: String) -> Bool {
        tokens.append(TemplateToken(kind: .error, start: start, end: start, line: startLine))
        self.message = message
        return false
    }

    /// `U+0041 'A'`, as `%#U` prints.
    private static func unicodeName(_ scalar: UInt32) -> String {
        guard scalar != 0xFFFF_FFFF else { return "U+FFFFFFFFFFFFFFFF" }
        let digits = String(scalar, radix: 16, uppercase: true)
        let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
        guard GoQuote.isPrintable(scalar), let character = Unicode.Scalar(scalar) else { return code }
        return "\(code) '\(character)'"
    }

    // MARK: Helpers

    private mutating func emit(_ kind: TemplateToken.Kind) {
        if kind == .text { countLines() }
        tokens.append(TemplateToken(kind: kind, start: start, end: position, line: startLine))
        start = position
        startLine = line
    }

    /// Passes what lies before this place without a token.
    private mutating func ignore() {
        countLines()
        start = position
        startLine = line
    }

    private mutating func countLines() {
        for index in start..<max(start, position) where input[index] == 0x0A { line += 1 }
    }

    private mutating func advance() {
        if input[position] == 0x0A { line += 1 }
        position += 1
    }

    private mutating func skipSpace() {
        while position < input.count, Self.isSpace(input[position]) { position += 1 }
    }

    private mutating func takeAlphanumerics() {
        while position < input.count {
            let byte = input[position]
            if byte < 0x80 {
                guard Self.isAlphanumeric(UInt32(byte)) else { return }
                position += 1
            } else {
                let (scalar, length) = decode(position)
                guard Self.isAlphanumeric(scalar) else { return }
                position += length
            }
        }
    }

    private func atTerminator() -> Bool {
        guard position < input.count else { return true }
        switch input[position] {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"), UInt8(ascii: "."), UInt8(ascii: ","),
            UInt8(ascii: "|"), UInt8(ascii: ":"), UInt8(ascii: ")"), UInt8(ascii: "("):
            return true
        default: return hasPrefix("}", "}", at: position)
        }
    }

    private func atRightDelimiter() -> (isDelimiter: Bool, trims: Bool) {
        if hasRightTrimMarker(position), hasPrefix("}", "}", at: position + Self.trimMarkerLength) { return (true, true) }
        return (hasPrefix("}", "}", at: position), false)
    }

    private func hasLeftTrimMarker(_ index: Int) -> Bool {
        index + 1 < input.count && input[index] == UInt8(ascii: "-") && Self.isSpace(input[index + 1])
    }

    private func hasRightTrimMarker(_ index: Int) -> Bool {
        index + 1 < input.count && Self.isSpace(input[index]) && input[index + 1] == UInt8(ascii: "-")
    }

    private func hasPrefix(_ first: Unicode.Scalar, _ second: Unicode.Scalar, at index: Int) -> Bool {
        index + 1 < input.count && input[index] == UInt8(ascii: first) && input[index + 1] == UInt8(ascii: second)
    }

    private func find(_ first: Unicode.Scalar, _ second: Unicode.Scalar, from index: Int) -> Int? {
        var index = index
        let (first, second) = (UInt8(ascii: first), UInt8(ascii: second))
        return input.withUnsafeBufferPointer { buffer in
            while index + 1 < buffer.count {
                if buffer[index] == first, buffer[index + 1] == second { return index }
                index += 1
            }
            return nil
        }
    }

    private func decode(_ index: Int) -> (scalar: UInt32, length: Int) {
        input.withUnsafeBufferPointer { buffer in
            let (scalar, length) = RegexMachine.decode(buffer, at: index)
            return (scalar ?? 0xFFFD, length)
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }

    private static func isAlphanumeric(_ scalar: UInt32) -> Bool {
        if scalar < 0x80 {
            return scalar == 0x5F || scalar >= 0x30 && scalar <= 0x39 || (scalar | 0x20) >= 0x61 && (scalar | 0x20) <= 0x7A
        }
        guard let unicode = Unicode.Scalar(scalar) else { return false }
        switch unicode.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: return true
        default: return false
        }
    }
}
