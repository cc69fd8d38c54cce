import Manifests

/// The user name and password for one HTTPS host: out of the location itself, or of `PLUMB_GIT_TOKEN`.
struct GitCredentials: Sendable {
    let user: String
    let password: String

    /// `nil` when there is nothing to offer to this location's host: the user's own helpers are asked then.
    init?(for location: GitLocation, environment: GitEnvironment) throws(Diagnostic) {
        guard location.kind == .https || location.kind == .http else { return nil }
        let fallbackUser = environment.variable("PLUMB_GIT_USERNAME") ?? "x-access-token"
        if let password = location.password {
            user = location.user ?? fallbackUser
            self.password = password
        } else if let token = environment.variable("PLUMB_GIT_TOKEN"), Self.isMeant(for: location, environment: environment) {
            user = location.user ?? fallbackUser
            password = Self.trimmed(token)
        } else {
            return nil
        }
        guard !"\(user)\(password)".utf8.contains(where: { $0 < 0x20 }) else {
            throw Diagnostic(
                "the Git credentials hold a line break or another control character",
                advice: "look at PLUMB_GIT_TOKEN and PLUMB_GIT_USERNAME")
        }
        guard location.kind == .https || Self.isLoopback(location.host) else {
            throw Diagnostic(
                "the token would go to '\(location.host)' unencrypted",
                advice: "use https://, or unset PLUMB_GIT_TOKEN for this repository")
        }
    }

    private static func isMeant(for location: GitLocation, environment: GitEnvironment) -> Bool {
        guard let hosts = environment.variable("PLUMB_GIT_TOKEN_HOST") else { return true }
        return hosts.lowercased().split(separator: ",").contains { host in
            let host = host.filter { $0 != " " }
            return host == location.authority ?? "" || host == location.host && location.port == nil
        }
    }

    private static func isLoopback(_ host: String) -> Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    /// A token that was read from a file often brings the file's last line break.
    private static func trimmed(_ token: String) -> String {
        var token = token
        while let last = token.last, last.isNewline { token.removeLast() }
        return token
    }
}
