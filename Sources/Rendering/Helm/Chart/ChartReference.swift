/// A chart that is published somewhere else than in the repository.
package struct ChartReference: Hashable, Sendable {
    /// `https://…` for a repository with an index, `oci://…` for a registry: what stands before the chart's name.
    package var repository: String
    package var name: String
    /// A version or a range of versions, as `Chart.yaml` names them of a dependency; empty for the newest that is no prerelease.
    package var version: String
    /// The digest that the archive must have (`sha256:…`); empty when any will do.
    package var digest: String

    package init(repository: String, name: String, version: String = "", digest: String = "") {
        self.repository = repository
        self.name = name
        self.version = version
        self.digest = digest
    }

    /// A reference whose repository may hold the chart's name: `oci://registry/charts/web`.
    package init(location: String, version: String = "", digest: String = "") {
        let slash = location.lastIndex(of: "/")
        self.init(
            repository: slash.map { String(location[..<$0]) } ?? "",
            name: slash.map { String(location[location.index(after: $0)...]) } ?? location,
            version: version, digest: digest)
    }

    package var isOCI: Bool { repository.hasPrefix("oci://") }
}

extension ChartReference: CustomStringConvertible {
    /// `web 1.2.x of https://charts.example.com`, without user and password.
    package var description: String {
        "\(name)\(version.isEmpty ? "" : " " + version) of \(Self.withoutUser(repository))"
    }

    /// The URL without a user and a password in it.
    package static func withoutUser(_ url: String) -> String {
        guard let scheme = url.firstIndex(of: ":"), url[scheme...].hasPrefix("://") else { return url }
        let start = url.index(scheme, offsetBy: 3)
        let end = url[start...].firstIndex(of: "/") ?? url.endIndex
        guard let at = url[start..<end].lastIndex(of: "@") else { return url }
        return String(url[..<start] + url[url.index(after: at)...])
    }
}

/// A chart's archive as a repository or a registry gave it.
package struct ChartArchive: Sendable {
    /// The `.tgz`.
    package var bytes: [UInt8]
    /// The version that the reference's range led to.
    package var version: String
    /// `sha256:` and the digest of the bytes, which has been checked where the other side names one.
    package var digest: String

    package init(bytes: [UInt8], version: String, digest: String) {
        self.bytes = bytes
        self.version = version
        self.digest = digest
    }
}

/// Fetches charts that are published. Rendering itself knows no network.
package protocol ChartSource: Sendable {
    /// The archive of the newest version that the reference allows.
    /// - Throws: `Diagnostic` when there is none, it cannot be reached, or its digest is wrong.
    func archive(of reference: ChartReference) async throws -> ChartArchive
}
