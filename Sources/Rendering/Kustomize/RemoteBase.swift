package import Manifests

/// Fetches a base that a kustomization names by URL.
package protocol RemoteBaseProvider: Sendable {
    /// The tree of the repository at the revision that the URL names, and the folder in it.
    /// - Throws: `Diagnostic` when the repository cannot be fetched or the folder is not there.
    func base(_ url: RemoteBaseURL) async throws -> (tree: any FileTree, folder: String)
}

/// A Git URL as kustomize writes it: `https://host/org/repo//path?ref=v1&timeout=30s&submodules=false`.
package struct RemoteBaseURL: Hashable, Sendable {
    /// The text in the kustomization.
    package var text: String
    /// What is cloned, such as `https://github.com/org/repo` or `git@host:org/repo.git`.
    package var repository: String
    /// The folder in the repository; empty for its root.
    package var folder: String
    /// The branch, tag or commit (`ref`, or `version` of old); `nil` for the repository's default branch.
    package var revision: String?
    /// The bound on the fetch in seconds (`timeout`); `nil` when the URL names none.
    package var timeoutSeconds: Double?
    /// Whether submodules are fetched too (`submodules`, true by default).
    package var fetchesSubmodules: Bool
}
