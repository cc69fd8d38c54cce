import Manifests

/// Turns the words of `git`, `ssh` and libgit2 into what a person needs: which host, what is wrong, what to do.
///
/// Neither has codes for it; the words are looked at, and an unknown text is passed on as it is.
struct FetchExplainer {
    let location: GitLocation
    let environment: GitEnvironment
    let hasCredentials: Bool

    private var host: String { location.authority ?? location.path }

    func failure(words: String) -> FetchFailure {
        let lowered = words.lowercased()
        func says(_ texts: String...) -> Bool { texts.contains { lowered.contains($0) } }
        if says("couldn't find remote ref", "not our ref", "unadvertised object", "no such remote ref") {
            return make(.noSuchReference, "\(location) has no such reference: \(words)", nil)
        }
        if says("host key verification failed", "host key", "known_hosts", "hostkey") {
            return make(
                .refused, "the host key of '\(host)' is not known, or is not the known one",
                "compare it with what the host's owner publishes, then add it: ssh-keyscan \(location.host) >> "
                    + (environment.variable("PLUMB_GIT_KNOWN_HOSTS") ?? "~/.ssh/known_hosts"))
        }
        if says("mismatched algorithms", "object-format", "object format", "sha256") {
            return make(.refused, "the repository \(location) uses SHA-256 ids, which are not supported", "use a mirror with SHA-1 ids")
        }
        if says("dubious ownership", "safe.directory") {
            return make(
                .refused, "the repository \(location) belongs to another user",
                "if you trust it: git config --global --add safe.directory '\(location.path)'")
        }
        if isRefusal(lowered) { return refusal }
        if says("certificate", "ssl", "tls") {
            return make(
                .network, "no secure connection to '\(host)': \(words)",
                "if its authority is your own, name its certificate with git's http.sslCAInfo or GIT_SSL_CAINFO")
        }
        if says(
            "could not resolve host", "could not resolve hostname", "failed to resolve address", "name or service not known",
            "name resolution")
        {
            return make(.network, "the host '\(host)' is not known: \(words)", "look at the URL and at the network's name service")
        }
        if says(
            "connection refused", "failed to connect", "couldn't connect", "timed out", "timeout", "connection reset", "unreachable",
            "no route to host", "early eof", "hung up", "connection closed", "operation too slow", "proxy", "broken pipe",
            "returned error: 5")
        {
            return make(
                .network, "cannot fetch \(location) from '\(host)': \(words)", "look at the network and the proxy variables, then run again"
            )
        }
        if says(
            "not found", "does not appear to be a git repository", "does not exist", "returned error: 404", "no such file",
            "unexpected http status code: 404", "failed to resolve path", "could not find repository", "unsupported url protocol")
        {
            return make(
                .refused, "there is no repository \(location), or it may not be read",
                location.kind == .file ? "look at the path" : "look at the URL; hosts say the same when credentials are missing")
        }
        return make(.unknown, "cannot fetch \(location): \(words.isEmpty ? "no reason given" : words)", nil)
    }

    private func isRefusal(_ lowered: String) -> Bool {
        [
            "authentication failed", "could not read username", "could not read password", "terminal prompts disabled",
            "permission denied (",
            "error: 401", "error: 403", "status code: 401", "status code: 403", "access denied",
            "too many redirects or authentication replays",
            "failed to authenticate", "authentication required", "credentials", "invalid username or", "unable to get password",
        ].contains { lowered.contains($0) }
    }

    var refusal: FetchFailure {
        switch location.kind {
        case .ssh:
            make(.refused, "'\(host)' refused the SSH key", "load a key into the agent (ssh-add), or name its file with PLUMB_GIT_SSH_KEY")
        case .https, .http, .file, .local:
            hasCredentials
                ? make(
                    .refused, "'\(host)' refused the credentials for \(location)",
                    "look at PLUMB_GIT_TOKEN: is it expired, or without the right to read this repository?")
                : make(.refused, "'\(host)' wants credentials for \(location)", "set PLUMB_GIT_TOKEN, or a credential helper of git's")
        }
    }

    func make(_ reason: FetchFailure.Reason, _ message: String, _ advice: String?) -> FetchFailure {
        FetchFailure(reason: reason, diagnostic: Diagnostic(message, advice: advice))
    }
}
