/// Reads TOML 1.0 into a map: integers are int64, floats float64, dates with a zone times, others text.
struct TOMLReader {
    private static let depthMax = 200

    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var line = 1
    /// Tables that a header has named: it may not do so again.
    private var named: Set<ObjectIdentifier> = []

    /// - Throws: `GoError` that names the line.
    static func read(_ text: String) throws -> GoMap {
        var reader = TOMLReader(scalars: Array(text.unicodeScalars))
        return try reader.document()
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private func failure(_ message: String) -> GoError { GoError("toml: line \(line): \(message)") }

    private mutating func advance() {
        if peek == "\n" { line += 1 }
        index += 1
    }

    private mutating func skipBlank() {
        while peek == " " || peek == "\t" { advance() }
    }

    /// White space, line ends and comments.
    private mutating func skipSpace() {
        while let scalar = peek {
            if scalar == "#" {
                while let next = peek, next != "\n" { _ = next; advance() }
            } else if scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" {
                advance()
            } else {
                return
            }
        }
    }

    private mutating func endLine() throws {
        skipBlank()
        if peek == "#" { while let next = peek, next != "\n" { _ = next; advance() } }
        if peek == "\r" { advance() }
        guard peek == nil || peek == "\n" else { throw failure("expected a newline, but got '\(peek.map(String.init) ?? "")' instead") }
    }

    // MARK: Structure

    private mutating func document() throws -> GoMap {
        let root = GoMap()
        var table = root
        while true {
            skipSpace()
            guard let scalar = peek else { return root }
            if scalar == "[" {
                table = try header(root)
            } else {
                try keyValue(table, depth: 0)
            }
            try endLine()
        }
    }

    private mutating func header(_ root: GoMap) throws -> GoMap {
        advance()
        let isArray = peek == "["
        if isArray { advance() }
        let path = try keyPath()
        guard peek == "]" else {
            let found = peek.map { GoQuote.quote(String($0)).replacingQuotes } ?? "'\\x00'"
            throw failure("expected '.' or ']' to end table name, but got \(found) instead")
        }
        advance()
        if isArray {
            guard peek == "]" else { throw failure("expected ']]' at the end of a table name") }
            advance()
        }
        var table = root
        for key in path.dropLast() { table = try descend(table, key) }
        guard let last = path.last else { throw failure("a table needs a name") }
        guard isArray else {
            let found = try descend(table, last)
            guard named.insert(ObjectIdentifier(found)).inserted else {
                throw failure("Key '\(path.joined(separator: "."))' has already been defined.")
            }
            return found
        }
        let new = GoMap()
        switch table[last] {
        case nil: table[last] = .typedList([.map(new)], type: "[]map[string]interface {}")
        case .typedList(let items, let type)?: table[last] = .typedList(items + [.map(new)], type: type)
        default: throw failure("key '\(last)' is no list of tables")
        }
        return new
    }

    private func descend(_ table: GoMap, _ key: String) throws -> GoMap {
        switch table[key] {
        case nil:
            let new = GoMap()
            table[key] = .map(new)
            return new
        case .map(let map)?: return map
        case .typedList(let items, _)?:
            if case .map(let map)? = items.last { return map }
            throw failure("key '\(key)' is no table")
        default: throw failure("key '\(key)' has already been defined")
        }
    }

    private mutating func keyValue(_ table: GoMap, depth: Int) throws {
        let path = try keyPath()
        guard let sign = peek else { throw failure("unexpected EOF; expected key separator '='") }
        guard sign == "=" else { throw failure("expected '.' or '=', but got \(GoQuote.quote(String(sign)).replacingQuotes) instead") }
        advance()
        skipBlank()
        if peek == nil {
            throw GoError("toml: line \(line) (last key \(GoQuote.quote(path.joined(separator: ".")))): unexpected EOF; expected value")
        }
        let value = try value(depth: depth)
        var target = table
        for key in path.dropLast() { target = try descend(target, key) }
        guard let last = path.last else { return }
        guard !target.contains(last) else { throw failure("Key '\(path.joined(separator: "."))' has already been defined.") }
        target[last] = value
    }

    private mutating func keyPath() throws -> [String] {
        var path: [String] = []
        while true {
            skipBlank()
            if peek == "\"" || peek == "'" {
                path.append(try string())
            } else {
                let start = index
                while let scalar = peek, scalar.isASCII,
                    scalar.properties.isAlphabetic || scalar == "-" || scalar == "_" || scalar >= "0" && scalar <= "9"
                {
                    advance()
                }
                guard index > start else { throw failure("expected a key") }
                path.append(String(String.UnicodeScalarView(scalars[start..<index])))
            }
            guard path.count < Self.depthMax else { throw failure("a key of more than \(Self.depthMax) parts") }
            skipBlank()
            guard peek == "." else { return path }
            advance()
        }
    }

    // MARK: Values

    private mutating func value(depth: Int) throws -> GoValue {
        guard depth < Self.depthMax else { throw failure("values nest deeper than \(Self.depthMax) levels") }
        guard let scalar = peek else { throw failure("expected value but found end of file") }
        switch scalar {
        case "\"", "'": return .string(try string())
        case "[":
            advance()
            var items: [GoValue] = []
            while true {
                skipSpace()
                if peek == "]" { break }
                items.append(try value(depth: depth + 1))
                skipSpace()
                if peek == "," { advance() } else if peek != "]" { throw failure("expected a comma or array terminator ']'") }
            }
            advance()
            return .list(items)
        case "{":
            advance()
            let table = GoMap()
            skipBlank()
            while peek != "}" {
                try keyValue(table, depth: depth + 1)
                skipBlank()
                guard peek == "," else { break }
                advance()
                skipBlank()
            }
            guard peek == "}" else { throw failure("expected a comma or an inline table terminator '}'") }
            advance()
            return .map(table)
        default: return try bare()
        }
    }

    private mutating func bare() throws -> GoValue {
        let start = index
        while let scalar = peek, !",]}#\n\r".unicodeScalars.contains(scalar) { advance() }
        var text = String(String.UnicodeScalarView(scalars[start..<index]))
        while text.hasSuffix(" ") || text.hasSuffix("\t") { text.removeLast() }
        switch text {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "inf", "+inf": return .float(.infinity)
        case "-inf": return .float(-.infinity)
        case "nan", "+nan", "-nan": return .float(.nan)
        default: break
        }
        let digits = text.replacingUnderscores
        if let integer = GoNumberText.int(digits, base: text.hasPrefix("0x") || text.hasPrefix("0o") || text.hasPrefix("0b") ? 0 : 10) {
            return .integer(integer, .int64)
        }
        for layout in [
            "2006-01-02T15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02T15:04:05.999999999",
            "2006-01-02 15:04:05.999999999", "2006-01-02",
        ] {
            if let time = try? TimeLayout.parse(text, layout: layout, zone: .local) { return .object(time) }
        }
        if let float = GoNumberText.float(digits) { return .float(float) }
        throw failure("expected value but found \(GoQuote.quote(text)) instead")
    }

    private mutating func string() throws -> String {
        guard let quote = peek else { return "" }
        let isMultiline = index + 2 < scalars.count && scalars[index + 1] == quote && scalars[index + 2] == quote
        for _ in 0..<(isMultiline ? 3 : 1) { advance() }
        if isMultiline {
            if peek == "\r" { advance() }
            if peek == "\n" { advance() }
        }
        var result = String.UnicodeScalarView()
        while let scalar = peek {
            if scalar == quote {
                if !isMultiline {
                    advance()
                    return String(result)
                }
                if index + 2 < scalars.count, scalars[index + 1] == quote, scalars[index + 2] == quote {
                    for _ in 0..<3 { advance() }
                    while peek == quote {
                        result.append(quote)
                        advance()
                    }
                    return String(result)
                }
            }
            if scalar == "\n", !isMultiline { break }
            advance()
            if scalar == "\\", quote == "\"" { try escape(&result) } else { result.append(scalar) }
        }
        throw failure("strings cannot contain newlines or end before their quote")
    }

    private mutating func escape(_ result: inout String.UnicodeScalarView) throws {
        guard let scalar = peek else { throw failure("an escape without its character") }
        advance()
        switch scalar {
        case "b": result.append("\u{08}")
        case "t": result.append("\t")
        case "n": result.append("\n")
        case "f": result.append("\u{0C}")
        case "r": result.append("\r")
        case "e": result.append("\u{1B}")
        case "\"", "\\": result.append(scalar)
        case "u", "U":
            let count = scalar == "u" ? 4 : 8
            guard index + count <= scalars.count else { throw failure("an escape without its digits") }
            let digits = String(String.UnicodeScalarView(scalars[index..<(index + count)]))
            guard let value = UInt32(digits, radix: 16), let escaped = Unicode.Scalar(value) else {
                throw failure("'\(digits)' is no character")
            }
            index += count
            result.append(escaped)
        case " ", "\t", "\n", "\r":
            while let next = peek, next == " " || next == "\t" || next == "\n" || next == "\r" { advance() }
        default: throw failure("invalid escape character '\(scalar)'")
        }
    }
}

extension String {
    fileprivate var replacingUnderscores: String { String(decoding: utf8.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self) }
    fileprivate var replacingQuotes: String { "'" + dropFirst().dropLast() + "'" }
}
