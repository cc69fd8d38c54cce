/// A regular expression as Go's `regexp` has it: RE2's syntax, leftmost-first matches, time linear in the text.
///
/// Texts are strings or bytes; a byte that is no UTF-8 matches as U+FFFD. Look-around and back references do not exist.
package struct GoRegex: Sendable {
    package let pattern: String
    /// The names of the groups, the whole match first; `nil` for a group without a name.
    package let captureNames: [String?]
    private let program: RegexProgram

    /// - Throws: `GoRegexError` when the pattern is malformed, nests deeper than 1000 groups or compiles to more than
    ///   200,000 instructions.
    package init(_ pattern: String) throws(GoRegexError) {
        var parser = RegexParser(pattern)
        let node = try parser.parse()
        self.pattern = pattern
        captureNames = parser.captureNames
        program = try RegexCompiler.compile(node, captures: parser.captureNames.count, pattern: pattern)
    }

    // MARK: Matching

    /// Whether the expression matches somewhere in the text (`MatchString`).
    package func isMatch(_ text: String) -> Bool { isMatch(Array(text.utf8)) }

    package func isMatch(_ text: [UInt8]) -> Bool {
        text.withUnsafeBufferPointer { buffer in
            var machine = RegexMachine(program, buffer)
            return machine.match(from: 0) != nil
        }
    }

    /// The leftmost match's text; `nil` when there is none.
    package func find(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard let match = firstMatch(bytes) else { return nil }
        return String(decoding: bytes[match[0]..<match[1]], as: UTF8.self)
    }

    /// The leftmost match with its groups, as pairs of byte offsets (`FindSubmatchIndex`): start and end of the whole
    /// match, then of each group, -1 for a group that took no part.
    package func firstMatch(_ text: [UInt8]) -> [Int]? {
        text.withUnsafeBufferPointer { buffer in
            var machine = RegexMachine(program, buffer)
            return machine.match(from: 0)
        }
    }

    /// The texts of up to `limit` matches that do not overlap; all of them when the limit is negative.
    package func findAll(_ text: String, limit: Int = -1) -> [String] {
        let bytes = Array(text.utf8)
        return allMatches(bytes, limit: limit).map { String(decoding: bytes[$0[0]..<$0[1]], as: UTF8.self) }
    }

    /// Up to `limit` matches that do not overlap, each as `firstMatch` gives it (`FindAllSubmatchIndex`).
    package func allMatches(_ text: [UInt8], limit: Int = -1) -> [[Int]] {
        text.withUnsafeBufferPointer { buffer in
            var machine = RegexMachine(program, buffer)
            var matches: [[Int]] = []
            var position = 0
            var previousEnd = -1
            let meter = WorkMeter.current
            while position <= buffer.count, limit < 0 || matches.count < limit {
                if let meter {
                    if matches.count >= meter.elementsMax { meter.stop("an expression matches more than \(meter.elementsMax) times") }
                    guard meter.spend(1) else { break }
                }
                guard let match = machine.match(from: position) else { break }
                var isAccepted = true
                if match[1] == position {
                    // An empty match right after a match does not count.
                    if match[0] == previousEnd { isAccepted = false }
                    position += max(RegexMachine.decode(buffer, at: position).1, 1)
                } else {
                    position = match[1]
                }
                previousEnd = match[1]
                if isAccepted { matches.append(match) }
            }
            return matches
        }
    }

    // MARK: Replacing

    /// The text with every match replaced; `$1`, `$name` and `${name}` in the template stand for groups, `$$` for `$`.
    package func replaceAll(_ text: String, with template: String) -> String {
        let source = Array(text.utf8)
        return String(decoding: replaceAll(source, with: Array(template.utf8)), as: UTF8.self)
    }

    /// `replaceAll` over bytes.
    package func replaceAll(_ text: [UInt8], with template: [UInt8]) -> [UInt8] {
        guard template.contains(UInt8(ascii: "$")) else { return replaceAllLiteral(text, with: template) }
        let pieces = GoRegexTemplate.parse(template, names: captureNames)
        return replace(text) { match, result in
            for piece in pieces {
                switch piece {
                case .text(let bytes): result.append(contentsOf: bytes)
                case .groups(let groups):
                    guard let group = groups.first(where: { match[$0 * 2] >= 0 }) else { continue }
                    result.append(contentsOf: text[match[group * 2]..<match[group * 2 + 1]])
                }
            }
        }
    }

    /// The text with every match replaced by the replacement as it stands.
    package func replaceAllLiteral(_ text: String, with replacement: String) -> String {
        String(decoding: replaceAllLiteral(Array(text.utf8), with: Array(replacement.utf8)), as: UTF8.self)
    }

    /// `replaceAllLiteral` over bytes.
    package func replaceAllLiteral(_ text: [UInt8], with replacement: [UInt8]) -> [UInt8] {
        replace(text) { _, result in result.append(contentsOf: replacement) }
    }

    private func replace(_ text: [UInt8], _ replacement: ([Int], inout [UInt8]) -> Void) -> [UInt8] {
        text.withUnsafeBufferPointer { buffer in
            var machine = RegexMachine(program, buffer)
            var result: [UInt8] = []
            var lastEnd = 0
            var position = 0
            let meter = WorkMeter.current
            while position <= buffer.count, let match = machine.match(from: position) {
                if let meter {
                    if result.count > meter.textBytesMax {
                        meter.stop("a replacement makes a text of more than \(meter.textBytesMax >> 20) MiB")
                    }
                    guard meter.spend(1) else { break }
                }
                result.append(contentsOf: buffer[lastEnd..<match[0]])
                // No replacement for an empty match right after another match.
                if match[1] > lastEnd || match[0] == 0 { replacement(match, &result) }
                lastEnd = match[1]
                let width = RegexMachine.decode(buffer, at: position).1
                if position + width > match[1] {
                    position += width
                } else if position + 1 > match[1] {
                    position += 1
                } else {
                    position = match[1]
                }
            }
            result.append(contentsOf: buffer[min(lastEnd, buffer.count)...])
            return result
        }
    }

    // MARK: Splitting

    /// The text between matches, in at most `limit` parts, the last of them the rest; in all parts when it is negative.
    package func split(_ text: String, limit: Int = -1) -> [String] {
        guard limit != 0 else { return [] }
        let bytes = Array(text.utf8)
        if !pattern.isEmpty, bytes.isEmpty { return [""] }
        var parts: [String] = []
        var begin = 0
        var end = 0
        for match in allMatches(bytes, limit: limit) {
            if limit > 0, parts.count == limit - 1 { break }
            end = match[0]
            if match[1] != 0 { parts.append(String(decoding: bytes[begin..<end], as: UTF8.self)) }
            begin = match[1]
        }
        if end != bytes.count { parts.append(String(decoding: bytes[begin...], as: UTF8.self)) }
        return parts
    }

    /// The text with a backslash before everything that has a meaning in a pattern.
    package static func quoteMeta(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            if "\\.+*?()|[]{}^$".utf8.contains(byte) { result.append(UInt8(ascii: "\\")) }
            result.append(byte)
        }
        return String(decoding: result, as: UTF8.self)
    }
}
