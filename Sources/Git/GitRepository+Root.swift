import CLibgit2
package import Manifests

extension GitRepository {
    /// The commit that the history of another began with, along first parents; `nil` when the repository does not hold it,
    /// as a shallow clone does not, or it is more than 200,000 commits away. Walks the history.
    package func rootCommit(of id: String) throws(Diagnostic) -> String? {
        var current = try full(id)
        return try read(nil) { handle throws(Libgit2Error) in
            for _ in 0..<200_000 {
                guard let parent = try handle.firstParent(of: current, on: id) else { return .success(current.hex) }
                guard handle.contains(parent) else { return .success(nil) }
                current = parent
            }
            return .success(nil)
        }
    }
}

extension RepositoryHandle {
    /// The first parent of a commit; `nil` for a root.
    fileprivate func firstParent(of id: ObjectID, on subject: String) throws(Libgit2Error) -> ObjectID? {
        var object: OpaquePointer?
        var oid = id.oid
        try Libgit2.check("git_object_lookup", on: subject) { git_object_lookup(&object, repository, &oid, GIT_OBJECT_COMMIT) }
        defer { git_object_free(object) }
        guard git_commit_parentcount(object) > 0 else { return nil }
        return git_commit_parent_id(object, 0).map { ObjectID($0.pointee) }
    }
}
