import Manifests

/// What the `git` program said (in English: it runs with `LC_ALL=C`), as a failure with advice and without credentials.
struct ProgramMessages {
    let output: String
    let location: GitLocation
    let environment: GitEnvironment
    let credentials: GitCredentials?

    var timeout: FetchFailure {
        FetchFailure(
            reason: .network,
            diagnostic: Diagnostic(
                "fetching \(location) was given up after \(environment.timeoutSeconds) seconds without progress",
                advice: "look at the network, or set PLUMB_GIT_TIMEOUT to more seconds"))
    }

    var failure: FetchFailure {
        let explainer = FetchExplainer(location: location, environment: environment, hasCredentials: credentials != nil)
        return explainer.failure(words: words)
    }

    /// The lines that name the fault, without progress and without secrets.
    private var words: String {
        let lines = output.split(whereSeparator: \.isNewline).map { $0.filter { !$0.isWhitespace || $0 == " " } }
        let prefixes = ["fatal:", "error:", "remote:", "ssh:", "Host key", "Permission denied", "Connection", "kex_", "@"]
        let telling = lines.filter { line in
            prefixes.contains { line.hasPrefix($0) } && !line.contains("%") && !line.hasPrefix("@@") || line.contains("Permission denied (")
        }
        return redacted((telling.isEmpty ? lines.suffix(3) : telling.suffix(6)).joined(separator: "; "))
    }

    private func redacted(_ text: String) -> String {
        let secrets = [credentials?.password, environment.variable("PLUMB_GIT_TOKEN"), location.password]
        var text = text
        for secret in secrets.compactMap(\.self) where !secret.isEmpty {
            text = text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "***")
        }
        return String(text.prefix(800))
    }
}
