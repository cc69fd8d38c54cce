package import Manifests

/// Where a repository is: a local path, or a `file`, `https`, `http` or `ssh` URL, or SSH in scp's form.
///
/// Two locations are equal when they name the same place with the same credentials.
package struct GitLocation: Hashable, Sendable {
    package enum Kind: Hashable, Sendable { case local, file, https, http, ssh }

    package let kind: Kind
    /// What `git` is given: the URL without password, token or (but for SSH) user name; the absolute path of a local one.
    package let url: String
    /// Lower case; empty for local paths and `file`.
    package let host: String
    package let port: UInt16?
    /// The path on the host, or the local one.
    package let path: String
    /// The user name that the URL carries.
    let user: String?
    /// The password or token that the URL carries; goes nowhere but to the host.
    let password: String?

    /// Whether the repository has to be fetched into the cache.
    package var isRemote: Bool { kind != .local }

    /// `host`, or `host:port` where the URL names a port; `nil` for what is on this machine.
    package var authority: String? {
        guard !host.isEmpty else { return nil }
        return port.map { "\(host):\($0)" } ?? host
    }

    init(kind: Kind, url: String, host: String = "", port: UInt16? = nil, path: String, user: String? = nil, password: String? = nil) {
        self.kind = kind
        self.url = url
        self.host = host
        self.port = port
        self.path = path
        self.user = user
        self.password = password
    }

    /// Reads what a user wrote.
    /// - Parameter workingDirectory: the absolute folder that a relative path starts from.
    /// - Throws: `Diagnostic` for other transports, options in disguise, and text that is no location.
    package init(parsing text: String, relativeTo workingDirectory: String) throws(Diagnostic) {
        self = try GitLocationParser(text: text, workingDirectory: workingDirectory).parse()
    }
}

extension GitLocation: CustomStringConvertible {
    /// The URL or path, without any credentials.
    package var description: String { url }
}
