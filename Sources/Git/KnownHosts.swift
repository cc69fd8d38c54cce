import Crypto
import Manifests

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The host keys that may be trusted, out of OpenSSH's known hosts files (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").
struct KnownHosts: Sendable {
    private struct Line {
        var isRevoked: Bool
        var patterns: [String]
        var key: String
    }

    private let lines: [Line]
    private static let fileBytesMax = 16 << 20

    /// The file that `PLUMB_GIT_KNOWN_HOSTS` names, or the user's own and the system's.
    init(environment: GitEnvironment) {
        let own = environment.variable("PLUMB_GIT_KNOWN_HOSTS").map { [$0] }
        let files =
            own ?? [
                "\(environment.homeDirectory)/.ssh/known_hosts", "\(environment.homeDirectory)/.ssh/known_hosts2",
                "/etc/ssh/ssh_known_hosts",
            ]
        self.init(texts: files.compactMap(Self.text))
    }

    init(texts: [String]) {
        lines = texts.flatMap { $0.split(whereSeparator: \.isNewline) }.compactMap(Self.line)
    }

    private static func text(of file: String) -> String? {
        guard let tree = try? WorkingFolderTree(root: TreePath.parent(file)), let path = realpath(file, nil) else { return nil }
        defer { free(path) }
        // The file itself may be a link, as managed home folders have them.
        let real = String(cString: path)
        let folder = try? WorkingFolderTree(root: TreePath.parent(real))
        guard let bytes = try? (folder ?? tree).read(TreePath.name(real)), bytes.count <= fileBytesMax else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func line(_ text: Substring) -> Line? {
        var fields = text.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard let first = fields.first, !first.hasPrefix("#") else { return nil }
        var isRevoked = false
        if first.hasPrefix("@") {
            // Certificate authorities are not understood by libgit2: their lines do not count.
            guard first == "@revoked" else { return nil }
            isRevoked = true
            fields.removeFirst()
        }
        guard fields.count >= 3 else { return nil }
        return Line(isRevoked: isRevoked, patterns: fields[0].split(separator: ",").map(String.init), key: String(fields[2]))
    }

    /// Whether a host has this key (the raw bytes of its public key), and nobody revoked it.
    func isKnown(host: String, port: UInt16?, key: [UInt8]) -> Bool {
        let name = port.map { $0 == 22 ? host : "[\(host)]:\($0)" } ?? host
        let text = Base64.encode(key)
        let matching = lines.filter { $0.key == text }
        if matching.contains(where: { $0.isRevoked && Self.matches($0.patterns, name) }) { return false }
        return matching.contains { !$0.isRevoked && Self.matches($0.patterns, name) }
    }

    private static func matches(_ patterns: [String], _ name: String) -> Bool {
        var isFound = false
        for pattern in patterns {
            if pattern.hasPrefix("|1|") {
                if isHash(pattern, of: name) { isFound = true }
            } else if pattern.hasPrefix("!") {
                if isMatch(Array(pattern.dropFirst().lowercased().utf8), Array(name.utf8)) { return false }
            } else if isMatch(Array(pattern.lowercased().utf8), Array(name.utf8)) {
                isFound = true
            }
        }
        return isFound
    }

    /// `|1|<salt>|<HMAC-SHA1 of the name>`
    private static func isHash(_ pattern: String, of name: String) -> Bool {
        let parts = pattern.split(separator: "|")
        guard parts.count == 3, let salt = Base64.decode(String(parts[1])) else { return false }
        let code = HMAC<Insecure.SHA1>.authenticationCode(for: Array(name.utf8), using: SymmetricKey(data: salt))
        return Base64.encode(Array(code)) == parts[2]
    }

    /// `*` and `?`, without recursion: one `*` is remembered to come back to.
    private static func isMatch(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
        var (p, n) = (0, 0)
        var star: (pattern: Int, name: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                star = (p, n)
                p += 1
            } else if p < pattern.count, pattern[p] == UInt8(ascii: "?") || pattern[p] == name[n] {
                p += 1
                n += 1
            } else if let back = star {
                star = (back.pattern, back.name + 1)
                p = back.pattern + 1
                n = back.name + 1
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
