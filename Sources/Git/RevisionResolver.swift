import CLibgit2
import Manifests

/// Finds the commit that a revision names.
struct RevisionResolver {
    let text: GitRevisionText
    let revision: String
    let isRemote: Bool
    let origin: String

    func resolve(with handle: RepositoryHandle) throws(Libgit2Error) -> Result<GitCommit, Diagnostic> {
        switch try base(handle) {
        case .failure(let diagnostic): return .failure(diagnostic)
        case .success(let id): return try commit(handle, id)
        }
    }

    private func commit(_ handle: RepositoryHandle, _ id: ObjectID) throws(Libgit2Error) -> Result<GitCommit, Diagnostic> {
        do throws(Libgit2Error) {
            guard !text.suffix.isEmpty else { return .success(try handle.commit(id, on: revision)) }
            var object: OpaquePointer?
            let start = try handle.commit(id, on: revision)
            try Libgit2.check("git_revparse_single", on: revision) {
                git_revparse_single(&object, handle.repository, start.id + text.suffix)
            }
            defer { git_object_free(object) }
            return .success(try handle.peel(object, on: revision))
        } catch {
            if !text.suffix.isEmpty, error.is(GIT_ENOTFOUND) || error.is(GIT_EINVALIDSPEC) || error.is(GIT_EPEEL) {
                return .failure(Diagnostic("the revision '\(revision)' names no commit: there is no '\(text.suffix)' of '\(text.base)'"))
            }
            guard error.is(GIT_EPEEL) || error.is(GIT_EINVALIDSPEC) || error.is(GIT_ENOTFOUND) && text.isFullID else { throw error }
            if error.is(GIT_ENOTFOUND) { return .failure(unknown([])) }
            return .failure(Diagnostic("the revision '\(revision)' names no commit", advice: "a tag must lead to a commit to be planned"))
        }
    }

    private func base(_ handle: RepositoryHandle) throws(Libgit2Error) -> Result<ObjectID, Diagnostic> {
        if text.base == "HEAD" { return head(handle) }
        if text.isFullID, let id = ObjectID(hex: text.base.lowercased()) { return .success(id) }
        if let found = reference(handle) { return found }
        if text.isShortID, let found = try shortID(handle) { return found }
        guard try !Self.names(handle).isEmpty else { return .failure(noCommits) }
        return .failure(unknown(try Self.names(handle)))
    }

    private var noCommits: Diagnostic {
        Diagnostic("the repository \(origin) has no commits yet", advice: "commit the manifests first")
    }

    private func unknown(_ names: [String]) -> Diagnostic {
        let near = NearMatch.candidates(for: text.base, among: names, limit: 3)
        let advice =
            near.isEmpty ? "give a branch, a tag or a commit id" : "did you mean \(near.map { "'\($0)'" }.joined(separator: " or "))?"
        return Diagnostic("there is no branch, tag or commit '\(text.base)' in \(origin)", advice: advice)
    }

    private func head(_ handle: RepositoryHandle) -> Result<ObjectID, Diagnostic> {
        // A cache keeps the remote's HEAD apart: its own names a branch that the remote may not have.
        if isRemote, let id = Self.lookUp(RepositoryCache.headReference, handle) { return .success(id) }
        if let id = Self.lookUp("HEAD", handle) { return .success(id) }
        guard let names = try? Self.names(handle), !names.isEmpty else { return .failure(noCommits) }
        return .failure(
            Diagnostic(
                "HEAD of \(origin) names a branch without commits",
                advice: "name a branch or tag: \(names.prefix(5).joined(separator: ", "))"))
    }

    /// The object of a reference, by git's rules for short names: as it is, below `refs`, tags, heads, remotes.
    private func reference(_ handle: RepositoryHandle) -> Result<ObjectID, Diagnostic>? {
        if text.base.hasPrefix("refs/") { return Self.lookUp(text.base, handle).map { .success($0) } }
        var name = text.base
        if isRemote, name.hasPrefix("origin/"), Self.lookUp("refs/heads/\(name)", handle) == nil { name = String(name.dropFirst(7)) }
        let tag = Self.lookUp("refs/tags/\(name)", handle)
        let branch = Self.lookUp("refs/heads/\(name)", handle)
        if let tag, let branch {
            guard Self.isSameCommit(tag, branch, handle) else {
                return .failure(
                    Diagnostic(
                        "'\(name)' is both a branch and a tag, of different commits",
                        advice: "write 'refs/heads/\(name)' or 'refs/tags/\(name)'"))
            }
            return .success(branch)
        }
        let found =
            tag ?? branch ?? Self.lookUp("refs/\(name)", handle) ?? Self.lookUp("refs/remotes/\(name)", handle)
            ?? Self.lookUp("refs/remotes/origin/\(name)", handle)
        return found.map { .success($0) }
    }

    private static func isSameCommit(_ left: ObjectID, _ right: ObjectID, _ handle: RepositoryHandle) -> Bool {
        guard let left = try? handle.commit(left, on: ""), let right = try? handle.commit(right, on: "") else { return false }
        return left.id == right.id
    }

    private static func lookUp(_ name: String, _ handle: RepositoryHandle) -> ObjectID? {
        var oid = git_oid()
        guard git_reference_name_to_id(&oid, handle.repository, name) == 0 else { return nil }
        return ObjectID(oid)
    }

    /// Takes an abbreviated id; `nil` when no commit or tag has it.
    private func shortID(_ handle: RepositoryHandle) throws(Libgit2Error) -> Result<ObjectID, Diagnostic>? {
        let lowered = text.base.lowercased()
        var prefix = git_oid()
        guard git_oid_fromstrn(&prefix, lowered, lowered.utf8.count) == 0 else { return nil }
        var object: OpaquePointer?
        let code = git_object_lookup_prefix(&object, handle.repository, &prefix, lowered.utf8.count, GIT_OBJECT_ANY)
        defer { git_object_free(object) }
        if code == 0 {
            guard Self.isCommittish(git_object_type(object)), let id = git_object_id(object) else { return nil }
            return .success(ObjectID(id.pointee))
        }
        guard code == GIT_EAMBIGUOUS.rawValue else { return nil }
        // Blobs and trees do not count, as with git; only this rare case looks at every id.
        let candidates = try commits(startingWith: lowered, handle)
        if candidates.count <= 1 { return candidates.first.map { .success($0) } }
        let shown = candidates.prefix(5).map { $0.hex.prefix(12) }.joined(separator: ", ")
        return .failure(Diagnostic("the short commit id '\(text.base)' is ambiguous: \(shown)", advice: "write more digits"))
    }

    private final class Matches {
        let prefix: String
        var ids: Set<ObjectID> = []
        init(prefix: String) { self.prefix = prefix }
    }

    private func commits(startingWith prefix: String, _ handle: RepositoryHandle) throws(Libgit2Error) -> [ObjectID] {
        let matches = Matches(prefix: prefix)
        try Libgit2.check("git_odb_foreach", on: revision) {
            git_odb_foreach(
                handle.database,
                { oid, payload in
                    guard let oid, let payload else { return 0 }
                    let matches = Unmanaged<Matches>.fromOpaque(payload).takeUnretainedValue()
                    let id = ObjectID(oid.pointee)
                    if id.hex.hasPrefix(matches.prefix) { matches.ids.insert(id) }
                    return 0
                }, Unmanaged.passUnretained(matches).toOpaque())
        }
        return matches.ids.filter { id in
            var size = 0
            var type = GIT_OBJECT_ANY
            var oid = id.oid
            return git_odb_read_header(&size, &type, handle.database, &oid) == 0 && Self.isCommittish(type)
        }.sorted { $0.hex < $1.hex }
    }

    private static func isCommittish(_ type: git_object_t) -> Bool { type == GIT_OBJECT_COMMIT || type == GIT_OBJECT_TAG }

    /// The names of branches, remote branches and tags, sorted.
    static func names(_ handle: RepositoryHandle) throws(Libgit2Error) -> [String] {
        var iterator: OpaquePointer?
        try Libgit2.check("git_reference_iterator_new", on: "references") { git_reference_iterator_new(&iterator, handle.repository) }
        defer { git_reference_iterator_free(iterator) }
        var names: [String] = []
        var name: UnsafePointer<CChar>?
        while git_reference_next_name(&name, iterator) == 0, let text = name.map({ String(cString: $0) }) {
            for prefix in ["refs/heads/", "refs/tags/", "refs/remotes/"] where text.hasPrefix(prefix) {
                names.append(String(text.dropFirst(prefix.utf8.count)))
            }
        }
        return names.sorted(by: UTF8Order.isLess)
    }
}
