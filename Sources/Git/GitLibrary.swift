import CDeferredLibraries
import CLibgit2

/// The C library that repositories are read with.
package enum GitLibrary {
    /// Loads the library, which the first call would have to wait for otherwise.
    package static func load() { plumb_load_git() }

    /// Such as `1.5.1`.
    package static var version: String {
        var (major, minor, patch): (CInt, CInt, CInt) = (0, 0, 0)
        // 0 in the versions that return something, which older ones do not.
        _ = git_libgit2_version(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
    }
}
