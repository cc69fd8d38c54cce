import CLibgit2
import Manifests
import Synchronization
import Threads

/// Fetches through libgit2's own network, for machines without the `git` program.
///
/// What it cannot do depends on the library's build. Debian 12's: TLS 1.2 at most, certificates' names but no IP addresses,
/// ed25519 and ECDSA keys for SSH but not RSA ones, no credential helpers and no SSH configuration.
struct LibraryFetcher: RepositoryFetcher {
    let location: GitLocation
    let environment: GitEnvironment

    func fetch(_ refspecs: [String], into folder: String, lock: FileLock) async throws(FetchFailure) {
        let state: LibraryFetch
        do throws(Diagnostic) {
            state = LibraryFetch(
                location: location, environment: environment, credentials: try GitCredentials(for: location, environment: environment))
        } catch {
            throw FetchFailure(reason: .refused, diagnostic: error)
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<Void, FetchFailure>, Never>) in
                state.onEnd(continuation)
                // The thread keeps the lock: when a silent server makes us give up, it may still hold the repository.
                do {
                    try SystemThread {
                        let result = state.run(refspecs, into: folder)
                        withExtendedLifetime(lock) { state.end(result) }
                    }.detach()
                } catch {
                    state.end(.failure(FetchFailure(reason: .network, diagnostic: Diagnostic("the system gives no more threads"))))
                }
                Task.immediate { await state.watch() }
            }
        } onCancel: {
            state.end(.failure(.cancelled))
        }
        try result.get()
    }
}
