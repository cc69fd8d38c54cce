/// One document of a YAML stream.
package struct YAMLDocument: Sendable {
    package var value: Value
    /// The line on which the document's content begins, counted from 1.
    package var line: Int
    /// Where each value stands, by JSON Pointer (RFC 6901); empty unless positions were asked for.
    package var positions: [String: SourcePosition]
    /// Where the values of mappings stand, whose `positions` are those of their keys.
    package var valuePositions: [String: SourcePosition]
    /// The JSON Pointers of the values that stand there as nothing (`key:`); empty unless they were asked for.
    package var blanks: [String]
    /// The source texts of numbers, booleans, nulls, dates and folded blocks that are written otherwise (`1.10`, `~`), by JSON Pointer;
    /// filled along with `blanks`.
    package var texts: [String: String]
    /// The JSON Pointers of the texts in mappings that stand in quotes or blocks without need; filled along with `blanks`.
    package var quoted: [String]

    package init(
        value: Value, line: Int, positions: [String: SourcePosition] = [:],
        valuePositions: [String: SourcePosition] = [:], blanks: [String] = [], texts: [String: String] = [:], quoted: [String] = []
    ) {
        self.value = value
        self.line = line
        self.positions = positions
        self.valuePositions = valuePositions
        self.blanks = blanks
        self.texts = texts
        self.quoted = quoted
    }

    /// The place of the value itself at a JSON Pointer, also below a key.
    package func scalarPosition(of pointer: String) -> SourcePosition? { valuePositions[pointer] ?? positions[pointer] }

    /// The place of the value at a JSON Pointer, or of what it stands in as far as that is known.
    package func position(of pointer: String) -> SourcePosition? {
        var pointer = pointer[...]
        while true {
            if let position = positions[String(pointer)] { return position }
            guard let slash = pointer.lastIndex(of: "/") else { return nil }
            pointer = pointer[..<slash]
        }
    }
}
