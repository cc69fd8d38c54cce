package import Manifests

/// Which repository an inventory belongs to, whatever path or protocol it was read through.
///
/// Two repositories may both have an environment `production`; in one cluster and namespace they would share an inventory,
/// and each would prune the other's objects.
package struct RepositoryIdentity: Hashable, Sendable {
    /// Host and path, without scheme, user, port and `.git`: `github.com/acme/shop`. Empty for a repository without a remote.
    package var url: String
    /// The commit that the branch began with; empty in a shallow clone, which does not hold it.
    package var rootCommit: String

    package init(url: String, rootCommit: String) {
        self.url = url
        self.rootCommit = rootCommit
    }

    /// Out of the URL of a remote, in any of Git's forms.
    package init(remote: String?, rootCommit: String?) {
        self.init(url: remote.map(Self.normalized) ?? "", rootCommit: rootCommit ?? "")
    }

    package var isEmpty: Bool { url.isEmpty && rootCommit.isEmpty }

    /// What people are told.
    package var text: String {
        if !url.isEmpty { return url }
        return rootCommit.isEmpty ? "an unknown repository" : "the repository that began with commit \(rootCommit.prefix(12))"
    }

    /// Whether the two are one repository; `nil` when they have nothing to compare.
    ///
    /// A repository that moved keeps its first commit, one whose history was written anew keeps its URL.
    package func isSame(as other: RepositoryIdentity) -> Bool? {
        let pairs = [(url, other.url), (rootCommit, other.rootCommit)].filter { !$0.0.isEmpty && !$0.1.isEmpty }
        guard !pairs.isEmpty else { return nil }
        return pairs.contains { $0.0 == $0.1 }
    }

    /// This identity with what it lacks taken from another of the same repository.
    package func completed(by other: RepositoryIdentity?) -> RepositoryIdentity {
        guard let other else { return self }
        return RepositoryIdentity(
            url: url.isEmpty ? other.url : url, rootCommit: rootCommit.isEmpty ? other.rootCommit : rootCommit)
    }

    /// `https://user@GitHub.com:443/acme/shop.git/` and `git@github.com:acme/shop` are both `github.com/acme/shop`.
    static func normalized(_ remote: String) -> String {
        var text = remote[...]
        let hasScheme = text.firstRange(of: "://").map { text = text[$0.upperBound...] } != nil
        // A path on this machine says nothing to another.
        if !hasScheme, text.hasPrefix("/") || text.hasPrefix(".") || !text.contains(":") { return "" }
        var host = text.prefix { $0 != "/" && (hasScheme || $0 != ":") }
        var path = text[host.endIndex...].drop { $0 == "/" || $0 == ":" }
        if let at = host.lastIndex(of: "@") { host = host[host.index(after: at)...] }
        if hasScheme, let colon = host.lastIndex(of: ":"), host[host.index(after: colon)...].allSatisfy(\.isNumber) {
            host = host[..<colon]
        }
        while path.hasSuffix("/") { path = path.dropLast() }
        if path.hasSuffix(".git") { path = path.dropLast(4) }
        guard !host.isEmpty, !path.isEmpty else { return "" }
        return "\(host.lowercased())/\(path)"
    }
}

extension Inventory {
    /// Why plans of a repository may not be made against this inventory; `nil` when they may.
    ///
    /// - Parameter knowsCommit: Whether the repository holds the commit that the inventory names: then it is the same one.
    package func refusal(of current: RepositoryIdentity, knowsCommit: Bool, place: String) -> Diagnostic? {
        guard !knowsCommit, let repository, repository.isSame(as: current) == false else { return nil }
        return Diagnostic(
            "environment '\(environment)' of this target belongs to another repository, \(repository.text); this one is \(current.text)",
            object: place,
            advice: "give one of the two environments another name, or another 'inventory: {namespace: NAME}';\n"
                + "if the repository was replaced by this one, plan with --take-over")
    }
}
