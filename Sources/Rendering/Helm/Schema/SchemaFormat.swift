/// The formats of JSON schemas that drafts up to 7 insist on. Formats that are not known here take every text.
enum SchemaFormat {
    /// Why the text is not of the format.
    static func fault(_ format: String, _ text: String) -> String? {
        switch format {
        case "ipv4": isIPv4(text) ? nil : "invalid ipv4"
        case "ipv6": isIPv6(text) ? nil : "invalid ipv6"
        case "hostname": isHostname(text) ? nil : "invalid hostname"
        case "email": isEmail(text) ? nil : "invalid email"
        case "date-time":
            (try? TimeLayout.parse(text.uppercased(), layout: TimeLayout.rfc3339Nano, zone: .utc)) == nil ? "invalid date-time" : nil
        case "date": (try? TimeLayout.parse(text, layout: "2006-01-02", zone: .utc)) == nil ? "invalid date" : nil
        case "time":
            (try? TimeLayout.parse(text.uppercased(), layout: "15:04:05.999999999Z07:00", zone: .utc)) == nil ? "invalid time" : nil
        case "regex": (try? GoRegex(text)) == nil ? "invalid regex" : nil
        case "uri": isURI(text, needsScheme: true) ? nil : "invalid uri"
        case "uri-reference": isURI(text, needsScheme: false) ? nil : "invalid uri-reference"
        case "uuid": isUUID(text) ? nil : "invalid uuid"
        default: nil
        }
    }

    private static func isIPv4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                guard !part.isEmpty, part.utf8.count <= 3, part.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return false }
                return (part == "0" || part.first != "0") && Int(part) ?? 256 < 256
            }
    }

    private static func isIPv6(_ text: String) -> Bool {
        guard text.contains(":"), !text.contains("%"), !text.contains(":::") else { return false }
        let halves = ByteText.split(text, by: "::")
        guard halves.count <= 2 else { return false }
        var count = 0
        for (index, half) in halves.enumerated() where !half.isEmpty {
            let groups = half.split(separator: ":", omittingEmptySubsequences: false)
            for (place, group) in groups.enumerated() {
                if index == halves.count - 1, place == groups.count - 1, group.contains(".") {
                    guard isIPv4(String(group)) else { return false }
                    count += 2
                } else {
                    guard !group.isEmpty, group.utf8.count <= 4, group.allSatisfy(\.isHexDigit) else { return false }
                    count += 1
                }
            }
        }
        return halves.count == 2 ? count < 8 : count == 8
    }

    private static func isHostname(_ text: String) -> Bool {
        let name = text.hasSuffix(".") ? String(text.dropLast()) : text
        guard !name.isEmpty, name.utf8.count <= 253 else { return false }
        return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && label.utf8.count <= 63 && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 || ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 == 0x2D }
        }
    }

    private static func isEmail(_ text: String) -> Bool {
        guard text.utf8.count <= 254, let at = text.lastIndex(of: "@") else { return false }
        let local = text[..<at]
        let domain = String(text[text.index(after: at)...])
        guard !local.isEmpty, local.utf8.count <= 64, local.first != ".", local.last != ".", !local.contains("..") else { return false }
        if domain.hasPrefix("["), domain.hasSuffix("]") { return isIPv4(String(domain.dropFirst().dropLast())) }
        return isHostname(domain) && !local.contains(" ")
    }

    private static func isURI(_ text: String, needsScheme: Bool) -> Bool {
        guard let url = try? GoURL(text), !text.contains("\\"), !text.contains(" ") else { return false }
        return !needsScheme || !url.scheme.isEmpty
    }

    private static func isUUID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 4, 4, 4, 12] && parts.allSatisfy { $0.allSatisfy(\.isHexDigit) }
    }
}
