import CLibgit2
package import Manifests

/// A repository opened for reading: a local one, or the cache of a remote one.
///
/// May be used from several tasks at once. The reading calls block for as long as the disk takes, usually well under a
/// millisecond; those that say so may take longer.
package final class GitRepository: Sendable {
    package let location: GitLocation
    let environment: GitEnvironment
    let handles: RepositoryHandles
    /// The cache that the repository was read from; `nil` for local ones.
    let cache: RepositoryCache?
    /// The root of the work tree, without a trailing slash; `nil` when there is none.
    package let workFolder: String?
    /// Without credentials: the URL, or the absolute path of a local repository.
    package let originDescription: String

    init(location: GitLocation, environment: GitEnvironment, handle: RepositoryHandle, cache: RepositoryCache?) {
        self.location = location
        self.environment = environment
        self.cache = cache
        func withoutSlash(_ path: String) -> String { path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path }
        let folder = withoutSlash(handle.gitFolder)
        workFolder = cache == nil ? handle.workFolder.map(withoutSlash) : nil
        originDescription = cache == nil ? workFolder ?? folder : location.description
        handles = RepositoryHandles(path: workFolder ?? folder, first: handle)
    }

    /// Opens a repository.
    ///
    /// A local path opens the repository around it: work tree, linked work tree or bare. A remote location opens its cache
    /// below `environment.cacheDirectory`, fetched before unless `fetch` is `false` and there is a cache.
    /// - Parameter log: gets a line, without credentials, for each step that takes long.
    /// - Throws: `Diagnostic`; `CancellationError` when the task is cancelled, which ends the fetch.
    package static func open(
        _ location: GitLocation, environment: GitEnvironment, fetch: Bool = true, log: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> GitRepository {
        guard location.isRemote else { return try openLocal(location, environment: environment) }
        let cache = RepositoryCache(location: location, environment: environment, log: log)
        let handle = try await cache.open(fetch: fetch)
        return GitRepository(location: location, environment: environment, handle: handle, cache: cache)
    }

    /// The URL of the remote `origin` of a local repository, without credentials; the location's own for a remote one.
    /// `nil` when there is none, or it cannot be understood.
    package func remoteURL() -> String? {
        guard !location.isRemote else { return location.description }
        let text = try? handles.borrow { handle throws(Libgit2Error) -> String? in
            var remote: OpaquePointer?
            try Libgit2.check("git_remote_lookup", on: "origin") { git_remote_lookup(&remote, handle.repository, "origin") }
            defer { git_remote_free(remote) }
            return git_remote_url(remote).map { String(cString: $0) }
        }
        guard let text = text ?? nil, let url = try? GitLocation(parsing: text, relativeTo: workFolder ?? "/") else { return nil }
        return url.description
    }

    /// The commit of a full id.
    package func commit(_ id: String) throws(Diagnostic) -> GitCommit {
        guard let object = ObjectID(hex: id.lowercased()) else { throw Diagnostic("'\(id)' is no full commit id") }
        do throws(Libgit2Error) {
            return try handles.borrow { handle throws(Libgit2Error) in try handle.commit(object, on: id) }
        } catch {
            throw error.is(GIT_ENOTFOUND) ? Diagnostic("there is no commit \(id) in \(originDescription)") : damaged(error)
        }
    }

    /// The files of a commit.
    package func tree(at commit: GitCommit) throws(Diagnostic) -> GitTree {
        guard let root = ObjectID(hex: commit.treeID) else { throw Diagnostic("the commit \(commit.shortID) names no tree") }
        return GitTree(repository: self, root: root)
    }

    /// Runs a read of an object that has to be there; says at which place of the tree it went wrong.
    func read<Result>(
        _ place: SourcePosition?, _ body: (RepositoryHandle) throws(Libgit2Error) -> Swift.Result<Result, Diagnostic>
    ) throws(Diagnostic) -> Result {
        let result: Swift.Result<Result, Diagnostic>
        do throws(Libgit2Error) {
            result = try handles.borrow(body)
        } catch {
            var diagnostic = damaged(error)
            diagnostic.position = place
            throw diagnostic
        }
        return try result.get()
    }

    /// What to say when an object is missing or unreadable that the repository should have.
    func damaged(_ error: Libgit2Error) -> Diagnostic {
        if let cache {
            return Diagnostic(
                "cannot read the cached repository of \(originDescription): \(error.message)",
                advice: "delete '\(cache.folder)' and run again: it is fetched anew")
        }
        guard error.is(GIT_ENOTFOUND) else { return Diagnostic("cannot read the repository \(originDescription): \(error.message)") }
        return Diagnostic(
            "the repository \(originDescription) lacks an object that the commit needs",
            advice:
                "a partial or shallow clone does not hold everything: run 'git fetch --unshallow --refetch --no-filter' there, or give the remote's URL"
        )
    }
}
