import Manifests

/// Reads the text of a `GitLocation`. Refuses more than `git` does: nothing here may become an option or run a command.
struct GitLocationParser {
    let text: String
    let workingDirectory: String

    private static let bytesMax = 4096

    func parse() throws(Diagnostic) -> GitLocation {
        guard !text.isEmpty else { throw Diagnostic("the repository's location is empty", advice: "give a path or a URL") }
        guard text.utf8.count <= Self.bytesMax else { throw Diagnostic("the repository's location is longer than \(Self.bytesMax) bytes") }
        guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw Diagnostic("the repository's location holds a control character", advice: "give a path or a URL on one line")
        }
        guard !text.hasPrefix("-") else {
            throw Diagnostic("a repository's location must not begin with '-'", advice: "write './-…' for a folder of such a name")
        }
        let bytes = Array(text.utf8)
        if let (scheme, rest) = Self.scheme(of: bytes) { return try url(scheme: scheme, rest: rest) }
        if let transport = Self.remoteHelper(bytes) {
            throw Diagnostic("the transport '\(transport)::' is not allowed", advice: Self.transportAdvice)
        }
        let slash = bytes.firstIndex(of: UInt8(ascii: "/")) ?? bytes.count
        if bytes[..<slash].contains(UInt8(ascii: ":")) { return try scpStyle(bytes) }
        return local()
    }

    private static let transportAdvice = "use a path, or a file://, https://, http:// or ssh:// URL"

    /// What stands before `://`, in lower case, and what stands after.
    private static func scheme(of bytes: [UInt8]) -> (String, [UInt8])? {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0, bytes[colon...].starts(with: Array("://".utf8)) else {
            return nil
        }
        let scheme = bytes[..<colon]
        guard scheme.allSatisfy({ isAlphanumeric($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") })
        else { return nil }
        return (String(decoding: scheme, as: UTF8.self).lowercased(), Array(bytes[(colon + 3)...]))
    }

    /// `ext::…` and the like, which make `git` run a program.
    private static func remoteHelper(_ bytes: [UInt8]) -> String? {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: Array("::".utf8)),
            bytes[..<colon].allSatisfy({ isAlphanumeric($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") })
        else { return nil }
        return String(decoding: bytes[..<colon], as: UTF8.self)
    }

    private func local() -> GitLocation {
        var absolute = text.hasPrefix("/") ? text : (workingDirectory.hasSuffix("/") ? workingDirectory : workingDirectory + "/") + text
        while absolute.utf8.count > 1, absolute.hasSuffix("/") { absolute.removeLast() }
        return GitLocation(kind: .local, url: absolute, path: absolute)
    }

    private func url(scheme: String, rest: [UInt8]) throws(Diagnostic) -> GitLocation {
        switch scheme {
        case "file": return try file(rest)
        case "https", "http", "ssh", "git+ssh", "ssh+git": return try network(scheme, rest)
        default: throw Diagnostic("the transport '\(scheme)://' is not allowed", advice: Self.transportAdvice)
        }
    }

    private func file(_ rest: [UInt8]) throws(Diagnostic) -> GitLocation {
        guard let slash = rest.firstIndex(of: UInt8(ascii: "/")) else {
            throw Diagnostic("a file:// URL names no path", advice: "write file:///path")
        }
        let host = String(decoding: rest[..<slash], as: UTF8.self).lowercased()
        guard host.isEmpty || host == "localhost" else {
            throw Diagnostic("a file:// URL must not name a host", advice: "write file:///path, with three slashes")
        }
        let raw = Self.withoutTrailingSlashes(rest[slash...])
        guard let decoded = Self.percentDecoded(raw), !decoded.contains(where: { $0 < 0x20 }) else {
            throw Diagnostic("a file:// URL is not percent-encoded well", advice: "write '%25' for '%'")
        }
        return GitLocation(
            kind: .file, url: "file://" + String(decoding: raw, as: UTF8.self), path: String(decoding: decoded, as: UTF8.self))
    }

    private func network(_ scheme: String, _ rest: [UInt8]) throws(Diagnostic) -> GitLocation {
        let slash = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.count
        let (userinfo, address) = Self.splitUserinfo(rest[..<slash])
        let (host, port) = try hostAndPort(address)
        let path = Self.withoutTrailingSlashes(rest[slash...])
        guard path.count > 1 else { throw Diagnostic("the URL of '\(host)' names no repository", advice: "add the repository's path") }
        guard !path.contains(where: { $0 == UInt8(ascii: " ") }) else {
            throw Diagnostic("the URL of '\(host)' holds a space", advice: "write '%20' for it")
        }
        let pathText = String(decoding: path, as: UTF8.self)
        let user = try userinfo.map { pair throws(Diagnostic) in try decoded(pair.user, host) } ?? nil
        let password = try userinfo?.password.map { part throws(Diagnostic) in try decoded(part, host) } ?? nil
        let isSSH = scheme.contains("ssh")
        guard isSSH || !path.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) else {
            throw Diagnostic(
                "the URL of '\(host)' holds a query", advice: "leave out what follows '?' or '#'; credentials go into PLUMB_GIT_TOKEN")
        }
        let defaultPort: UInt16 = isSSH ? 22 : scheme == "https" ? 443 : 80
        let shownPort = port.flatMap { $0 == defaultPort ? nil : $0 }
        let authority = Self.bracketed(host) + (shownPort.map { ":\($0)" } ?? "")
        if isSSH {
            guard password == nil else {
                throw Diagnostic("the SSH URL of '\(host)' holds a password", advice: "use a key: the agent's, or PLUMB_GIT_SSH_KEY")
            }
            if let user { try checkUser(user, host) }
            return GitLocation(
                kind: .ssh, url: "ssh://" + (user.map { "\($0)@" } ?? "") + authority + pathText, host: host, port: shownPort,
                path: pathText, user: user)
        }
        return GitLocation(
            kind: scheme == "https" ? .https : .http, url: "\(scheme)://\(authority)\(pathText)", host: host, port: shownPort,
            path: pathText, user: user, password: password)
    }

    /// `user@host:path`. A path that holds an `@` is refused: it is more likely to be `user:password@host`.
    private func scpStyle(_ bytes: [UInt8]) throws(Diagnostic) -> GitLocation {
        let isBracketed = bytes.first == UInt8(ascii: "[") || text.contains("@[")
        let close = isBracketed ? bytes.firstIndex(of: UInt8(ascii: "]")) : 0
        guard let close, let colon = bytes[close...].firstIndex(of: UInt8(ascii: ":")) else {
            throw Diagnostic("the repository's location has an opening bracket without a closing one", advice: Self.transportAdvice)
        }
        let path = bytes[(colon + 1)...]
        guard !path.contains(UInt8(ascii: "@")) else {
            throw Diagnostic("the repository's location is neither a URL nor user@host:path", advice: Self.transportAdvice)
        }
        let (userinfo, address) = Self.splitUserinfo(bytes[..<colon])
        let (host, _) = try hostAndPort(address)
        guard let first = path.first else {
            throw Diagnostic("the location at '\(host)' names no repository", advice: "add the repository's path")
        }
        guard first != UInt8(ascii: "-") else { throw Diagnostic("a path at '\(host)' must not begin with '-'") }
        let user = try userinfo.map { pair throws(Diagnostic) in try decoded(pair.user, host) } ?? nil
        if let user { try checkUser(user, host) }
        let pathText = String(decoding: Self.withoutTrailingSlashes(path), as: UTF8.self)
        return GitLocation(
            kind: .ssh, url: (user.map { "\($0)@" } ?? "") + Self.bracketed(host) + ":" + pathText, host: host, path: pathText, user: user)
    }

    private typealias Userinfo = (user: ArraySlice<UInt8>, password: ArraySlice<UInt8>?)

    private static func splitUserinfo(_ authority: ArraySlice<UInt8>) -> (Userinfo?, ArraySlice<UInt8>) {
        guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { return (nil, authority) }
        let info = authority[..<at]
        let address = authority[(at + 1)...]
        guard let colon = info.firstIndex(of: UInt8(ascii: ":")) else { return ((info, nil), address) }
        return ((info[..<colon], info[(colon + 1)...]), address)
    }

    private func hostAndPort(_ address: ArraySlice<UInt8>) throws(Diagnostic) -> (String, UInt16?) {
        var host = address
        var port: UInt16?
        if address.first == UInt8(ascii: "["), let close = address.firstIndex(of: UInt8(ascii: "]")) {
            host = address[(address.startIndex + 1)..<close]
            let rest = address[(close + 1)...]
            if !rest.isEmpty { port = try self.port(rest) }
            let isAddress = host.allSatisfy {
                Self.isAlphanumeric($0) || [UInt8(ascii: ":"), UInt8(ascii: "."), UInt8(ascii: "%")].contains($0)
            }
            guard !host.isEmpty, isAddress else { throw Diagnostic("the URL names no valid address between brackets") }
            return (String(decoding: host, as: UTF8.self).lowercased(), port)
        }
        if let colon = address.firstIndex(of: UInt8(ascii: ":")) {
            host = address[..<colon]
            port = try self.port(address[colon...])
        }
        let isName = host.allSatisfy { Self.isAlphanumeric($0) || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_")].contains($0) }
        guard let first = host.first, isName, first != UInt8(ascii: "-") else {
            throw Diagnostic("the repository's location names no valid host", advice: Self.transportAdvice)
        }
        return (String(decoding: host, as: UTF8.self).lowercased(), port)
    }

    /// `:port`, or a colon alone, which means the default.
    private func port(_ text: ArraySlice<UInt8>) throws(Diagnostic) -> UInt16? {
        if text.elementsEqual([UInt8(ascii: ":")]) { return nil }
        guard text.first == UInt8(ascii: ":"), let port = UInt16(String(decoding: text.dropFirst(), as: UTF8.self)), port > 0 else {
            throw Diagnostic("the repository's location names no valid port", advice: "ports are numbers from 1 to 65535")
        }
        return port
    }

    private func checkUser(_ user: String, _ host: String) throws(Diagnostic) {
        let isName = user.utf8.allSatisfy { Self.isAlphanumeric($0) || "._+-".utf8.contains($0) }
        guard isName, !user.isEmpty, !user.hasPrefix("-") else { throw Diagnostic("the location at '\(host)' names no valid user") }
    }

    private func decoded(_ bytes: ArraySlice<UInt8>, _ host: String) throws(Diagnostic) -> String? {
        if bytes.isEmpty { return nil }
        guard let decoded = Self.percentDecoded(bytes), !decoded.contains(where: { $0 < 0x20 }) else {
            throw Diagnostic("the credentials in the URL of '\(host)' are not percent-encoded well", advice: "write '%25' for '%'")
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private static func percentDecoded(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            guard bytes[index] == UInt8(ascii: "%") else {
                result.append(bytes[index])
                index += 1
                continue
            }
            guard index + 2 < bytes.endIndex, let byte = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            else { return nil }
            result.append(byte)
            index += 3
        }
        return result
    }

    private static func withoutTrailingSlashes(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var path = path
        while path.count > 1, path.last == UInt8(ascii: "/") { path.removeLast() }
        return path
    }

    private static func bracketed(_ host: String) -> String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
    }
}
