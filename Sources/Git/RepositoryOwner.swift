import CLibgit2
import Manifests

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Whether a local repository may be read: the rule of `git` for repositories of other users.
///
/// Owned by this user, or by the one who called `sudo`, or listed under `safe.directory` in the system's or the user's
/// configuration (the repository's own does not count).
struct RepositoryOwner {
    let environment: GitEnvironment

    func check(gitFolder: String, workFolder: String?) throws(Diagnostic) {
        let folders = [workFolder, gitFolder].compactMap(\.self).map { $0.count > 1 && $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        guard let foreign = folders.first(where: { !isOwned($0) }) else { return }
        let safe = safeFolders()
        guard !folders.contains(where: { folder in safe.contains { Self.matches($0, folder) } }) else { return }
        let name = folders.first ?? foreign
        throw Diagnostic(
            "the repository '\(name)' belongs to another user ('\(foreign)' is not yours)",
            advice: "if you trust it: git config --global --add safe.directory '\(name)'")
    }

    private func isOwned(_ path: String) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else { return false }
        let user = geteuid()
        if status.st_uid == user { return true }
        guard user == 0, let caller = environment.variable("SUDO_UID"), let id = uid_t(caller) else { return false }
        return status.st_uid == id
    }

    static func matches(_ rule: String, _ folder: String) -> Bool {
        if rule == "*" || rule == folder || rule == folder + "/" { return true }
        return rule.hasSuffix("/*") && folder.hasPrefix(rule.dropLast())
    }

    private func safeFolders() -> [String] {
        var files = [environment.variable("GIT_CONFIG_SYSTEM") ?? "/etc/gitconfig"]
        if environment.variable("GIT_CONFIG_NOSYSTEM") != nil { files = [] }
        if let global = environment.variables["GIT_CONFIG_GLOBAL"] {
            files.append(global)
        } else {
            files.append((environment.variable("XDG_CONFIG_HOME") ?? "\(environment.homeDirectory)/.config") + "/git/config")
            files.append("\(environment.homeDirectory)/.gitconfig")
        }
        return files.flatMap(safeFolders(in:)).map { $0.hasPrefix("~/") ? environment.homeDirectory + $0.dropFirst() : $0 }
    }

    private func safeFolders(in file: String) -> [String] {
        guard !file.isEmpty, access(file, R_OK) == 0 else { return [] }
        var config: OpaquePointer?
        guard git_config_open_ondisk(&config, file) == 0 else { return [] }
        defer { git_config_free(config) }
        var iterator: OpaquePointer?
        guard git_config_multivar_iterator_new(&iterator, config, "safe.directory", nil) == 0 else { return [] }
        defer { git_config_iterator_free(iterator) }
        var values: [String] = []
        var entry: UnsafeMutablePointer<git_config_entry>?
        while git_config_next(&entry, iterator) == 0, let value = entry?.pointee.value.map({ String(cString: $0) }) {
            // An empty value takes back what stands before it.
            if value.isEmpty { values = [] } else { values.append(value) }
        }
        return values
    }
}
