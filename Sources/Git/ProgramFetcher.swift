import Manifests
import Subprocess
import Synchronization

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Fetches through the `git` program, with the user's own helpers, SSH configuration and proxies, and never a prompt.
struct ProgramFetcher: RepositoryFetcher {
    let program: String
    let location: GitLocation
    let environment: GitEnvironment

    /// What is kept of the program's output: its last words say what went wrong.
    private static let outputBytesMax = 16 << 10

    func fetch(_ refspecs: [String], into folder: String, lock: FileLock) async throws(FetchFailure) {
        let credentials: GitCredentials?
        do throws(Diagnostic) {
            credentials = try GitCredentials(for: location, environment: environment)
        } catch {
            throw FetchFailure(reason: .refused, diagnostic: error)
        }
        let settings = ProgramEnvironment(location: location, environment: environment, credentials: credentials)
        let needsCheck = location.kind == .ssh && environment.variable("GIT_SSH_COMMAND") == nil
        let variables = settings.variables(hasOwnSSHCommand: needsCheck ? await hasSSHCommand(settings) : false)
        let arguments = ["--git-dir=\(folder)", "fetch", "--progress", "--force", "--prune", "--no-tags", "--", location.url] + refspecs
        let outcome = try await run(arguments, variables)
        withExtendedLifetime(lock) {}
        guard !outcome.isSuccess else { return }
        let messages = ProgramMessages(output: outcome.errors, location: location, environment: environment, credentials: credentials)
        throw outcome.isTimedOut ? messages.timeout : messages.failure
    }

    /// Whether the user's configuration names an SSH command, which the variable would override.
    private func hasSSHCommand(_ settings: ProgramEnvironment) async -> Bool {
        let outcome = try? await run(["config", "--get", "core.sshCommand"], settings.variables(hasOwnSSHCommand: true))
        return outcome?.isSuccess ?? false
    }

    private struct Outcome {
        var isSuccess: Bool
        var isTimedOut: Bool
        var errors: String
    }

    private func run(_ arguments: [String], _ variables: [String: String]) async throws(FetchFailure) -> Outcome {
        var options = PlatformOptions()
        options.createSession = true  // no terminal: neither git nor ssh can ask there
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
        var custom: [Environment.Key: String] = [:]
        for (name, value) in variables { custom[Environment.Key(stringLiteral: name)] = value }
        let configuration = Configuration(
            executable: .path(FilePath(program)), arguments: Arguments(arguments), environment: .custom(custom),
            workingDirectory: FilePath("/"), platformOptions: options)
        let clock = ActivityClock()
        let timeout = Duration.seconds(environment.timeoutSeconds)
        do {
            let result = try await Subprocess.run(configuration, input: .none, output: .discarded, error: .sequence) { execution in
                try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
                    group.addTask { try await Self.collect(execution.standardError, clock) }
                    group.addTask {
                        try await clock.waitForSilence(of: timeout)
                        await execution.teardown(using: [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))])
                        return nil
                    }
                    defer { group.cancelAll() }
                    while let finished = try await group.next() { if let finished { return finished } }
                    return []
                }
            }
            try Task.checkCancellation()
            return Outcome(
                isSuccess: result.terminationStatus.isSuccess, isTimedOut: clock.isSilenceFound,
                errors: String(decoding: result.closureResult, as: UTF8.self))
        } catch {
            if Task.isCancelled || error is CancellationError { throw .cancelled }
            throw FetchFailure(
                reason: .network, diagnostic: Diagnostic("cannot run '\(program)': \(error)", advice: "install git, or put it on PATH"))
        }
    }

    /// Reads the error output to its end and keeps the last of it. Every byte is a sign of life.
    private static func collect(_ output: SubprocessOutputSequence, _ clock: ActivityClock) async throws -> [UInt8] {
        var kept: [UInt8] = []
        for try await buffer in output {
            clock.touch()
            buffer.withUnsafeBytes { kept.append(contentsOf: $0) }
            if kept.count > 2 * outputBytesMax { kept.removeFirst(kept.count - outputBytesMax) }
        }
        return kept
    }
}

/// When something last happened.
final class ActivityClock: Sendable {
    private let last = Mutex(ContinuousClock.now)
    private let silence = Mutex(false)

    func touch() { last.withLock { $0 = .now } }

    var isSilenceFound: Bool { silence.withLock { $0 } }

    /// Returns when nothing has happened for so long.
    func waitForSilence(of duration: Duration) async throws {
        while true {
            let end = last.withLock { $0 }.advanced(by: duration)
            if end <= .now { break }
            try await Task.sleep(until: end, clock: .continuous)
        }
        silence.withLock { $0 = true }
    }
}
