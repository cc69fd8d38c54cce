import CLibgit2
import Crypto
import Manifests

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The bare repository that holds what was fetched from a remote one.
///
/// It is made in a folder beside and moved into place when complete, so that what is in place was complete once. All
/// writing happens under a lock between processes; reading needs none, as fetching only ever adds objects.
struct RepositoryCache: Sendable {
    /// Where the remote's `HEAD` is kept: the cache's own `HEAD` would have to name a branch.
    static let headReference = "refs/plumb/HEAD"
    /// Commits that were fetched by themselves stay reachable through references below this.
    static let commitReferences = "refs/plumb/commits/"

    private static let refspecs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]

    let location: GitLocation
    let environment: GitEnvironment
    let log: @Sendable (String) -> Void

    /// `<cache>/git/<last parts of the path>-<start of the SHA-256 of the URL>`
    let folder: String

    init(location: GitLocation, environment: GitEnvironment, log: @escaping @Sendable (String) -> Void) {
        self.location = location
        self.environment = environment
        self.log = log
        let digest = SHA256.hash(data: Array(location.url.utf8)).prefix(8)
        let hex = digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        folder = "\(environment.cacheDirectory)/git/\(Self.readableName(location))-\(hex)"
    }

    private static func readableName(_ location: GitLocation) -> String {
        let parts = ([location.host] + location.path.split(separator: "/").suffix(2).map(String.init)).filter { !$0.isEmpty }
        let name = parts.joined(separator: "-").utf8.map { byte -> Character in
            let isPlain = byte &- 48 < 10 || (byte | 0x20) &- 97 < 26 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            return isPlain ? Character(Unicode.Scalar(byte)) : "-"
        }
        return String(name.prefix(60))
    }

    /// Opens the cache, brought up to date before unless `fetch` is `false` and it is there.
    func open(fetch: Bool) async throws -> RepositoryHandle {
        if !fetch, let handle = openIfWhole() { return handle }
        try CacheFolder.create("\(environment.cacheDirectory)/git")
        let lock = try await FileLock.acquire("\(folder).lock", whileWaiting: log)
        removeLeftovers()
        if openIfWhole() != nil {
            removeStaleLocks()
            log("fetching \(location)")
            do throws(FetchFailure) {
                try await fetchAll(into: folder, lock: lock)
                if let handle = openIfWhole() { return handle }
            } catch {
                switch error.reason {
                case .cancelled: throw CancellationError()
                case .network, .refused, .noSuchReference: throw error.diagnostic
                case .unknown: break
                }
            }
            log("the cache of \(location) is damaged and is made anew")
        } else {
            log("cloning \(location)")
        }
        return try await build(lock)
    }

    private func build(_ lock: FileLock) async throws -> RepositoryHandle {
        let fresh = "\(folder).new-\(getpid())"
        CacheFolder.remove(fresh)
        defer { CacheFolder.remove(fresh) }
        var repository: OpaquePointer?
        do throws(Libgit2Error) {
            try Libgit2.check("git_repository_init", on: fresh) { git_repository_init(&repository, fresh, 1) }
        } catch {
            throw error.diagnostic
        }
        git_repository_free(repository)
        do throws(FetchFailure) {
            try await fetchAll(into: fresh, lock: lock)
        } catch {
            if error.reason == .cancelled { throw CancellationError() }
            throw error.diagnostic
        }
        if CacheFolder.exists(folder) {
            let old = "\(folder).old-\(getpid())"
            try CacheFolder.move(folder, to: old)
            try CacheFolder.move(fresh, to: folder)
            CacheFolder.remove(old)
        } else {
            try CacheFolder.move(fresh, to: folder)
        }
        guard let handle = openIfWhole() else { throw Diagnostic("the repository \(location) was fetched, but is not whole") }
        return handle
    }

    /// Fetches branches, tags and `HEAD` in one go; a remote whose `HEAD` leads nowhere is asked again without it.
    private func fetchAll(into folder: String, lock: FileLock) async throws(FetchFailure) {
        do throws(FetchFailure) {
            try await fetcher.fetch(["+HEAD:\(Self.headReference)"] + Self.refspecs, into: folder, lock: lock)
        } catch {
            guard error.reason == .noSuchReference else { throw error }
            removeReference(Self.headReference, in: folder)
            try await fetcher.fetch(Self.refspecs, into: folder, lock: lock)
        }
    }

    /// Fetches one commit that no branch or tag leads to.
    func fetchCommit(_ id: String) async throws(Diagnostic) {
        log("fetching the commit \(id.prefix(12)) of \(location)")
        let lock: FileLock
        do {
            lock = try await FileLock.acquire("\(folder).lock", whileWaiting: log)
        } catch {
            throw error as? Diagnostic ?? FetchFailure.cancelled.diagnostic
        }
        do throws(FetchFailure) {
            try await fetcher.fetch(["+\(id):\(Self.commitReferences)\(id)"], into: folder, lock: lock)
        } catch {
            guard error.reason == .noSuchReference || error.reason == .unknown else { throw error.diagnostic }
            throw Diagnostic(
                "there is no commit \(id) in \(location)", advice: "no branch or tag leads to it, and the server does not give it by itself"
            )
        }
    }

    private var fetcher: any RepositoryFetcher {
        if let program = environment.gitProgram {
            return ProgramFetcher(program: program, location: location, environment: environment)
        }
        return LibraryFetcher(location: location, environment: environment)
    }

    /// The cache, when it opens and every reference leads to an object that is there.
    private func openIfWhole() -> RepositoryHandle? {
        guard CacheFolder.exists("\(folder)/HEAD"), let handle = try? RepositoryHandle(path: folder, isSearching: false) else { return nil }
        var iterator: OpaquePointer?
        guard git_reference_iterator_new(&iterator, handle.repository) == 0 else { return nil }
        defer { git_reference_iterator_free(iterator) }
        var reference: OpaquePointer?
        while true {
            let code = git_reference_next(&reference, iterator)
            if code == GIT_ITEROVER.rawValue { return handle }
            guard code == 0 else { return nil }
            defer { git_reference_free(reference) }
            if let target = git_reference_target(reference), git_odb_exists(handle.database, target) != 1 { return nil }
        }
    }

    private func removeReference(_ name: String, in folder: String) {
        guard let handle = try? RepositoryHandle(path: folder, isSearching: false) else { return }
        git_reference_remove(handle.repository, name)
    }

    /// What a run left behind that was killed. Nobody else writes here while we hold the lock.
    private func removeLeftovers() {
        let name = TreePath.name(folder)
        let parent = TreePath.parent(folder)
        for other in CacheFolder.names(in: parent) where other.hasPrefix("\(name).new-") || other.hasPrefix("\(name).old-") {
            CacheFolder.remove("\(parent)/\(other)")
        }
    }

    /// Lock files of a `git` that was killed; while our own lock is held there is no other `git` here.
    private func removeStaleLocks() {
        func visit(_ path: String, depth: Int) {
            guard depth < 16 else { return }
            for name in CacheFolder.names(in: path) {
                if name.hasSuffix(".lock") { unlink("\(path)/\(name)") }
                var status = stat()
                if lstat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFDIR { visit("\(path)/\(name)", depth: depth + 1) }
            }
        }
        for name in ["HEAD.lock", "packed-refs.lock", "config.lock", "shallow.lock"] { unlink("\(folder)/\(name)") }
        visit("\(folder)/refs", depth: 0)
    }
}
