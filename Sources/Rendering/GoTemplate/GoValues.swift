/// The methods of `.Values`, which is a map of a type of its own.
enum GoValues {
    static func method(_ name: String, of map: GoMap) -> GoFunction? {
        guard map.type == .values else { return nil }
        switch name {
        case "AsMap": return GoFunction(name, []) { _, _ in .map(map.retyped(.generic)) }
        case "Table":
            return GoFunction(name, [.string]) { _, values in
                var table = map
                for key in (values[0].text ?? "").split(separator: ".", omittingEmptySubsequences: false) {
                    guard case .map(let next)? = table[String(key)] else { throw GoError("\(GoQuote.quote(String(key))) is not a table") }
                    table = next
                }
                return .map(table.retyped(.values))
            }
        default: return nil
        }
    }
}
