#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What the outside world says about Git: variables, folders, the program. Read once by the commands and passed in.
///
/// These variables are plumb's own:
///
/// | variable | meaning |
/// |---|---|
/// | `PLUMB_GIT_TOKEN` | the password or token for HTTPS |
/// | `PLUMB_GIT_USERNAME` | the user name that goes with it; `x-access-token` when unset, which GitHub, GitLab and Gitea all take |
/// | `PLUMB_GIT_TOKEN_HOST` | the only hosts that the token is for, `host` or `host:port`, separated by commas |
/// | `PLUMB_GIT_SSH_KEY` | a private key file for SSH, used instead of the agent's and the configured ones |
/// | `PLUMB_GIT_KNOWN_HOSTS` | a known hosts file, used instead of the user's own |
/// | `PLUMB_GIT_TIMEOUT` | seconds without progress after which network work is given up; 300 when unset |
///
/// `GIT_TOKEN` and its like are left alone: other tools set them for hosts of their own.
package struct GitEnvironment: Sendable {
    package var variables: [String: String]
    package var homeDirectory: String
    /// Where the caches of remote repositories are, in a folder `git`.
    package var cacheDirectory: String
    /// The path of the `git` program; `nil` fetches through libgit2's own network.
    package var gitProgram: String?

    package init(variables: [String: String], homeDirectory: String, cacheDirectory: String, gitProgram: String?) {
        self.variables = variables
        self.homeDirectory = homeDirectory
        self.cacheDirectory = cacheDirectory
        self.gitProgram = gitProgram
    }

    /// The usual environment: cache folder and program as the variables say.
    package init(variables: [String: String], homeDirectory: String) {
        self.init(
            variables: variables, homeDirectory: homeDirectory,
            cacheDirectory: Self.cacheDirectory(variables: variables, homeDirectory: homeDirectory),
            gitProgram: Self.findGitProgram(variables: variables))
    }

    /// `$XDG_CACHE_HOME/plumb`, or `~/.cache/plumb`. A relative `XDG_CACHE_HOME` does not count (XDG base directory rules).
    package static func cacheDirectory(variables: [String: String], homeDirectory: String) -> String {
        if let base = variables["XDG_CACHE_HOME"], base.hasPrefix("/") { return "\(base)/plumb" }
        return "\(homeDirectory)/.cache/plumb"
    }

    /// The first executable `git` in the absolute folders of `PATH`.
    package static func findGitProgram(variables: [String: String]) -> String? {
        let path = variables["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        for folder in path.split(separator: ":") where folder.hasPrefix("/") {
            let program = "\(folder)/git"
            var status = stat()
            if stat(program, &status) == 0, status.st_mode & S_IFMT == S_IFREG, access(program, X_OK) == 0 { return program }
        }
        return nil
    }

    /// The same environment, with the token for one location's host only. Whoever opens locations that a repository names
    /// (remote bases) uses this with the repository's own location, so that no file can send the token elsewhere.
    package func restrictingToken(to location: GitLocation) -> GitEnvironment {
        var copy = self
        if copy.variables["PLUMB_GIT_TOKEN_HOST"] == nil {
            copy.variables["PLUMB_GIT_TOKEN_HOST"] = location.authority ?? "none.invalid"
        }
        return copy
    }

    /// How long network work may go on without progress.
    var timeoutSeconds: Int {
        guard let text = variables["PLUMB_GIT_TIMEOUT"], let seconds = Int(text), (1...86_400).contains(seconds) else { return 300 }
        return seconds
    }

    /// A variable that is set and not empty.
    func variable(_ name: String) -> String? {
        guard let value = variables[name], !value.isEmpty else { return nil }
        return value
    }
}
