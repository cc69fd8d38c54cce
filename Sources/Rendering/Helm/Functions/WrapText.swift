/// `wrap` and `wrapWith` (Masterminds/goutils, wordutils.go): widths count bytes.
enum WrapText {
    static func wrap(_ text: String, _ width: Int, _ newline: String, breaksWords: Bool) -> String {
        let bytes = Array(text.utf8)
        let newline = Array((newline.isEmpty ? "\n" : newline).utf8)
        let width = max(width, 1)
        var result: [UInt8] = []
        var offset = 0
        let space = UInt8(ascii: " ")
        let meter = WorkMeter.current
        while bytes.count - offset > width {
            if let meter {
                if result.count > meter.textBytesMax { meter.stop("wrap makes a text of more than \(meter.textBytesMax >> 20) MiB") }
                guard meter.spend(1) else { break }
            }
            if bytes[offset] == space {
                offset += 1
                continue
            }
            if let last = bytes[offset...(offset + width)].lastIndex(of: space) {
                result += bytes[offset..<last] + newline
                offset = last + 1
            } else if breaksWords {
                result += bytes[offset..<(offset + width)] + newline
                offset += width
            } else if let next = bytes[(offset + width)...].firstIndex(of: space) {
                result += bytes[offset..<next] + newline
                offset = next + 1
            } else {
                result += bytes[offset...]
                offset = bytes.count
            }
        }
        result += bytes[offset...]
        return String(decoding: result, as: UTF8.self)
    }
}
