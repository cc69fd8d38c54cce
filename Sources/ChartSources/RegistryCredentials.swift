internal import Manifests

/// Credentials for registries out of files in Docker's form, Helm's own among them.
struct RegistryCredentials: Sendable {
    enum Credential: Sendable, Equatable {
        case password(user: String, password: String)
        /// A token that an authorization server gives access tokens for.
        case identityToken(String)

        /// The value of a Basic `Authorization` header.
        var basic: String? {
            guard case .password(let user, let password) = self else { return nil }
            return "Basic " + Base64.encode(Array("\(user):\(password)".utf8))
        }
    }

    let environment: ChartEnvironment

    /// What the first file that knows the registry says of it; `nil` when none does.
    /// - Throws: `Diagnostic` when a credential helper fails.
    func credential(for host: String) async throws -> Credential? {
        for path in environment.registryFiles {
            guard let bytes = DiskFile.read(path) else { continue }
            let file: Value
            do {
                file = try JSONParser.parse(bytes)
            } catch {
                throw Diagnostic("not valid JSON: \(error.message)", at: SourcePosition(file: path, line: error.line))
            }
            if let credential = try await credential(for: host, in: file) { return credential }
        }
        return nil
    }

    private func credential(for host: String, in file: Value) async throws -> Credential? {
        if let helper = file["credHelpers"]?[host]?.string, !helper.isEmpty {
            return try await CredentialHelper(name: helper, environment: environment).credential(for: host)
        }
        if let store = file["credsStore"]?.string, !store.isEmpty,
            let stored = try await CredentialHelper(name: store, environment: environment).credential(for: host)
        {
            return stored
        }
        guard let entries = file["auths"]?.object else { return nil }
        let entry = Self.keys(host).compactMap { entries[$0] }.first
        return entry.flatMap(Self.credential)
    }

    /// The keys that a registry may stand under.
    private static func keys(_ host: String) -> [String] {
        var keys = [host, "https://\(host)", "https://\(host)/", "https://\(host)/v1/", "https://\(host)/v2/", "http://\(host)"]
        if host == "docker.io" || host == "registry-1.docker.io" || host == "index.docker.io" {
            keys += ["https://index.docker.io/v1/", "index.docker.io", "docker.io"]
        }
        return keys
    }

    static func credential(_ entry: Value) -> Credential? {
        if let token = entry["identitytoken"]?.string, !token.isEmpty { return .identityToken(token) }
        if let auth = entry["auth"]?.string, !auth.isEmpty, let bytes = Base64.decode(auth) {
            let text = String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
            guard let colon = text.firstIndex(of: ":") else { return nil }
            return .password(user: String(text[..<colon]), password: String(text[text.index(after: colon)...]))
        }
        guard let user = entry["username"]?.string, let password = entry["password"]?.string, !user.isEmpty else { return nil }
        return .password(user: user, password: password)
    }
}
