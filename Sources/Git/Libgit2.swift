import CLibgit2
import Manifests

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The library as a whole: its set-up, and the one place where its status codes become errors.
enum Libgit2 {
    /// Sets the library up on first use, for the whole process; `false` when it cannot be.
    static let isReady: Bool = {
        guard git_libgit2_init() > 0 else { return false }
        // A checkout with `extensions.worktreeConfig` (every sparse one) or `extensions.partialClone` reads like any other.
        let known = ["worktreeconfig", "partialclone", "preciousobjects"]
        let pointers = known.map { strdup($0) }
        defer { pointers.forEach { free($0) } }
        var names: [UnsafePointer<CChar>?] = pointers.map { UnsafePointer($0) }
        plumb_git_opt_strings(CInt(GIT_OPT_SET_EXTENSIONS.rawValue), &names, names.count)
        // The library looks at the process's own HOME for `safe.directory`; `RepositoryOwner` checks with the home it is given.
        plumb_git_opt_int(CInt(GIT_OPT_SET_OWNER_VALIDATION.rawValue), 0)
        return true
    }()

    /// Runs one call and throws when its status is an error. The last error belongs to the thread: cleared before, read at once after.
    static func check(_ call: String, on subject: String, _ body: () -> CInt) throws(Libgit2Error) {
        guard isReady else { throw Libgit2Error(call: "git_libgit2_init", subject: subject, code: -1, message: "cannot start libgit2") }
        git_error_clear()
        let code = body()
        guard code < 0 else { return }
        let message = git_error_last().map { String(cString: $0.pointee.message) } ?? ""
        throw Libgit2Error(call: call, subject: subject, code: code, message: message)
    }
}

/// A call of libgit2 that failed.
struct Libgit2Error: Error {
    /// The C function.
    var call: String
    /// The reference, path or id that it was about; never a URL with credentials.
    var subject: String
    /// `git_error_code`
    var code: CInt
    /// The library's own words.
    var message: String

    func `is`(_ other: git_error_code) -> Bool { code == other.rawValue }

    var diagnostic: Diagnostic {
        let words = message.isEmpty ? "\(call) returned \(code)" : message.prefix(1).lowercased() + message.dropFirst()
        return Diagnostic("\(subject): \(words)")
    }
}
