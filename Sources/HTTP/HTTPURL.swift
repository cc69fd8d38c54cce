/// An absolute `http` or `https` URL, taken apart.
package struct HTTPURL: Hashable, Sendable {
    /// `http` or `https`.
    package var scheme: String
    /// `user` or `user:password`, as it stands in the URL; never part of `description`.
    package var userInfo: String?
    /// A name or an address; an IPv6 address without its brackets.
    package var host: String
    package var port: Int?
    /// Path and query, beginning with `/` or empty.
    package var path: String

    /// Reads a URL. Throws `.badURL` for anything that is not absolute, names no host or holds white space.
    package init(_ text: String) throws(HTTPError) {
        guard let separator = text.range(ofASCII: "://") else { throw HTTPError(.badURL, "it has no scheme such as https://") }
        scheme = text[..<separator.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else {
            throw HTTPError(.badURL, "the scheme '\(scheme)' is neither https nor http")
        }
        guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else { throw HTTPError(.badURL, "it holds white space") }
        var rest = text[separator.upperBound...]
        if let fragment = rest.firstIndex(of: "#") { rest = rest[..<fragment] }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        path = String(rest[end...])
        if path.hasPrefix("?") { path = "/" + path }
        var authority = rest[..<end]
        if let at = authority.lastIndex(of: "@") {
            userInfo = String(authority[..<at])
            authority = authority[authority.index(after: at)...]
        }
        (host, port) = try Self.hostAndPort(authority)
    }

    /// Another path of the same server.
    package init(origin: HTTPURL, path: String) {
        self = origin
        self.path = path
    }

    private static func hostAndPort(_ authority: Substring) throws(HTTPError) -> (String, Int?) {
        var host = authority
        var portText: Substring?
        if authority.first == "[" {
            guard let close = authority.firstIndex(of: "]") else { throw HTTPError(.badURL, "'[' is not closed") }
            host = authority[authority.index(after: authority.startIndex)..<close]
            let after = authority[authority.index(after: close)...]
            if after.first == ":" {
                portText = after.dropFirst()
            } else if !after.isEmpty {
                throw HTTPError(.badURL, "text after ']' is no port")
            }
        } else if let colon = authority.lastIndex(of: ":") {
            host = authority[..<colon]
            portText = authority[authority.index(after: colon)...]
            guard !host.contains(":") else { throw HTTPError(.badURL, "an IPv6 address stands in brackets: [::1]") }
        }
        guard !host.isEmpty else { throw HTTPError(.badURL, "it names no host") }
        guard let portText, !portText.isEmpty else { return (String(host), nil) }
        guard let port = UInt16(portText), port > 0 else { throw HTTPError(.badURL, "'\(portText)' is no port") }
        return (String(host), Int(port))
    }

    /// The port, or the scheme's own.
    package var effectivePort: Int { port ?? (scheme == "https" ? 443 : 80) }

    /// The host with brackets around an IPv6 address.
    package var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }

    /// `host` or `host:port`, as a `Host` header has it.
    package var authority: String { port.map { "\(bracketedHost):\($0)" } ?? bracketedHost }
}

extension HTTPURL: CustomStringConvertible {
    /// The URL without user and password.
    package var description: String { "\(scheme)://\(authority)\(path)" }
}

extension String {
    /// The first place of a short ASCII text.
    func range(ofASCII needle: StaticString) -> Range<String.Index>? {
        let needle = "\(needle)"
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
            start = index(after: start)
        }
        return nil
    }
}
