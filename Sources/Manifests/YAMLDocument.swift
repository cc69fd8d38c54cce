/// One document of a YAML stream.
package struct YAMLDocument: Sendable {
    package var value: Value
    /// The line on which the document's content begins, counted from 1.
    package var line: Int
    /// Where each value stands, by JSON Pointer (RFC 6901); empty unless positions were asked for.
    package var positions: [String: SourcePosition]

    package init(value: Value, line: Int, positions: [String: SourcePosition] = [:]) {
        self.value = value
        self.line = line
        self.positions = positions
    }

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
