internal import HTTP
internal import Manifests

/// `repositories.yaml`: what `helm repo add` noted of repositories.
struct RepositoriesFile: Sendable {
    struct Entry: Sendable {
        var name = ""
        var url = ""
        var username = ""
        var password = ""
        /// Whether the credentials also go to other hosts that the index names.
        var passesCredentialsAll = false
        var tls = HTTPTLSConfiguration()
    }

    let entries: [Entry]

    /// The entries of a file; none when there is no such file.
    /// - Throws: `Diagnostic` when it cannot be read as YAML, or names files that are missing.
    init(path: String) throws {
        guard let bytes = DiskFile.read(path), let value = try YAMLLoader.load(bytes, file: path).first?.value else {
            entries = []
            return
        }
        entries = try (value["repositories"]?.array ?? []).map { item in
            func text(_ key: String) -> String { item[key]?.string ?? "" }
            func file(_ key: String) throws -> [UInt8]? {
                let name = text(key)
                if name.isEmpty { return nil }
                guard let bytes = DiskFile.read(name) else {
                    throw Diagnostic("cannot read '\(name)', the \(key) of repository '\(text("name"))'", at: SourcePosition(file: path))
                }
                return bytes
            }
            return Entry(
                name: text("name"), url: text("url"), username: text("username"), password: text("password"),
                passesCredentialsAll: item["pass_credentials_all"]?.bool ?? false,
                tls: HTTPTLSConfiguration(
                    certificateAuthority: try file("caFile"), clientCertificate: try file("certFile"), clientKey: try file("keyFile"),
                    isInsecure: item["insecure_skip_tls_verify"]?.bool ?? false))
        }
    }

    /// The entry of a URL, whatever slashes it ends with.
    func entry(url: String) -> Entry? {
        let wanted = Self.trimmed(url)
        return entries.first { Self.trimmed($0.url) == wanted }
    }

    /// The entry that `@name` or `alias:name` stands for.
    func entry(alias: String) -> Entry? { entries.first { $0.name == alias } }

    static func trimmed(_ url: String) -> String {
        var url = url[...]
        while url.hasSuffix("/") { url = url.dropLast() }
        return String(url)
    }
}
