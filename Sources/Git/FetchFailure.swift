import Manifests

/// Why a fetch did not succeed, as far as it decides what is done next.
struct FetchFailure: Error {
    enum Reason {
        /// The host cannot be reached, or went silent.
        case network
        /// The host was reached and said no: credentials, host key, certificate, unknown repository.
        case refused
        /// The host has no such reference or commit.
        case noSuchReference
        case cancelled
        /// Anything else: the cache may be damaged.
        case unknown
    }

    var reason: Reason
    var diagnostic: Diagnostic

    static let cancelled = FetchFailure(reason: .cancelled, diagnostic: Diagnostic("the fetch was cancelled"))
}

/// Brings a remote repository's objects and references into a bare repository.
protocol RepositoryFetcher: Sendable {
    /// - Parameters:
    ///   - refspecs: what to fetch and where to put it; what the remote no longer has is pruned from patterns' targets.
    ///   - folder: the bare repository.
    ///   - lock: held for as long as anything may still write there.
    func fetch(_ refspecs: [String], into folder: String, lock: FileLock) async throws(FetchFailure)
}
