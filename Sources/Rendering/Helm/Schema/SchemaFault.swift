/// Where a value does not fit its schema, with the faults that led to it.
struct SchemaFault {
    var path: [String]
    var message: String
    var causes: [SchemaFault] = []

    func text(indent: Int) -> String {
        let place = path.map { "/" + $0.replacing("~", "~0").replacing("/", "~1") }.joined()
        let line = String(repeating: "  ", count: indent - 1) + "- at \(Self.quoted(place)): \(message)"
        return ([line] + causes.map { $0.text(indent: indent + 1) }).joined(separator: "\n")
    }

    /// In single quotes, as the validator prints texts.
    static func quoted(_ text: String) -> String {
        let inner = GoQuote.quote(text).dropFirst().dropLast()
        return "'" + String(inner).replacing("\\\"", "\"").replacing("'", "\\'") + "'"
    }
}

extension String {
    fileprivate func replacing(_ old: String, _ new: String) -> String {
        ByteText.split(self, by: old).joined(separator: new)
    }
}
