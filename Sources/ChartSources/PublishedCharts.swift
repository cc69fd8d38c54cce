internal import HTTP
internal import Manifests
package import Rendering

/// Fetches charts from repositories with an index and from OCI registries, through a cache on disk.
///
/// An exact version that was fetched before comes from the cache without a request: published versions do not change, and
/// the archive's digest is checked. Ranges are resolved anew each time.
package actor PublishedCharts: ChartSource {
    private let environment: ChartEnvironment
    private let cache: ChartCache
    private let log: @Sendable (String) -> Void
    private var repositories: [String: IndexRepository] = [:]
    private var registries: [String: OCIRegistry] = [:]
    private var knownRepositories: RepositoriesFile?

    /// - Parameter log: told what is fetched.
    package init(environment: ChartEnvironment, log: @escaping @Sendable (String) -> Void = { _ in }) {
        self.environment = environment
        cache = ChartCache(environment)
        self.log = log
    }

    package func archive(of reference: ChartReference) async throws -> ChartArchive {
        if !reference.digest.isEmpty, let bytes = cache.archive(digest: reference.digest) {
            return ChartArchive(bytes: bytes, version: reference.version, digest: reference.digest)
        }
        if VersionChoice.isExact(reference.version), let known = cache.archive(of: reference, version: reference.version) {
            try check(known, reference)
            return known
        }
        let archive: ChartArchive
        do {
            log("fetching the chart \(reference)")
            archive = try await fetch(reference)
        } catch var fault as Diagnostic {
            fault.message = "the chart \(reference) cannot be fetched: \(fault.message)"
            throw fault
        }
        try check(archive, reference)
        cache.keep(archive, of: reference)
        return archive
    }

    private func check(_ archive: ChartArchive, _ reference: ChartReference) throws {
        guard !reference.digest.isEmpty else { return }
        try ChartDigest.check(archive.bytes, is: reference.digest, "the chart \(reference)")
    }

    private func fetch(_ reference: ChartReference) async throws -> ChartArchive {
        if reference.isOCI {
            let place = reference.repository.dropFirst("oci://".count) + "/" + reference.name
            let parts = place.split(separator: "/", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw Diagnostic("oci://\(place) names no chart of a registry") }
            return try await registry(parts[0]).archive(path: parts[1], reference: reference, cache: cache)
        }
        let known = try repositoriesFile()
        var entry = known.entry(url: reference.repository)
        var url = reference.repository
        if let alias = Self.alias(url) {
            entry = known.entry(alias: alias)
            guard let entry else {
                throw Diagnostic(
                    "no repository is called '\(alias)' here", advice: "add it with 'helm repo add \(alias) <URL>', or name its URL")
            }
            url = entry.url
        }
        return try await repository(url, entry).archive(of: reference, cache: cache)
    }

    /// The name that `@name` or `alias:name` is for.
    private static func alias(_ repository: String) -> String? {
        if repository.hasPrefix("@") { return String(repository.dropFirst()) }
        return repository.hasPrefix("alias:") ? String(repository.dropFirst("alias:".count)) : nil
    }

    private func repositoriesFile() throws -> RepositoriesFile {
        if let knownRepositories { return knownRepositories }
        let file = try RepositoriesFile(path: environment.repositoriesFile)
        knownRepositories = file
        return file
    }

    private func repository(_ url: String, _ entry: RepositoriesFile.Entry?) throws -> IndexRepository {
        if let known = repositories[url] { return known }
        let repository = try IndexRepository(url: url, entry: entry, environment: environment)
        repositories[url] = repository
        return repository
    }

    private func registry(_ host: String) throws -> OCIRegistry {
        if let known = registries[host] { return known }
        let registry = try OCIRegistry(host: host, tls: HTTPTLSConfiguration(), environment: environment)
        registries[host] = registry
        return registry
    }
}
