/// Splits what a template wrote into documents at every line that begins with `---`.
enum ManifestSplitter {
    /// The documents without the white space before them; empty ones are left out.
    static func split(_ text: [UInt8]) -> [(start: Int, bytes: [UInt8])] {
        var documents: [(start: Int, bytes: [UInt8])] = []
        var start = 0
        var line = firstNonSpace(text, 0)
        start = line
        while line < text.count {
            if line + 2 < text.count, text[line] == 0x2D, text[line + 1] == 0x2D, text[line + 2] == 0x2D {
                append(text, start, line, &documents)
                var end = line + 3
                while end < text.count, text[end] == 0x20 || text[end] == 0x09 { end += 1 }
                start = end
                line = end
            }
            guard let next = text[line...].firstIndex(of: 0x0A) else { break }
            line = next + 1
        }
        append(text, start, text.count, &documents)
        return documents
    }

    private static func append(_ text: [UInt8], _ start: Int, _ end: Int, _ documents: inout [(start: Int, bytes: [UInt8])]) {
        let first = firstNonSpace(text, start)
        guard first < end else { return }
        documents.append((first, Array(text[first..<end])))
    }

    private static func firstNonSpace(_ text: [UInt8], _ start: Int) -> Int {
        var index = start
        while index < text.count, text[index] == 0x20 || (text[index] >= 0x09 && text[index] <= 0x0D) { index += 1 }
        return index
    }
}
