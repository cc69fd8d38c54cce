/// Sprig's functions on text (strings.go). Lengths and places count bytes.
enum SprigStrings {
    static let functions: [GoFunction] = [
        .text("trim") { ByteText.trimSpace($0) },
        .text("upper") { CaseText.upper($0) },
        .text("lower") { CaseText.lower($0) },
        .text("title") { CaseText.title($0) },
        .text("untitle") { CaseText.untitle($0) },
        .text("swapcase") { CaseText.swap($0) },
        .text("initials") { CaseText.initials($0) },
        .text("snakecase") { WordCase.separated($0, by: "_") },
        .text("kebabcase") { WordCase.separated($0, by: "-") },
        .text("camelcase") { WordCase.pascal($0) },
        GoFunction("nospace", [.string]) { _, values in .text(nospace(values[0].argumentBytes)) },
        GoFunction("trunc", [.int, .string]) { _, values in .text(truncate(values[0].argumentInt, values[1])) },
        GoFunction("substr", [.int, .int, .string]) { _, values in
            .text(try substring(values[0].argumentInt, values[1].argumentInt, values[2].argumentBytes))
        },
        GoFunction("repeat", [.int, .string]) { evaluator, values in
            .text(try repeated(values[1].argumentBytes, values[0].argumentInt, evaluator.limits))
        },
        GoFunction("trimAll", [.string, .string]) { _, values in
            .string(ByteText.trim(values[1].argumentText, values[0].argumentText))
        },
        GoFunction("trimall", [.string, .string]) { _, values in
            .string(ByteText.trim(values[1].argumentText, values[0].argumentText))
        },
        GoFunction("trimSuffix", [.string, .string]) { _, values in
            guard case .string(let text) = values[1], case .string(let suffix) = values[0] else {
                let (bytes, suffix) = (values[1].argumentBytes, values[0].argumentBytes)
                return .text(ByteText.hasSuffix(bytes, suffix) ? Array(bytes.dropLast(suffix.count)) : bytes)
            }
            return .string(ByteText.removeSuffix(suffix, from: text))
        },
        GoFunction("trimPrefix", [.string, .string]) { _, values in
            let (bytes, prefix) = (values[1].argumentBytes, values[0].argumentBytes)
            return .text(bytes.starts(with: prefix) ? Array(bytes.dropFirst(prefix.count)) : bytes)
        },
        GoFunction("contains", [.string, .string]) { _, values in
            .bool(ByteText.contains(values[0].argumentText, in: values[1].argumentText))
        },
        GoFunction("hasPrefix", [.string, .string]) { _, values in
            .bool(values[1].argumentText.utf8.starts(with: values[0].argumentText.utf8))
        },
        GoFunction("hasSuffix", [.string, .string]) { _, values in
            .bool(ByteText.hasSuffix(values[1].argumentBytes, values[0].argumentBytes))
        },
        GoFunction("quote", [], variadic: .any) { _, values in
            if values.count == 1, case .string(let text) = values[0] { return .string(GoQuote.quote(text)) }
            return .string(ByteText.joined(values.lazy.filter { !$0.isPlainNil }.map { GoQuote.quote($0.sprigBytes) }, " "))
        },
        GoFunction("squote", [], variadic: .any) { _, values in
            .string(ByteText.joined(values.lazy.filter { !$0.isPlainNil }.map { "'\(GoFormatter.verb($0))'" }, " "))
        },
        GoFunction("cat", [], variadic: .any) { _, values in
            .string(ByteText.joined(values.lazy.filter { !$0.isPlainNil }.map { GoFormatter.verb($0) }, " "))
        },
        GoFunction("indent", [.int, .string]) { evaluator, values in
            .text(try indented(values[0].argumentInt, values[1], startsLine: false, evaluator.limits))
        },
        GoFunction("nindent", [.int, .string]) { evaluator, values in
            .text(try indented(values[0].argumentInt, values[1], startsLine: true, evaluator.limits))
        },
        GoFunction("replace", [.string, .string, .string]) { evaluator, values in
            .text(
                try ByteText.replace(
                    values[0].argumentBytes, with: values[1].argumentBytes, in: values[2].argumentBytes, evaluator.limits.textBytesMax))
        },
        GoFunction("plural", [.string, .string, .int]) { _, values in values[2].argumentInt == 1 ? values[0] : values[1] },
        GoFunction("toString", [.any]) { _, values in .text(values[0].sprigBytes) },
        GoFunction("toStrings", [.any]) { _, values in .strings(values[0].sprigStrings) },
        GoFunction("join", [.string, .any]) { _, values in
            .string(ByteText.joined(values[1].sprigStrings, values[0].argumentText))
        },
        GoFunction("split", [.string, .string]) { _, values in
            numbered(ByteText.split(values[1].argumentText, by: values[0].argumentText))
        },
        GoFunction("splitn", [.string, .int, .string]) { _, values in
            numbered(ByteText.split(values[2].argumentText, by: values[0].argumentText, limit: values[1].argumentInt))
        },
        GoFunction("splitList", [.string, .string]) { _, values in
            .strings(ByteText.split(values[1].argumentText, by: values[0].argumentText))
        },
        GoFunction("sortAlpha", [.any]) { _, values in
            guard values[0].elements != nil else { return .strings([values[0].sprigText]) }
            return .strings(values[0].sprigStrings.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        },
        GoFunction("abbrev", [.int, .string]) { _, values in
            let width = values[0].argumentInt
            return width < 4 ? values[1] : .text(abbreviated(values[1].argumentBytes, 0, width))
        },
        GoFunction("abbrevboth", [.int, .int, .string]) { _, values in
            let (left, right) = (values[0].argumentInt, values[1].argumentInt)
            if right < 4 || left > 0 && right < 7 { return values[2] }
            return .text(abbreviated(values[2].argumentBytes, left, right))
        },
        GoFunction("wrap", [.int, .string]) { _, values in
            .string(WrapText.wrap(values[1].argumentText, values[0].argumentInt, "\n", breaksWords: false))
        },
        GoFunction("wrapWith", [.int, .string, .string]) { _, values in
            .string(WrapText.wrap(values[2].argumentText, values[0].argumentInt, values[1].argumentText, breaksWords: true))
        },
        .text("hello") { _ in "Hello!" }.withoutParameters("hello"),
    ]

    private static func truncate(_ count: Int, _ value: GoValue) -> [UInt8] {
        let bytes = value.argumentBytes
        if count < 0, bytes.count + count > 0 { return Array(bytes[(bytes.count + count)...]) }
        if count >= 0, bytes.count > count { return Array(bytes[..<count]) }
        return bytes
    }

    private static func substring(_ start: Int, _ end: Int, _ bytes: [UInt8]) throws -> [UInt8] {
        var (low, high) = (start, end)
        if start < 0 { low = 0 } else if end < 0 || end > bytes.count { high = bytes.count }
        guard high >= 0, high <= bytes.count else {
            throw GoError("runtime error: slice bounds out of range [:\(high)]\(high > bytes.count ? " with length \(bytes.count)" : "")")
        }
        guard low <= high else { throw GoError("runtime error: slice bounds out of range [\(low):\(high)]") }
        return Array(bytes[low..<high])
    }

    private static func repeated(_ bytes: [UInt8], _ count: Int, _ limits: EvaluationLimits) throws -> [UInt8] {
        guard count >= 0 else { throw GoError("strings: negative Repeat count") }
        let (total, overflows) = bytes.count.multipliedReportingOverflow(by: count)
        guard !overflows, total <= limits.textBytesMax else {
            throw GoError("repeat makes a text of more than \(limits.textBytesMax) bytes")
        }
        if bytes.count == 1 { return Array(repeating: bytes[0], count: count) }
        var result: [UInt8] = []
        result.reserveCapacity(total)
        for _ in 0..<(bytes.isEmpty ? 0 : count) { result.append(contentsOf: bytes) }
        return result
    }

    private static func indented(_ spaces: Int, _ value: GoValue, startsLine: Bool, _ limits: EvaluationLimits) throws -> [UInt8] {
        guard spaces >= 0 else { throw GoError("strings: negative Repeat count") }
        var result: [UInt8] = []
        let append = { (buffer: UnsafeBufferPointer<UInt8>) throws in
            var lines = 1
            for byte in buffer where byte == 0x0A { lines += 1 }
            let (padding, overflows) = spaces.multipliedReportingOverflow(by: lines)
            guard !overflows, padding <= limits.textBytesMax else {
                throw GoError("indent makes a text of more than \(limits.textBytesMax) bytes")
            }
            result.reserveCapacity(buffer.count + padding + 1)
            if startsLine { result.append(0x0A) }
            result.append(contentsOf: repeatElement(UInt8(ascii: " "), count: spaces))
            var start = 0
            for index in 0..<buffer.count where buffer[index] == 0x0A {
                result.append(contentsOf: buffer[start...index])
                result.append(contentsOf: repeatElement(UInt8(ascii: " "), count: spaces))
                start = index + 1
            }
            result.append(contentsOf: buffer[start...])
        }
        if case .string(var text) = value {
            try text.withUTF8(append)
        } else {
            try value.argumentBytes.withUnsafeBufferPointer(append)
        }
        return result
    }

    private static func numbered(_ parts: [String]) -> GoValue {
        .map(GoMap(unsorted: parts.enumerated().map { .init(key: "_\($0.offset)", value: .string($0.element)) }, type: .strings))
    }

    /// White space as a byte alone tells it; bytes beyond ASCII are taken as characters of their own, as in the original.
    private static func nospace(_ bytes: [UInt8]) -> [UInt8] {
        func isSpace(_ byte: UInt8) -> Bool { (0x09...0x0D).contains(byte) || byte == 0x20 || byte == 0x85 || byte == 0xA0 }
        guard bytes.contains(where: isSpace) else { return bytes }
        var result: [UInt8] = []
        for byte in bytes where !isSpace(byte) {
            if byte < 0x80 {
                result.append(byte)
            } else {
                result.append(0xC0 | byte >> 6)
                result.append(0x80 | byte & 0x3F)
            }
        }
        return result
    }

    private static func abbreviated(_ bytes: [UInt8], _ offset: Int, _ width: Int) -> [UInt8] {
        let dots = Array("...".utf8)
        if bytes.isEmpty || bytes.count <= width { return bytes }
        var offset = min(offset, bytes.count)
        if bytes.count - offset < width - 3 { offset = bytes.count - (width - 3) }
        if offset <= 4 { return bytes[..<(width - 3)] + dots }
        if width < 7 { return [] }
        if offset + width - 3 < bytes.count {
            let rest = Array(bytes[offset...])
            return dots + (width - 3 < 4 ? [] : abbreviated(rest, 0, width - 3))
        }
        return dots + bytes[(bytes.count - (width - 3))...]
    }
}

extension GoFunction {
    /// A function that takes nothing and gives the same text each time.
    fileprivate func withoutParameters(_ name: String) -> GoFunction {
        GoFunction(name, []) { evaluator, _ in try self.body(evaluator, [.string("")]) }
    }
}
