import Manifests

/// The variables that `git` runs with: the user's, less what would lead it astray, plus what keeps it silent and safe.
struct ProgramEnvironment {
    let location: GitLocation
    let environment: GitEnvironment
    let credentials: GitCredentials?

    /// What a hook, an alias or a CI job sets for a repository of its own, and what fills the error output.
    private static let dropped: Set<String> = [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_NAMESPACE", "GIT_PREFIX", "GIT_CEILING_DIRECTORIES", "GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_SHALLOW_FILE",
        "GIT_GRAFT_FILE", "GIT_REPLACE_REF_BASE", "GIT_NO_REPLACE_OBJECTS", "GIT_QUARANTINE_PATH", "GIT_INTERNAL_SUPER_PREFIX",
        "GIT_IMPLICIT_WORK_TREE", "GIT_DEFAULT_HASH", "GIT_CURL_VERBOSE", "GIT_REDIRECT_STDERR", "LANGUAGE", "SSH_ASKPASS",
        "PLUMB_GIT_TOKEN",
    ]

    /// Carries the password to the helper below, in the environment of `git` alone.
    private static let passwordVariable = "PLUMB_CHILD_PASSWORD"
    private static let userVariable = "PLUMB_CHILD_USER"

    func variables(hasOwnSSHCommand: Bool) -> [String: String] {
        var result = environment.variables.filter { !Self.dropped.contains($0.key) && !$0.key.hasPrefix("GIT_TRACE") }
        result["HOME"] = environment.homeDirectory
        result["LC_ALL"] = "C"  // the messages are looked at
        result["GIT_TERMINAL_PROMPT"] = "0"
        result["GCM_INTERACTIVE"] = "never"
        result["SSH_ASKPASS_REQUIRE"] = "never"
        result["GIT_ALLOW_PROTOCOL"] = "file:http:https:ssh"
        if location.kind == .ssh, let command = sshCommand(hasOwn: hasOwnSSHCommand) { result["GIT_SSH_COMMAND"] = command }
        if let credentials {
            result[Self.userVariable] = credentials.user
            result[Self.passwordVariable] = credentials.password
        }
        addConfiguration(to: &result)
        return result
    }

    /// Adds configuration behind what the user gives the same way; nothing of it shows in the arguments or on disk.
    private func addConfiguration(to variables: inout [String: String]) {
        var count = variables["GIT_CONFIG_COUNT"].flatMap { Int($0) } ?? 0
        if !(0...1000).contains(count) { count = 0 }
        for (key, value) in configuration {
            variables["GIT_CONFIG_KEY_\(count)"] = key
            variables["GIT_CONFIG_VALUE_\(count)"] = value
            count += 1
        }
        variables["GIT_CONFIG_COUNT"] = String(count)
    }

    private var configuration: [(String, String)] {
        var result = [
            ("gc.auto", "0"), ("maintenance.auto", "false"),  // other runs may be reading
            ("core.hooksPath", "/dev/null"), ("fetch.recurseSubmodules", "false"), ("credential.interactive", "false"),
            ("http.lowSpeedLimit", "1"), ("http.lowSpeedTime", String(environment.timeoutSeconds)),
        ]
        if credentials != nil, let authority = location.authority {
            // A helper instead of a header: git asks it for exactly this host, also after a redirect to another. The empty
            // value turns the user's helpers off for the host, so that none of them stores the token.
            let scope = "credential.\(location.kind == .https ? "https" : "http")://\(Self.bracketed(authority, location)).helper"
            let helper =
                "!f() { test \"$1\" = get && printf 'username=%s\\npassword=%s\\n' \"$\(Self.userVariable)\" \"$\(Self.passwordVariable)\"; }; f"
            result += [(scope, ""), (scope, helper)]
        }
        return result
    }

    private static func bracketed(_ authority: String, _ location: GitLocation) -> String {
        guard location.host.contains(":") else { return authority }
        return "[\(location.host)]" + (location.port.map { ":\($0)" } ?? "")
    }

    /// `ssh` that never asks; the user's own command stays as it is unless plumb's variables name a key or known hosts.
    private func sshCommand(hasOwn: Bool) -> String? {
        let key = environment.variable("PLUMB_GIT_SSH_KEY")
        let knownHosts = environment.variable("PLUMB_GIT_KNOWN_HOSTS")
        if key == nil, knownHosts == nil, hasOwn || environment.variable("GIT_SSH_COMMAND") != nil || environment.variable("GIT_SSH") != nil
        {
            return nil
        }
        var command = environment.variable("GIT_SSH_COMMAND") ?? "ssh"
        command += " -o BatchMode=yes -o ConnectTimeout=30 -o ServerAliveInterval=15 -o ServerAliveCountMax=4"
        if let key { command += " -o IdentitiesOnly=yes -i \(Self.quoted(key))" }
        if let knownHosts {
            // ssh takes the value apart at spaces unless it is in double quotes.
            command +=
                " -o StrictHostKeyChecking=yes -o GlobalKnownHostsFile=/dev/null -o \(Self.quoted("UserKnownHostsFile=\"\(knownHosts)\""))"
        }
        return command
    }

    /// One word for the shell that git starts `ssh` with.
    static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
