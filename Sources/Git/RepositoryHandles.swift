import Synchronization

/// The open handles of one repository: each is lent to one borrower at a time, more are opened when several read at once.
///
/// Opening costs about 0.1 ms; idle handles are kept, at most as many as ever read at the same time.
final class RepositoryHandles: Sendable {
    private let path: String
    private let idle: Mutex<[RepositoryHandle]>

    /// - Parameter path: what the handles are opened at, without search: the repository's or the work tree's folder.
    init(path: String, first: RepositoryHandle) {
        self.path = path
        idle = Mutex([first])
    }

    /// Runs `body` with a handle that nobody else uses meanwhile. Blocks for as long as `body` does.
    func borrow<Result, Failure: Error>(
        _ body: (RepositoryHandle) throws(Failure) -> Result, orThrow convert: (Libgit2Error) -> Failure
    ) throws(Failure) -> Result {
        let handle: RepositoryHandle
        if let free = idle.withLock({ $0.popLast() }) {
            handle = free
        } else {
            do throws(Libgit2Error) {
                handle = try RepositoryHandle(path: path, isSearching: false)
            } catch {
                throw convert(error)
            }
        }
        defer { idle.withLock { $0.append(handle) } }
        return try body(handle)
    }

    func borrow<Result>(_ body: (RepositoryHandle) throws(Libgit2Error) -> Result) throws(Libgit2Error) -> Result {
        try borrow(body, orThrow: { $0 })
    }
}
