/// The template of a replacement (`Regexp.Expand`).
enum GoRegexTemplate {
    enum Piece {
        case text([UInt8])
        /// A group's text: of the first of these that took part, as several groups may have one name.
        case groups([Int])
    }

    /// What a template is made of. A name that no group has stands for nothing.
    static func parse(_ template: [UInt8], names: [String?]) -> [Piece] {
        var pieces: [Piece] = []
        var text: [UInt8] = []
        var index = 0
        while index < template.count {
            guard template[index] == UInt8(ascii: "$") else {
                text.append(template[index])
                index += 1
                continue
            }
            if index + 1 < template.count, template[index + 1] == UInt8(ascii: "$") {
                text.append(UInt8(ascii: "$"))
                index += 2
                continue
            }
            guard let (name, end) = name(template, after: index) else {
                // Malformed: the sign stands for itself.
                text.append(UInt8(ascii: "$"))
                index += 1
                continue
            }
            index = end
            let groups = groups(name, names)
            guard !groups.isEmpty else { continue }
            if !text.isEmpty { pieces.append(.text(text)) }
            text = []
            pieces.append(.groups(groups))
        }
        if !text.isEmpty { pieces.append(.text(text)) }
        return pieces
    }

    private static func name(_ template: [UInt8], after dollar: Int) -> (String, Int)? {
        var start = dollar + 1
        let isBraced = start < template.count && template[start] == UInt8(ascii: "{")
        if isBraced { start += 1 }
        var end = start
        while end < template.count, template[end] >= 128 || RegexSet.word.contains(UInt32(template[end])) { end += 1 }
        guard end > start else { return nil }
        let name = String(decoding: template[start..<end], as: UTF8.self)
        guard isBraced else { return (name, end) }
        guard end < template.count, template[end] == UInt8(ascii: "}") else { return nil }
        return (name, end + 1)
    }

    private static func groups(_ name: String, _ names: [String?]) -> [Int] {
        if name.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
            // Go takes a number of up to eight digits as a group's.
            guard let number = Int(name), number < names.count else { return [] }
            return [number]
        }
        return names.indices.filter { names[$0] == name }
    }
}
