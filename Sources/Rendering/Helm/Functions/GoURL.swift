/// A URL as Go's `net/url` takes it apart and puts it together.
struct GoURL {
    var scheme = ""
    var opaque = ""
    /// The user's name, unescaped; `nil` without one.
    var user: String?
    var password: String?
    var host = ""
    var path = ""
    /// The path as it was written, where it differs from the default encoding.
    private var rawPath = ""
    var query = ""
    private var forcesQuery = false
    var fragment = ""

    init() {}

    /// - Throws: `GoError` in Go's words.
    init(_ text: String) throws {
        var rest = text
        if rest.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw GoError("parse \(GoQuote.quote(text)): net/url: invalid control character in URL")
        }
        do {
            if let hash = rest.firstIndex(of: "#") {
                fragment = try Self.unescape(String(rest[rest.index(after: hash)...]))
                rest = String(rest[..<hash])
            }
            try parse(rest)
        } catch {
            throw GoError("parse \(GoQuote.quote(text)): \(error)")
        }
    }

    private mutating func parse(_ text: String) throws {
        var rest = try takeScheme(text)
        if rest.hasSuffix("?"), rest.utf8.filter({ $0 == UInt8(ascii: "?") }).count == 1 {
            forcesQuery = true
            rest.removeLast()
        } else if let mark = rest.firstIndex(of: "?") {
            query = String(rest[rest.index(after: mark)...])
            rest = String(rest[..<mark])
        }
        if !rest.hasPrefix("/") {
            if !scheme.isEmpty {
                opaque = rest
                return
            }
            let segment = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
            if segment.utf8.contains(UInt8(ascii: ":")) { throw GoError("first path segment in URL cannot contain colon") }
        }
        if rest.hasPrefix("//"), !scheme.isEmpty || !rest.hasPrefix("///") {
            rest.removeFirst(2)
            let end = rest.firstIndex(of: "/") ?? rest.endIndex
            let authority = String(rest[..<end])
            rest = String(rest[end...])
            try parseAuthority(authority)
        }
        path = try Self.unescape(rest)
        rawPath = rest == Self.escapePath(path) ? "" : rest
    }

    private mutating func takeScheme(_ text: String) throws -> String {
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case 0x41...0x5A, 0x61...0x7A: continue
            case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                if index == 0 { return text }
            case UInt8(ascii: ":"):
                if index == 0 { throw GoError("missing protocol scheme") }
                scheme = String(decoding: text.utf8.prefix(index), as: UTF8.self).lowercased()
                return String(decoding: text.utf8.dropFirst(index + 1), as: UTF8.self)
            default: return text
            }
        }
        return text
    }

    private mutating func parseAuthority(_ authority: String) throws {
        var hostText = authority
        if let at = authority.lastIndex(of: "@") {
            hostText = String(authority[authority.index(after: at)...])
            let userinfo = String(authority[..<at])
            let isValid = userinfo.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "-._:~!$&'()*+,;=%@".utf8.contains(byte)
                }
            }
            guard isValid else { throw GoError("net/url: invalid userinfo") }
            if let colon = userinfo.firstIndex(of: ":") {
                user = try Self.unescape(String(userinfo[..<colon]))
                password = try Self.unescape(String(userinfo[userinfo.index(after: colon)...]))
            } else {
                user = try Self.unescape(userinfo)
            }
        }
        host = try Self.checkedHost(hostText)
    }

    private static func checkedHost(_ text: String) throws -> String {
        var portStart: String.Index?
        if text.hasPrefix("[") {
            guard let close = text.lastIndex(of: "]") else { throw GoError("missing ']' in host") }
            portStart = text.index(after: close)
        } else {
            portStart = text.lastIndex(of: ":")
        }
        if let portStart, portStart < text.endIndex {
            let port = text[portStart...]
            let isValid = port.first == ":" && port.dropFirst().utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
            guard isValid else { throw GoError("invalid port \(GoQuote.quote(String(port))) after host") }
        }
        for byte in text.utf8 where byte == 0x20 {
            throw GoError("invalid character \(GoQuote.quote(String(UnicodeScalar(byte)))) in host name")
        }
        return try unescape(text)
    }

    /// The host without its port and brackets.
    var hostname: String {
        if host.hasPrefix("["), let close = host.lastIndex(of: "]") { return String(host[host.index(after: host.startIndex)..<close]) }
        if let colon = host.lastIndex(of: ":") { return String(host[..<colon]) }
        return host
    }

    /// `user:password`, escaped; `nil` without a user.
    var userText: String? {
        guard let user else { return nil }
        func escaped(_ text: String) -> String {
            String(decoding: GoEscaping.percent(Array(text.utf8)) { "$&+,;=".utf8.contains($0) }, as: UTF8.self)
        }
        return escaped(user) + (password.map { ":" + escaped($0) } ?? "")
    }

    var text: String {
        var result = scheme.isEmpty ? "" : scheme + ":"
        if !opaque.isEmpty {
            result += opaque
        } else {
            if !scheme.isEmpty || !host.isEmpty || user != nil, !(host.isEmpty && user == nil && path.isEmpty && scheme.isEmpty) {
                if !host.isEmpty || !path.isEmpty || user != nil { result += "//" }
                if let userText { result += userText + "@" }
                result += String(decoding: GoEscaping.percent(Array(host.utf8)) { "!$&'()*+,;=:[]<>\"".utf8.contains($0) }, as: UTF8.self)
            }
            let escaped = rawPath.isEmpty ? Self.escapePath(path) : rawPath
            if !escaped.isEmpty, !escaped.hasPrefix("/"), !host.isEmpty { result += "/" }
            if result.isEmpty, let segment = escaped.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).first,
                segment.utf8.contains(UInt8(ascii: ":"))
            {
                result += "./"
            }
            result += escaped
        }
        if forcesQuery || !query.isEmpty { result += "?" + query }
        if !fragment.isEmpty {
            result += "#" + String(decoding: GoEscaping.percent(Array(fragment.utf8)) { "$&+,/:;=?@!()*".utf8.contains($0) }, as: UTF8.self)
        }
        return result
    }

    private static func escapePath(_ path: String) -> String {
        if path == "*" { return path }
        return String(decoding: GoEscaping.percent(Array(path.utf8)) { "$&+,/:;=@".utf8.contains($0) }, as: UTF8.self)
    }

    private static func unescape(_ text: String) throws -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "%")) else { return text }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "%") else {
                result.append(bytes[index])
                index += 1
                continue
            }
            let digits = String(decoding: bytes[(index + 1)..<min(index + 3, bytes.count)], as: UTF8.self)
            guard digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit), let byte = UInt8(digits, radix: 16) else {
                throw GoError("invalid URL escape \(GoQuote.quote("%" + digits))")
            }
            result.append(byte)
            index += 3
        }
        return String(decoding: result, as: UTF8.self)
    }
}
