internal import HTTP
internal import Manifests
internal import Rendering

/// A repository with an `index.yaml`, as `helm repo add` knows them.
actor IndexRepository {
    private let url: String
    private let web: WebAccess
    private let credential: WebAccess.Credential
    /// The charts of the index, read once in a run.
    private var charts: Value?

    private static let archiveBytesMax = 100 << 20

    /// - Parameter entry: what the user's list of repositories says of it.
    init(url: String, entry: RepositoriesFile.Entry?, environment: ChartEnvironment) throws {
        let parsed = try WebAccess.url(url)
        // Without a user and a password, which go into a header.
        self.url = RepositoriesFile.trimmed("\(parsed)")
        var credential = WebAccess.Credential(goesToAllHosts: entry?.passesCredentialsAll ?? false)
        if let entry, !entry.username.isEmpty {
            credential.authorization = "Basic " + Base64.encode(Array("\(entry.username):\(entry.password)".utf8))
        } else if let user = parsed.userInfo {
            credential.authorization = "Basic " + Base64.encode(Array(Self.unescaped(user)))
        }
        self.credential = credential
        web = WebAccess(url: parsed, tls: entry?.tls ?? HTTPTLSConfiguration(), environment: environment)
    }

    func archive(of reference: ChartReference, cache: ChartCache) async throws -> ChartArchive {
        let charts = try await index()
        guard let entries = charts[reference.name]?.array, !entries.isEmpty else {
            let names = charts.object?.members.map(\.key) ?? []
            let near = NearMatch.candidates(for: reference.name, among: names).first
            throw Diagnostic("\(url) has no chart '\(reference.name)'", advice: near.map { "did you mean '\($0)'?" })
        }
        let versions = entries.map { Self.text($0["version"]) }
        guard let place = try VersionChoice.index(of: reference.version, in: versions) else {
            let wanted = reference.version.isEmpty ? "that is no prerelease" : reference.version
            throw Diagnostic(
                "the chart '\(reference.name)' of \(url) has no version \(wanted)",
                advice: "the newest are \(VersionChoice.newest(versions))")
        }
        let entry = entries[place]
        if let digest = entry["digest"], digest.string == nil, !digest.isNull {
            throw Diagnostic(
                "the index of \(url) names a digest that is \(digest.kindDescription) for \(reference.name) \(versions[place])")
        }
        let digest = entry["digest"]?.string ?? ""
        let named = digest.isEmpty ? "" : digest.hasPrefix("sha256:") ? digest.lowercased() : "sha256:" + digest.lowercased()
        if !named.isEmpty, let known = cache.archive(digest: named) {
            return ChartArchive(bytes: known, version: versions[place], digest: named)
        }
        guard let location = entry["urls"]?.array?.first?.string, !location.isEmpty else {
            throw Diagnostic("the index of \(url) names no archive for \(reference.name) \(versions[place])")
        }
        let address = WebAccess.resolved(location, against: try WebAccess.url(url + "/index.yaml"))
        guard address.hasPrefix("https://") || address.hasPrefix("http://") else {
            throw Diagnostic("the index of \(url) names an archive that cannot be fetched over HTTP: \(location)")
        }
        let bytes = try await fetch(address, "the archive of \(reference.name) \(versions[place])")
        guard bytes.count <= Self.archiveBytesMax else { throw Diagnostic("the archive \(address) is too large for a chart") }
        if !named.isEmpty { try ChartDigest.check(bytes, is: named, "the archive \(address)") }
        return ChartArchive(bytes: bytes, version: versions[place], digest: ChartDigest.text(of: bytes))
    }

    /// A text that may stand without quotes where it reads as a number.
    private static func text(_ value: Value?) -> String {
        switch value {
        case .string(let text)?: text
        case .int(let int)?: String(int)
        case .double(let double)?: NumberText.json(double)
        default: ""
        }
    }

    private func index() async throws -> Value {
        if let charts { return charts }
        let bytes = try await fetch(url + "/index.yaml", "the index of the repository")
        let value: Value
        do {
            let isJSON = bytes.first { $0 > 0x20 } == UInt8(ascii: "{")
            value =
                try isJSON
                ? JSONParser.parse(bytes)
                : YAMLLoader.load(bytes, file: "index.yaml", options: .init(allowsDuplicateKeys: true)).first?.value ?? .null
        } catch {
            throw Diagnostic("the index of \(url) cannot be read: \(error)")
        }
        guard let entries = value["entries"], entries.object != nil else {
            throw Diagnostic("\(url)/index.yaml is no index of charts", advice: "check the repository's URL")
        }
        charts = entries
        return entries
    }

    private func fetch(_ address: String, _ what: String) async throws -> [UInt8] {
        // Archives elsewhere get credentials only where the user's list says so.
        let parsed = try WebAccess.url(address)
        let own = try WebAccess.url(url)
        let isSameHost = parsed.host == own.host && parsed.effectivePort == own.effectivePort && parsed.scheme == own.scheme
        let response = try await web.get(
            address, credential: isSameHost || credential.goesToAllHosts ? credential : WebAccess.Credential())
        switch response.status {
        case 200: return response.body
        case 401, 403:
            throw Diagnostic(
                "\(parsed.authority) does not give \(what): status \(response.status)",
                advice: "add the repository with its credentials: helm repo add NAME \(url) --username … --password …")
        default:
            throw Diagnostic("\(parsed.authority) does not give \(what): status \(response.status)", advice: "check the repository's URL")
        }
    }

    /// The bytes of a text with `%41` for a byte.
    private static func unescaped(_ text: String) -> [UInt8] {
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, rest.count >= 2, let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                result.append(code)
                rest = rest.dropFirst(2)
            } else {
                result.append(byte)
            }
        }
        return result
    }
}
