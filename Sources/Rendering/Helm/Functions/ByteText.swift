/// Go's `strings` functions, which work on bytes.
enum ByteText {
    static func trimSpace(_ text: String) -> String {
        let scalars = text.unicodeScalars
        var start = scalars.startIndex
        var end = scalars.endIndex
        while start < end, scalars[start].properties.isWhitespace { start = scalars.index(after: start) }
        while end > start {
            let before = scalars.index(before: end)
            guard scalars[before].properties.isWhitespace else { break }
            end = before
        }
        return start == scalars.startIndex && end == scalars.endIndex ? text : String(scalars[start..<end])
    }

    /// `strings.Trim`: the characters of the set off both ends.
    static func trim(_ text: String, _ set: String) -> String {
        let cut = Set(set.unicodeScalars)
        var scalars = Substring(text).unicodeScalars
        while let first = scalars.first, cut.contains(first) { scalars.removeFirst() }
        while let last = scalars.last, cut.contains(last) { scalars.removeLast() }
        return String(scalars)
    }

    static func hasSuffix(_ bytes: [UInt8], _ suffix: [UInt8]) -> Bool {
        bytes.count >= suffix.count && bytes[(bytes.count - suffix.count)...].elementsEqual(suffix)
    }

    static func removeSuffix(_ suffix: String, from text: String) -> String {
        let count = suffix.utf8.count
        guard count > 0, text.utf8.count >= count, text.utf8.suffix(count).elementsEqual(suffix.utf8) else { return text }
        return String(decoding: text.utf8.dropLast(count), as: UTF8.self)
    }

    static func contains(_ part: String, in text: String) -> Bool {
        var (part, text) = (part, text)
        return part.withUTF8 { needle in text.withUTF8 { find(needle, in: $0, from: 0) != nil } }
    }

    /// The place of the first occurrence.
    static func find(_ needle: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard let first = needle.first else { return start }
        guard text.count >= needle.count else { return nil }
        var index = start
        let last = text.count - needle.count
        while index <= last {
            if text[index] == first {
                var offset = 1
                while offset < needle.count, text[index + offset] == needle[offset] { offset += 1 }
                if offset == needle.count { return index }
            }
            index += 1
        }
        return nil
    }

    /// `strings.Split` and `SplitN`; an empty separator splits after each character.
    static func split(_ text: String, by separator: String, limit: Int = -1) -> [String] {
        if limit == 0 { return [] }
        let meter = WorkMeter.current
        if separator.isEmpty {
            var parts: [String] = []
            var rest = Substring(text).unicodeScalars
            while let first = rest.first, mayGrow(parts.count, meter) {
                if limit > 0, parts.count == limit - 1 {
                    parts.append(String(rest))
                    return parts
                }
                parts.append(String(Character(first)))
                rest.removeFirst()
            }
            return parts
        }
        var (text, separator) = (text, separator)
        return separator.withUTF8 { needle in
            text.withUTF8 { buffer in
                var parts: [String] = []
                var start = 0
                while limit < 0 || parts.count < limit - 1, mayGrow(parts.count, meter),
                    let found = find(needle, in: buffer, from: start)
                {
                    parts.append(String(decoding: buffer[start..<found], as: UTF8.self))
                    start = found + needle.count
                }
                parts.append(String(decoding: buffer[start...], as: UTF8.self))
                return parts
            }
        }
    }

    /// `strings.ReplaceAll`; an empty text is found before each character and at the end.
    static func replace(_ old: [UInt8], with new: [UInt8], in text: [UInt8], _ bytesMax: Int) throws -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        if old.isEmpty {
            for byte in text {
                if byte & 0xC0 != 0x80 { result.append(contentsOf: new) }
                result.append(byte)
                guard result.count <= bytesMax else { throw tooLong(bytesMax) }
            }
            result.append(contentsOf: new)
            return result
        }
        try old.withUnsafeBufferPointer { needle in
            try text.withUnsafeBufferPointer { buffer in
                var start = 0
                while let found = find(needle, in: buffer, from: start) {
                    result.append(contentsOf: buffer[start..<found])
                    result.append(contentsOf: new)
                    start = found + needle.count
                    guard result.count <= bytesMax else { throw tooLong(bytesMax) }
                }
                result.append(contentsOf: buffer[start...])
            }
        }
        return result
    }

    /// `strings.Join`. Stops the rendering when the text becomes too long: the parts may be one long text many times.
    static func joined(_ parts: some Sequence<String>, _ separator: String) -> String {
        let meter = WorkMeter.current
        var text = ""
        var isFirst = true
        for part in parts {
            if !isFirst { text += separator }
            isFirst = false
            text += part
            guard let meter else { continue }
            if text.utf8.count > meter.textBytesMax { meter.stop("a list joins to a text of more than \(meter.textBytesMax >> 20) MiB") }
            guard meter.spend(1) else { break }
        }
        return text
    }

    /// Whether a list of parts may grow.
    private static func mayGrow(_ count: Int, _ meter: WorkMeter?) -> Bool {
        guard let meter else { return true }
        if count >= meter.elementsMax { meter.stop("a text splits into more than \(meter.elementsMax) parts") }
        return meter.spend(1)
    }

    private static func tooLong(_ bytesMax: Int) -> GoError { GoError("replace makes a text of more than \(bytesMax) bytes") }
}
