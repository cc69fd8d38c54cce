/// The formats and patterns of schemas.
enum Formats {
    /// Whether a text has a format; formats that the server does not know are not checked.
    static func isValid(_ text: String, _ format: String) -> Bool {
        switch format {
        case "date-time":
            return matches(text, #"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$"#) ?? true
        case "date": return matches(text, #"^\d{4}-\d{2}-\d{2}$"#) ?? true
        case "byte": return Base64.decode(text) != nil
        case "ipv4":
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count == 4 && parts.allSatisfy { (Int($0).map { (0...255).contains($0) }) ?? false }
        case "uuid": return matches(text, "^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$") ?? true
        default: return true
        }
    }

    /// Whether a text contains a match of a pattern; `nil` when the pattern cannot be read.
    static func matches(_ text: String, _ pattern: String) -> Bool? {
        guard let regex = try? Regex(pattern) else { return nil }
        return text.firstMatch(of: regex) != nil
    }
}
