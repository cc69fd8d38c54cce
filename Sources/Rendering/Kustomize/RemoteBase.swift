package import Manifests

/// Fetches what a kustomization names by URL.
package protocol RemoteBaseProvider: Sendable {
    /// The folder that a Git URL names.
    /// - Throws: `Diagnostic` when the repository cannot be fetched or has no such revision.
    func base(_ url: RemoteBaseURL) async throws -> RemoteBase
    /// The file at an `http` or `https` URL.
    /// - Throws: `Diagnostic` when the server cannot be reached.
    func file(_ url: String) async throws -> RemoteFile
}

/// A folder of a repository that was fetched.
package struct RemoteBase: Sendable {
    package var tree: any FileTree
    package var folder: String
    /// The repository and the commit: two URLs that lead to the same are one base, read and built once.
    package var identity: String
    /// What is worth a warning: a revision that may lead elsewhere tomorrow.
    package var warning: String?

    package init(tree: any FileTree, folder: String, identity: String, warning: String? = nil) {
        self.tree = tree
        self.folder = folder
        self.identity = identity
        self.warning = warning
    }
}

/// What a server answers when it is asked for a file.
package enum RemoteFile: Sendable {
    case content([UInt8])
    /// There is no such file, for the reason given.
    case absent(String)
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

/// A URL of a file, which kustomize reads with one request.
enum RemoteFileURL {
    static func isOne(_ text: String) -> Bool { text.hasPrefix("https://") || text.hasPrefix("http://") }

    /// Whether a URL can only mean a repository: kustomize asks the server for a file first, and clones when there is none.
    static func meansRepository(_ text: String) -> Bool {
        let address = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = address[0].utf8
        if namesManifest(text) { return false }
        if address.count > 1, address[1].utf8.split(separator: UInt8(ascii: "&")).contains(where: isRepositoryOption) { return true }
        let rest = path.dropFirst(text.hasPrefix("https://") ? 8 : 7)
        let host = rest.prefix { $0 != UInt8(ascii: "/") }
        return host.elementsEqual("github.com".utf8) || contains(rest, "//") || contains(rest, ".git/") || contains(rest, "_git/")
            || address[0].hasSuffix(".git")
    }

    /// Whether a URL names a file by its ending.
    static func namesManifest(_ text: String) -> Bool {
        let path = text.prefix { $0 != "?" }
        return [".yaml", ".yml", ".json"].contains { path.hasSuffix($0) }
    }

    private static func isRepositoryOption(_ option: Substring.UTF8View) -> Bool {
        ["ref=", "version=", "submodules=", "timeout="].contains { option.starts(with: $0.utf8) }
    }

    private static func contains(_ text: Substring.UTF8View, _ part: String) -> Bool {
        text.indices.contains { text[$0...].starts(with: part.utf8) }
    }
}
