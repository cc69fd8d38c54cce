import CLibgit2

/// One open repository of libgit2 with its object database.
///
/// Owns both; frees the database first.
// Unchecked, because a handle is used by one thread at a time only: `RepositoryHandles` lends it to one borrower and takes it back.
final class RepositoryHandle: @unchecked Sendable {
    let repository: OpaquePointer
    let database: OpaquePointer

    /// Opens what stands at a path; looks at the folders above when `isSearching`. Wraps `git_repository_open_ext`.
    init(path: String, isSearching: Bool) throws(Libgit2Error) {
        var repository: OpaquePointer?
        let flags = isSearching ? GIT_REPOSITORY_OPEN_CROSS_FS.rawValue : GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue
        try Libgit2.check("git_repository_open_ext", on: path) { git_repository_open_ext(&repository, path, flags, nil) }
        guard let repository else {
            throw Libgit2Error(call: "git_repository_open_ext", subject: path, code: -1, message: "no repository came back")
        }
        var database: OpaquePointer?
        do throws(Libgit2Error) {
            try Libgit2.check("git_repository_odb", on: path) { git_repository_odb(&database, repository) }
        } catch {
            git_repository_free(repository)
            throw error
        }
        guard let database else {
            git_repository_free(repository)
            throw Libgit2Error(call: "git_repository_odb", subject: path, code: -1, message: "no object database came back")
        }
        self.repository = repository
        self.database = database
    }

    deinit {
        git_odb_free(database)
        git_repository_free(repository)
    }

    /// The folder of the repository itself (`…/.git`, or the bare repository), with a trailing slash.
    var gitFolder: String { git_repository_path(repository).map { String(cString: $0) } ?? "" }

    /// The root of the work tree, with a trailing slash; `nil` when bare.
    var workFolder: String? { git_repository_workdir(repository).map { String(cString: $0) } }

    /// Reads an object whole. `body` gets its type and bytes, which are gone when it returns.
    func withObject<Result>(
        _ id: ObjectID, on subject: String, _ body: (git_object_t, UnsafeRawBufferPointer) -> Result
    ) throws(Libgit2Error) -> Result {
        var object: OpaquePointer?
        var oid = id.oid
        try Libgit2.check("git_odb_read", on: subject) { git_odb_read(&object, database, &oid) }
        defer { git_odb_object_free(object) }
        let bytes = UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object))
        return body(git_odb_object_type(object), bytes)
    }

    /// The size of an object in bytes, without reading it.
    func size(of id: ObjectID, on subject: String) throws(Libgit2Error) -> Int {
        var size = 0
        var type = GIT_OBJECT_ANY
        var oid = id.oid
        try Libgit2.check("git_odb_read_header", on: subject) { git_odb_read_header(&size, &type, database, &oid) }
        return size
    }

    func contains(_ id: ObjectID) -> Bool {
        var oid = id.oid
        return git_odb_exists(database, &oid) == 1
    }

    /// The commit that an object is, tags peeled. Wraps `git_object_lookup` and `git_object_peel`.
    func commit(_ id: ObjectID, on subject: String) throws(Libgit2Error) -> GitCommit {
        var object: OpaquePointer?
        var oid = id.oid
        try Libgit2.check("git_object_lookup", on: subject) { git_object_lookup(&object, repository, &oid, GIT_OBJECT_ANY) }
        defer { git_object_free(object) }
        return try peel(object, on: subject)
    }

    func peel(_ object: OpaquePointer?, on subject: String) throws(Libgit2Error) -> GitCommit {
        var commit: OpaquePointer?
        try Libgit2.check("git_object_peel", on: subject) { git_object_peel(&commit, object, GIT_OBJECT_COMMIT) }
        defer { git_commit_free(commit) }
        return GitCommit(raw: commit)
    }

    /// Calls a git_buf-filling function and copies what it filled.
    static func bytes(_ buffer: git_buf) -> [UInt8] {
        guard let pointer = buffer.ptr else { return [] }
        return Array(UnsafeRawBufferPointer(start: pointer, count: buffer.size))
    }
}
