/// What becomes of a folded block (`>`) that go-yaml v3 writes and reads again, as kustomize does with every object.
///
/// Its writer looks at the beginning of the text, where it should look at the line that follows (`emitterc.go`,
/// `yaml_emitter_write_folded_scalar`): before a line that is indented more, a line end is added.
enum YAMLFoldedText {
    /// The text after the round, or `nil` when it stays as it is.
    static func rewritten(_ text: UnsafeBufferPointer<UInt8>) -> String? {
        let newLine = UInt8(ascii: "\n")
        guard let first = text.firstIndex(where: { $0 != newLine }), !isBlank(text[first]) else { return nil }
        guard isWrittenAsBlock(text) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(text.count + 8)
        var isIndented = true  // before the first line nothing is added
        var isChanged = false
        var index = 0
        while index < text.count {
            let start = index
            while index < text.count, text[index] != newLine { index += 1 }
            if index > start {
                isIndented = isBlank(text[start])
                result.append(contentsOf: text[start..<index])
            }
            let breaks = index
            while index < text.count, text[index] == newLine { index += 1 }
            var count = index - breaks
            guard count > 0 else { break }
            if index == text.count {
                // At the end a single line end is one, whatever stands before it.
                if count > 1, !isIndented { count += 1 }
            } else if !isIndented, isBlank(text[index]) {
                count += 1
            }
            if count != index - breaks { isChanged = true }
            result.append(contentsOf: repeatElement(newLine, count: count))
        }
        return isChanged ? String(decoding: result, as: UTF8.self) : nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    /// A space before a line end, at the very end, or a special character: such a text is written in double quotes.
    private static func isWrittenAsBlock(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = 0
        var isAfterSpace = false
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "\n"), isAfterSpace { return false }
            if byte != UInt8(ascii: "\t"), byte < 0xF0, !YAMLCharacter.isPrintable(text, index) { return false }
            isAfterSpace = byte == UInt8(ascii: " ")
            index += YAMLCharacter.width(byte)
        }
        return !isAfterSpace
    }
}
