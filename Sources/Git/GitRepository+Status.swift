import CLibgit2
package import Manifests

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension GitRepository {
    /// The paths of a local work tree that differ from `HEAD` or are untracked and not ignored, sorted; a folder of
    /// untracked files is one path with a trailing slash. Empty for bare and remote repositories.
    ///
    /// - Parameter path: the folder below the work tree's root to look at; empty for all of it.
    package func uncommittedChanges(under path: String) throws(Diagnostic) -> [String] {
        guard workFolder != nil else { return [] }
        return try read(nil) { handle throws(Libgit2Error) in
            var options = git_status_options()
            git_status_options_init(&options, UInt32(GIT_STATUS_OPTIONS_VERSION))
            options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR
            let flags = [
                GIT_STATUS_OPT_INCLUDE_UNTRACKED, GIT_STATUS_OPT_EXCLUDE_SUBMODULES, GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH,
                GIT_STATUS_OPT_SORT_CASE_SENSITIVELY,
            ]
            options.flags = flags.reduce(0) { $0 | $1.rawValue }
            var list: OpaquePointer?
            let pathspec = strdup(path)
            defer { free(pathspec) }
            var strings: [UnsafeMutablePointer<CChar>?] = [pathspec]
            try strings.withUnsafeMutableBufferPointer { buffer throws(Libgit2Error) in
                if !path.isEmpty { options.pathspec = git_strarray(strings: buffer.baseAddress, count: 1) }
                try Libgit2.check("git_status_list_new", on: path) { git_status_list_new(&list, handle.repository, &options) }
            }
            defer { git_status_list_free(list) }
            let paths = (0..<git_status_list_entrycount(list)).compactMap { index -> String? in
                guard let entry = git_status_byindex(list, index)?.pointee, entry.status != GIT_STATUS_CURRENT else { return nil }
                let delta = entry.index_to_workdir ?? entry.head_to_index
                let file = delta.flatMap { $0.pointee.new_file.path ?? $0.pointee.old_file.path }
                return file.map { String(cString: $0) }
            }
            return .success(Array(Set(paths)).sorted(by: UTF8Order.isLess))
        }
    }
}
