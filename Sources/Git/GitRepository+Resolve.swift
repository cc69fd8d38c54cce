import CLibgit2
package import Manifests

extension GitRepository {
    /// The commit that a revision names: `HEAD`, a branch (`main`, `origin/main`), a tag, a full or short commit id,
    /// `refs/…`, each with `~2` or `^` behind it.
    ///
    /// For a remote repository, `HEAD` is the remote's, and a full commit id that no branch or tag leads to is fetched by
    /// itself where the server allows it.
    /// - Throws: `Diagnostic` for an unknown name (with the nearest ones), an ambiguous one, a repository without commits.
    package func resolve(_ revision: String) async throws(Diagnostic) -> GitCommit {
        let text = try GitRevisionText(revision)
        if let cache, text.isFullID, let id = ObjectID(hex: text.base.lowercased()) {
            let isKnown = try read(nil) { handle throws(Libgit2Error) in .success(handle.contains(id)) }
            if !isKnown { try await cache.fetchCommit(text.base.lowercased()) }
        }
        let resolver = RevisionResolver(text: text, revision: revision, isRemote: location.isRemote, origin: originDescription)
        return try read(nil) { handle throws(Libgit2Error) in try resolver.resolve(with: handle) }
    }

    /// The branches and tags, without `refs/heads/` and so on, sorted.
    package func branchesAndTags() throws(Diagnostic) -> [String] {
        try read(nil) { handle throws(Libgit2Error) in .success(try RevisionResolver.names(handle)) }
    }
}
