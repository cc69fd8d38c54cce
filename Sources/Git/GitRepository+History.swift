import CLibgit2
package import Manifests

extension GitRepository {
    /// Whether every commit of `a` is in the history of `b`; a commit is its own ancestor. May walk the history.
    package func isAncestor(_ a: String, of b: String) throws(Diagnostic) -> Bool {
        let (older, newer) = (try full(a), try full(b))
        return try read(nil) { handle throws(Libgit2Error) in
            guard older != newer else { return .success(true) }
            var (oldID, newID) = (older.oid, newer.oid)
            var answer: CInt = 0
            try Libgit2.check("git_graph_descendant_of", on: b) {
                answer = git_graph_descendant_of(handle.repository, &newID, &oldID)
                return answer
            }
            return .success(answer == 1)
        }
    }

    /// The commits reachable from one and not from another, children before parents, newest first.
    /// - Parameters:
    ///   - from: a full commit id.
    ///   - excluding: a full commit id, or `nil` for the whole history.
    ///   - limit: how many at most.
    package func log(from: String, excluding: String?, limit: Int) throws(Diagnostic) -> [GitCommit] {
        let start = try full(from)
        let end = try excluding.map { id throws(Diagnostic) in try full(id) }
        return try read(nil) { handle throws(Libgit2Error) in
            var walk: OpaquePointer?
            try Libgit2.check("git_revwalk_new", on: from) { git_revwalk_new(&walk, handle.repository) }
            defer { git_revwalk_free(walk) }
            git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue)
            var oid = start.oid
            try Libgit2.check("git_revwalk_push", on: from) { git_revwalk_push(walk, &oid) }
            if var hidden = end?.oid { try Libgit2.check("git_revwalk_hide", on: excluding ?? "") { git_revwalk_hide(walk, &hidden) } }
            var commits: [GitCommit] = []
            while commits.count < limit {
                var isOver = false
                try Libgit2.check("git_revwalk_next", on: from) {
                    let code = git_revwalk_next(&oid, walk)
                    isOver = code == GIT_ITEROVER.rawValue
                    return isOver ? 0 : code
                }
                if isOver { break }
                commits.append(try handle.commit(ObjectID(oid), on: from))
            }
            return .success(commits)
        }
    }

    /// The newest commit at which what stands at a path differs from the commit's first parent.
    ///
    /// A merge counts as the change of all that it brought into the branch. `nil` when nothing stands at the path, or the
    /// last 50,000 commits of the branch did not touch it.
    package func lastChange(of path: String, from commit: GitCommit) throws(Diagnostic) -> GitCommit? {
        try lastChanges(of: [path], from: commit)[path]
    }

    /// `lastChange(of:from:)` for many paths in one walk; paths without an answer are left out.
    /// - Parameter includesRemovals: Whether a path at which nothing stands any more has the commit that took it away.
    package func lastChanges(
        of paths: [String], from commit: GitCommit, commitsMax: Int = 50_000, includesRemovals: Bool = false
    ) throws(Diagnostic) -> [String: GitCommit] {
        try read(nil) { handle throws(Libgit2Error) in
            var search = LastChangeSearch(handle: handle, paths: paths, includesRemovals: includesRemovals)
            return .success(try search.run(from: commit, commitsMax: commitsMax))
        }
    }

    func full(_ id: String) throws(Diagnostic) -> ObjectID {
        guard let object = ObjectID(hex: id.lowercased()) else { throw Diagnostic("'\(id)' is no full commit id") }
        return object
    }
}
