extension YAMLEmitter {
    /// Writes a text as a value; lines that are folded or blocks go on in column `indent`.
    mutating func text(_ string: String, indent: Int) {
        var string = string
        string.withUTF8 { bytes in
            if YAMLPlainText.isObvious(bytes) {
                space()
                append(bytes)
                return wordEnded()
            }
            let style = YAMLTextStyle(of: bytes)
            if bytes.contains(UInt8(ascii: "\n")) {
                if style.allowsBlock { literal(bytes, indent: indent) } else { doubleQuoted(bytes, indent: indent) }
            } else if !YAMLPlainText.readsAsText(bytes) {
                doubleQuoted(bytes, indent: indent)
            } else if style.allowsPlain {
                plain(bytes, indent: indent)
            } else if style.allowsSingleQuotes {
                singleQuoted(bytes, indent: indent)
            } else {
                doubleQuoted(bytes, indent: indent)
            }
        }
    }

    /// Writes a key on its line, unless it is too long or has several lines, and tells whether it did. Keys never fold.
    mutating func simpleKey(_ key: String) -> Bool {
        var key = key
        return key.withUTF8 { bytes in
            if YAMLPlainText.isObvious(bytes), bytes.count <= Self.simpleKeyBytesMax {
                append(bytes)
                return true
            }
            let style = YAMLTextStyle(of: bytes)
            guard !style.isMultiline, bytes.count <= Self.simpleKeyBytesMax else { return false }
            if !YAMLPlainText.readsAsText(bytes) || Self.isMergeKey(bytes) {
                doubleQuoted(bytes, indent: nil)
            } else if style.allowsPlain {
                plain(bytes, indent: nil)
            } else if style.allowsSingleQuotes {
                singleQuoted(bytes, indent: nil)
            } else {
                doubleQuoted(bytes, indent: nil)
            }
            return true
        }
    }

    /// Without quotes the key would merge its value; kustomize loses such a key.
    private static func isMergeKey(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
        key.count == 2 && key[0] == UInt8(ascii: "<") && key[1] == UInt8(ascii: "<")
    }

    private func isPastWidth(_ indent: Int?) -> Bool { foldsText && indent != nil && column > Self.widthBest }

    private mutating func plain(_ text: UnsafeBufferPointer<UInt8>, indent: Int?) {
        space()
        folded(text, indent: indent, doubles: nil)
        wordEnded()
    }

    mutating func singleQuoted(_ text: UnsafeBufferPointer<UInt8>, indent: Int?) {
        space()
        append(UInt8(ascii: "'"))
        wordEnded()
        folded(text, indent: indent, doubles: UInt8(ascii: "'"))
        append(UInt8(ascii: "'"))
        wordEnded()
    }

    /// The text with a line break instead of a single space past the width, and in single quotes line ends doubled.
    mutating func folded(_ text: UnsafeBufferPointer<UInt8>, indent: Int?, doubles quote: UInt8?) {
        var (isAfterFold, isAfterBreak) = (false, false)
        var index = 0
        while index < text.count {
            let byte = text[index]
            let width = YAMLCharacter.width(byte)
            if byte == UInt8(ascii: " ") {
                let isInner = quote == nil || (index > 0 && index < text.count - 1)
                let isSingle = index + 1 >= text.count || text[index + 1] != UInt8(ascii: " ")
                if !isAfterFold, isInner, isSingle, isPastWidth(indent) {
                    self.indent(to: indent ?? 0)
                } else {
                    append(byte)
                }
                isAfterFold = true
            } else if YAMLCharacter.isBreak(text, index) {
                if !isAfterBreak, byte == UInt8(ascii: "\n") { lineBreak() }
                writeBreak(text, index, width)
                isIndention = true
                isAfterBreak = true
            } else {
                if isAfterBreak { self.indent(to: indent ?? 0) }
                if byte == quote { append(byte) }
                append(text, from: index, count: width)
                isIndention = false
                (isAfterFold, isAfterBreak) = (false, false)
            }
            index += width
        }
    }

    mutating func writeBreak(_ text: UnsafeBufferPointer<UInt8>, _ index: Int, _ width: Int) {
        if text[index] == UInt8(ascii: "\n") { return lineBreak() }
        append(text, from: index, count: width)
        column = 0
    }

    mutating func doubleQuoted(_ text: UnsafeBufferPointer<UInt8>, indent: Int?) {
        space()
        append(UInt8(ascii: "\""))
        wordEnded()
        // go-yaml looks for a byte order mark at the text's begin alone, and then takes every character for one.
        let escapesAll = text.count >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF
        var isAfterSpace = false
        var index = 0
        while index < text.count {
            let byte = text[index]
            let width = YAMLCharacter.width(byte)
            if escapesAll || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || !YAMLCharacter.isPrintable(text, index)
                || YAMLCharacter.isBreak(text, index)
            {
                escape(text, index, width)
                isAfterSpace = false
            } else if byte == UInt8(ascii: " ") {
                if !isAfterSpace, index > 0, index < text.count - 1, isPastWidth(indent) {
                    self.indent(to: indent ?? 0)
                    if text[index + 1] == UInt8(ascii: " ") { append(UInt8(ascii: "\\")) }
                } else {
                    append(byte)
                }
                isAfterSpace = true
            } else {
                append(text, from: index, count: width)
                isAfterSpace = false
            }
            index += width
        }
        append(UInt8(ascii: "\""))
        wordEnded()
    }

    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>, _ index: Int, _ width: Int) {
        var code = UInt32(text[index])
        if width > 1 {
            code &= width == 2 ? 0x1F : width == 3 ? 0x0F : 0x07
            for offset in 1..<width { code = code << 6 | UInt32(text[index + offset] & 0x3F) }
        }
        append(UInt8(ascii: "\\"))
        if let short = Self.shortEscape(code) { return append(short) }
        let digits = code <= 0xFF ? 2 : code <= 0xFFFF ? 4 : 8
        append(UInt8(ascii: digits == 2 ? "x" : digits == 4 ? "u" : "U"))
        for place in (0..<digits).reversed() {
            let digit = UInt8(code >> (4 * UInt32(place)) & 0xF)
            append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10)
        }
    }

    private static func shortEscape(_ code: UInt32) -> UInt8? {
        switch code {
        case 0x00: UInt8(ascii: "0")
        case 0x07: UInt8(ascii: "a")
        case 0x08: UInt8(ascii: "b")
        case 0x09: UInt8(ascii: "t")
        case 0x0A: UInt8(ascii: "n")
        case 0x0B: UInt8(ascii: "v")
        case 0x0C: UInt8(ascii: "f")
        case 0x0D: UInt8(ascii: "r")
        case 0x1B: UInt8(ascii: "e")
        case 0x22: UInt8(ascii: "\"")
        case 0x5C: UInt8(ascii: "\\")
        case 0x85: UInt8(ascii: "N")
        case 0xA0: UInt8(ascii: "_")
        case 0x2028: UInt8(ascii: "L")
        case 0x2029: UInt8(ascii: "P")
        default: nil
        }
    }

    /// `|` with what says how it begins and ends, then the lines.
    mutating func literal(_ text: UnsafeBufferPointer<UInt8>, indent: Int) {
        blockHeader(UInt8(ascii: "|"), text)
        var isAfterBreak = true
        var index = 0
        while index < text.count {
            let width = YAMLCharacter.width(text[index])
            if YAMLCharacter.isBreak(text, index) {
                writeBreak(text, index, width)
                isIndention = true
                isAfterBreak = true
                index += width
                continue
            }
            if isAfterBreak { self.indent(to: indent) }
            isAfterBreak = false
            isIndention = false
            // The rest of the line at once, while it is ASCII.
            let start = index
            while index < text.count, text[index] < 0x80, text[index] != 0x0A, text[index] != 0x0D { index += 1 }
            if index > start {
                append(UnsafeBufferPointer(rebasing: text[start..<index]))
            } else {
                append(text, from: index, count: width)
                index += width
            }
        }
    }

    /// What says how a block begins and ends, and its line end.
    mutating func blockHeader(_ sign: UInt8, _ text: UnsafeBufferPointer<UInt8>) {
        space()
        append(sign)
        isIndention = false
        if text[0] == UInt8(ascii: " ") || YAMLCharacter.isBreak(text, 0) { append(UInt8(ascii: "0") + UInt8(Self.indentBest)) }
        if let hint = Self.endHint(text) { append(hint) }
        lineBreak()
        isIndention = true
        isAfterSpace = true
    }

    /// `-` when the text has no line end, `+` when it has more than one.
    private static func endHint(_ text: UnsafeBufferPointer<UInt8>) -> UInt8? {
        func start(before end: Int) -> Int {
            var index = end - 1
            while index > 0, text[index] & 0xC0 == 0x80 { index -= 1 }
            return index
        }
        let last = start(before: text.count)
        guard YAMLCharacter.isBreak(text, last) else { return UInt8(ascii: "-") }
        guard last > 0 else { return UInt8(ascii: "+") }
        return YAMLCharacter.isBreak(text, start(before: last)) ? UInt8(ascii: "+") : nil
    }
}
