extension RemoteBaseURL {
    /// Reads a Git URL as kustomize does; `nil` when the text names no repository.
    init?(_ text: String) {
        guard !text.hasPrefix("/") else { return nil }
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var rest = parts[0]
        if rest.lowercased().hasPrefix("git::") { rest = String(rest.dropFirst(5)) }
        var host = ""
        for scheme in ["ssh://", "https://", "http://", "file://"] where rest.lowercased().hasPrefix(scheme) {
            host = scheme
            rest = String(rest.dropFirst(scheme.count))
            break
        }
        let scheme = host
        if let at = rest.firstIndex(of: "@"), Self.isUser(rest[..<at]) {
            host += rest[...at]
            rest = String(rest[rest.index(after: at)...])
        }
        let hasUser = host != scheme
        let isGitHub = rest.lowercased().hasPrefix("github.com/") || rest.lowercased().hasPrefix("github.com:")
        let allowsColon = scheme.isEmpty && (hasUser || isGitHub)
        if scheme.isEmpty, !allowsColon { return nil }
        if scheme != "file://" {
            guard let split = Self.separator(rest, allowsColon: allowsColon) else { return nil }
            if isGitHub {
                host = scheme == "ssh://" || hasUser ? "\(host.dropFirst(scheme.count))github.com:" : "https://github.com/"
            } else {
                host += rest[...split]
            }
            rest = String(rest[rest.index(after: split)...])
        }
        guard let (repository, folder) = Self.split(rest, takesAll: scheme == "file://"), !repository.isEmpty else { return nil }
        let clean = folder.split(separator: "/").filter { $0 != "." }
        guard clean.first != ".." else { return nil }
        self.init(
            text: text, repository: host + repository, folder: clean.joined(separator: "/"), revision: nil, timeoutSeconds: nil,
            fetchesSubmodules: true)
        if parts.count > 1 { readQuery(parts[1]) }
    }

    private static func isUser(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, (first | 0x20) &- UInt8(ascii: "a") < 26 else { return false }
        return text.utf8.allSatisfy {
            ($0 | 0x20) &- UInt8(ascii: "a") < 26 || $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: "-")
        }
    }

    private static func separator(_ text: String, allowsColon: Bool) -> String.Index? {
        let slash = text.firstIndex(of: "/")
        guard allowsColon, let colon = text.firstIndex(of: ":") else { return slash }
        return slash.map { min($0, colon) } ?? colon
    }

    /// Tells the repository from the folder in it: by `_git/`, by `//`, by `.git`, else after two parts.
    private static func split(_ text: String, takesAll: Bool) -> (repository: String, folder: String)? {
        if let range = text.range(ofText: "_git/") {
            let rest = text[range.upperBound...].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (String(text[..<range.upperBound]) + (rest.first ?? ""), rest.count > 1 ? rest[1] : "")
        }
        if let range = text.range(ofText: "//") { return (String(text[..<range.lowerBound]), String(text[range.upperBound...])) }
        if let range = text.range(ofText: ".git") { return (String(text[..<range.upperBound]), String(text[range.upperBound...])) }
        if takesAll { return (text, "") }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 2 else { return nil }
        return (parts[..<2].joined(separator: "/"), parts[2...].joined(separator: "/"))
    }

    private mutating func readQuery(_ query: String) {
        var version: String?
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[1].isEmpty else { continue }
            switch parts[0] {
            case "ref": revision = parts[1]
            case "version": version = parts[1]
            case "timeout":
                let number = parts[1].hasSuffix("s") ? String(parts[1].dropLast()) : parts[1]
                if let seconds = Double(number), seconds > 0 { timeoutSeconds = seconds }
            case "submodules": fetchesSubmodules = !["false", "0", "f", "F", "FALSE", "False"].contains(parts[1])
            default: continue
            }
        }
        revision = revision ?? version
    }

    /// The text without what may be a password before the host.
    package static func redacted(_ text: String) -> String {
        guard let scheme = text.range(ofText: "://") else { return text }
        let rest = text[scheme.upperBound...]
        let host = rest.prefix { $0 != "/" }
        guard let at = host.lastIndex(of: "@") else { return text }
        return text[..<scheme.upperBound] + "…" + rest[at...]
    }
}

extension String {
    /// Where a text stands in this one first.
    fileprivate func range(ofText text: String) -> Range<Index>? {
        let (bytes, wanted) = (Array(utf8), Array(text.utf8))
        guard bytes.count >= wanted.count else { return nil }
        for start in 0...(bytes.count - wanted.count) where Array(bytes[start..<start + wanted.count]) == wanted {
            let lower = utf8.index(startIndex, offsetBy: start)
            return lower..<utf8.index(lower, offsetBy: wanted.count)
        }
        return nil
    }
}
