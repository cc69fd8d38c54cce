import CLibgit2
import Manifests

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension GitRepository {
    /// Opens the repository around a local path.
    static func openLocal(_ location: GitLocation, environment: GitEnvironment) throws(Diagnostic) -> GitRepository {
        var status = stat()
        guard stat(location.path, &status) == 0 else {
            throw Diagnostic(
                "cannot open '\(location.path)': \(SystemError.text(errno))", advice: "give a folder inside a Git repository, or a URL")
        }
        let folder = status.st_mode & S_IFMT == S_IFDIR ? location.path : TreePath.parent(location.path)
        let handle: RepositoryHandle
        do throws(Libgit2Error) {
            handle = try RepositoryHandle(path: folder.isEmpty ? "/" : folder, isSearching: true)
        } catch {
            throw openFailure(error, folder)
        }
        try RepositoryOwner(environment: environment).check(gitFolder: handle.gitFolder, workFolder: handle.workFolder)
        return GitRepository(location: location, environment: environment, handle: handle, cache: nil)
    }

    static func openFailure(_ error: Libgit2Error, _ folder: String) -> Diagnostic {
        if error.is(GIT_ENOTFOUND) {
            return Diagnostic(
                "there is no Git repository at or above '\(folder)'",
                advice: "make one with 'git init' and commit the manifests, or give a URL")
        }
        let words = error.message.lowercased()
        if words.contains("objectformat") {
            return Diagnostic(
                "the repository at '\(folder)' uses SHA-256 ids, which are not supported",
                advice: "convert it to SHA-1, or use a mirror that does")
        }
        if words.contains("refstorage") {
            return Diagnostic(
                "the repository at '\(folder)' keeps its references as reftable, which is not supported",
                advice: "run 'git refs migrate --ref-format=files' there")
        }
        return Diagnostic("cannot open the repository at '\(folder)': \(error.message)")
    }
}
