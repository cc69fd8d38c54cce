internal import HTTP
internal import Manifests
internal import Rendering

/// A registry that holds charts as OCI artifacts (distribution specification 1.1, and its token authentication).
actor OCIRegistry {
    /// The registry's host, with its port where it names one.
    private let host: String
    private let origin: String
    private let web: WebAccess
    private let credentials: RegistryCredentials
    /// Tokens by the scope that they are for.
    private var tokens: [String: String] = [:]

    private static let manifestTypes =
        "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json"
    private static let layerTypes = ["application/vnd.cncf.helm.chart.content.v1.tar+gzip", "application/tar+gzip"]
    private static let manifestBytesMax = 4 << 20
    private static let archiveBytesMax: Int64 = 100 << 20
    private static let tagPagesMax = 200

    init(host: String, tls: HTTPTLSConfiguration, environment: ChartEnvironment) throws {
        // Docker Hub's registry has another name than people call it by.
        self.host = host
        let server = host == "docker.io" || host == "index.docker.io" ? "registry-1.docker.io" : host
        // A registry on this very machine is asked without TLS, as Docker does.
        let name = (try? HTTPURL("https://\(server)"))?.host ?? server
        origin = (WebAccess.isLoopback(name) ? "http://" : "https://") + server
        web = WebAccess(url: try WebAccess.url(origin), tls: tls, environment: environment)
        credentials = RegistryCredentials(environment: environment)
    }

    /// The archive of a chart.
    /// - Parameter path: the repository in the registry, the chart's name at its end.
    func archive(path: String, reference: ChartReference, cache: ChartCache) async throws -> ChartArchive {
        var version = reference.version
        if !VersionChoice.isExact(version) {
            let versions = try await versions(path)
            guard let index = try VersionChoice.index(of: version, in: versions) else {
                let some = versions.isEmpty ? "" : "; the newest are \(VersionChoice.newest(versions))"
                throw Diagnostic("oci://\(host)/\(path) has no version \(version.isEmpty ? "" : "in \(version)")\(some)")
            }
            version = versions[index]
        }
        let layer = try await layer(path, version)
        if let known = cache.archive(digest: layer) { return ChartArchive(bytes: known, version: version, digest: layer) }
        let response = try await get("\(origin)/v2/\(path)/blobs/\(layer)", path: path)
        guard response.status == 200 else { throw refusal(response, "the blob \(layer) of \(path)") }
        try ChartDigest.check(response.body, is: layer, "what \(host) gave for oci://\(host)/\(path):\(version)")
        return ChartArchive(bytes: response.body, version: version, digest: layer)
    }

    /// The digest of the layer that is the chart.
    private func layer(_ path: String, _ version: String) async throws -> String {
        // A tag cannot have '+'.
        let tag = String(version.map { $0 == "+" ? "_" : $0 })
        let response = try await get(
            "\(origin)/v2/\(path)/manifests/\(tag)", path: path, headers: [("Accept", Self.manifestTypes)])
        if response.status == 404 {
            throw Diagnostic("oci://\(host)/\(path) has no version \(version)", advice: "check the chart's name and its version")
        }
        guard response.status == 200 else { throw refusal(response, "the manifest of \(path):\(tag)") }
        let name = "oci://\(host)/\(path):\(tag)"
        guard response.body.count <= Self.manifestBytesMax else { throw Diagnostic("the manifest of \(name) is too large") }
        if let digest = response.headers["Docker-Content-Digest"], digest.hasPrefix("sha256:") {
            try ChartDigest.check(response.body, is: digest, "the manifest of \(name)")
        }
        guard let manifest = try? JSONParser.parse(response.body) else { throw Diagnostic("the manifest of \(name) is no JSON") }
        let layers = manifest["layers"]?.array ?? []
        guard let layer = layers.first(where: { Self.layerTypes.contains($0["mediaType"]?.string ?? "") }),
            let digest = layer["digest"]?.string, digest.hasPrefix("sha256:"), digest.utf8.count == 71
        else {
            let types = layers.compactMap { $0["mediaType"]?.string }.joined(separator: ", ")
            throw Diagnostic("\(name) is no chart: its manifest has \(types.isEmpty ? "no layers" : "layers of type \(types)")")
        }
        if let size = layer["size"]?.int, size > Self.archiveBytesMax {
            throw Diagnostic("\(name) has \(size) bytes; a chart has at most \(Self.archiveBytesMax)")
        }
        return digest
    }

    /// All versions, in the order of the registry.
    private func versions(_ path: String) async throws -> [String] {
        var tags: [String] = []
        var next: String? = "\(origin)/v2/\(path)/tags/list"
        var pages = 0
        while let url = next {
            pages += 1
            guard pages <= Self.tagPagesMax else { throw Diagnostic("oci://\(host)/\(path) lists its tags without end") }
            let response = try await get(url, path: path)
            if response.status == 404 { throw Diagnostic("there is no oci://\(host)/\(path)", advice: "check the chart's name") }
            guard response.status == 200 else { throw refusal(response, "the tags of \(path)") }
            guard let body = try? JSONParser.parse(response.body) else {
                throw Diagnostic("\(host) answers with something that is no JSON")
            }
            tags += (body["tags"]?.array ?? []).compactMap(\.string)
            next = nil
            if let link = response.headers["Link"], let target = Self.nextPage(link) {
                next = WebAccess.resolved(target, against: try WebAccess.url(url))
            }
        }
        return tags.map { tag in String(tag.map { $0 == "_" ? "+" : $0 }) }
    }

    /// The target of `<…>; rel="next"`.
    static func nextPage(_ header: String) -> String? {
        guard header.contains("rel=\"next\"") || header.contains("rel=next"), let open = header.firstIndex(of: "<"),
            let close = header[open...].firstIndex(of: ">")
        else { return nil }
        return String(header[header.index(after: open)..<close])
    }

    // MARK: Authentication

    private func get(_ url: String, path: String, headers: [(name: String, value: String)] = []) async throws -> HTTPResponse {
        let scope = "repository:\(path):pull"
        var credential = WebAccess.Credential(authorization: tokens[scope])
        let response = try await web.get(url, headers: headers, credential: credential)
        guard response.status == 401 else { return response }
        let challenges = response.headers.all("WWW-Authenticate").compactMap(AuthChallenge.init)
        guard let challenge = challenges.first(where: { $0.scheme == "bearer" }) ?? challenges.first(where: { $0.scheme == "basic" }) else {
            return response
        }
        guard let authorization = try await authorization(challenge, scope: scope) else { return response }
        tokens[scope] = authorization
        credential.authorization = authorization
        return try await web.get(url, headers: headers, credential: credential)
    }

    private func authorization(_ challenge: AuthChallenge, scope: String) async throws -> String? {
        let known = try await credentials.credential(for: host)
        if challenge.scheme == "basic" { return known?.basic }
        guard let realm = challenge.parameters["realm"] else { return nil }
        let realmURL = try WebAccess.url(realm)
        // Credentials go to the authorization server that the registry names; never in clear text over a network.
        guard realmURL.scheme == "https" || WebAccess.isLoopback(realmURL.host) else {
            throw Diagnostic("\(host) asks for credentials to be sent to \(realmURL.authority) without encryption: this is not done")
        }
        let service = challenge.parameters["service"] ?? ""
        let scope = challenge.parameters["scope"] ?? scope
        let query = "service=\(Self.escaped(service))&scope=\(Self.escaped(scope))&client_id=plumb"
        let answer: HTTPResponse
        if case .identityToken(let token)? = known {
            let form = query + "&grant_type=refresh_token&refresh_token=\(Self.escaped(token))"
            answer = try await web.get(
                realm, headers: [("Content-Type", "application/x-www-form-urlencoded")], method: "POST", body: Array(form.utf8))
        } else {
            answer = try await web.get(
                realm + (realm.contains("?") ? "&" : "?") + query, credential: .init(authorization: known?.basic))
        }
        guard answer.status == 200, let body = try? JSONParser.parse(answer.body),
            let token = body["token"]?.string ?? body["access_token"]?.string
        else { throw refusal(answer, "a token for \(scope)") }
        return "Bearer \(token)"
    }

    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            let isPlain = byte >= 0x30 && byte <= 0x39 || (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A || "-._~".utf8.contains(byte)
            if isPlain { result.append(byte) } else { result += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private func refusal(_ response: HTTPResponse, _ what: String) -> Diagnostic {
        switch response.status {
        case 401, 403:
            Diagnostic(
                "\(host) does not give \(what): status \(response.status)",
                advice: "sign in with 'helm registry login \(host)' or 'docker login \(host)'; a chart that does not exist is refused alike"
            )
        case 429: Diagnostic("\(host) does not give \(what): too many requests", advice: "sign in, or try again later")
        default: Diagnostic("\(host) does not give \(what): status \(response.status)")
        }
    }
}
