internal import Manifests
internal import Subprocess

#if canImport(System)
    internal import System
#else
    internal import SystemPackage
#endif

/// What a credential plugin handed out.
struct ExecReply: Sendable {
    var token: String?
    var clientCertificate: [UInt8]?
    var clientKey: [UInt8]?
    /// How long it holds from now on; `nil` until the server refuses it.
    var remaining: Duration?
}

/// Runs a credential plugin once (client.authentication.k8s.io/v1 and v1beta1).
struct ExecRunner {
    let plugin: ExecPlugin
    let configuration: ClusterConfiguration
    let options: ClientOptions
    /// For a plugin that asks nobody; one that talks to a person has five minutes.
    var timeLimit: Duration = .seconds(60)

    private static let outputBytesMax = 1 << 20

    private enum Outcome: Sendable {
        case ended(TerminationStatus, [UInt8])
        case failed(String, isMissing: Bool)
        case timedOut
    }

    func run() async throws(Diagnostic) -> ExecReply {
        let isInteractive = plugin.interactiveMode != .never && options.isInteractive
        if plugin.interactiveMode == .always, !isInteractive {
            throw failure("needs a person at a terminal (interactiveMode: Always), and there is none")
        }
        let limit = isInteractive ? max(timeLimit, .seconds(300)) : timeLimit
        switch await outcome(isInteractive: isInteractive, limit: limit) {
        case .ended(let status, let output):
            guard status.isSuccess else { throw failure(Self.text(status)) }
            return try ExecReply.read(output, version: plugin.version, now: Timestamp.now()).get { failure($0) }
        case .failed(let message, let isMissing):
            throw failure(isMissing ? "does not exist or cannot be run" : "could not be run: \(message)")
        case .timedOut: throw failure("gave no answer within \(limit.roundedText)")
        }
    }

    private func failure(_ what: String) -> Diagnostic {
        let hint = plugin.installHint.map { "\n" + $0 } ?? ""
        return Diagnostic(
            "the credential plugin '\(plugin.command)' of user '\(configuration.userName)' \(what)",
            advice: "run it by hand to see why, and sign in again if it asks for it" + hint)
    }

    private static func text(_ status: TerminationStatus) -> String {
        switch status {
        case .exited(let code): "failed with exit status \(code)"
        case .signaled(let signal): "was ended by signal \(signal)"
        }
    }

    private func outcome(isInteractive: Bool, limit: Duration) async -> Outcome {
        await withTaskGroup(of: Outcome.self) { group in
            group.addTask { await launch(isInteractive: isInteractive) }
            group.addTask {
                try? await Task.sleep(for: limit)
                return .timedOut
            }
            let first = await group.next() ?? .timedOut
            group.cancelAll()
            return first
        }
    }

    private func launch(isInteractive: Bool) async -> Outcome {
        var platform = PlatformOptions()
        platform.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(1))]
        let program: Executable = plugin.command.contains("/") ? .path(FilePath(plugin.command)) : .name(plugin.command)
        let input: FileDescriptorInput
        var null: FileDescriptor?
        if isInteractive {
            input = .currentStandardInput
        } else {
            guard let opened = try? FileDescriptor.open("/dev/null", .readOnly) else {
                return .failed("/dev/null cannot be opened", isMissing: false)
            }
            null = opened
            input = .fileDescriptor(opened, closeAfterSpawningProcess: false)
        }
        defer { try? null?.close() }
        do {
            let result = try await Subprocess.run(
                program, arguments: Arguments(plugin.arguments), environment: environment(isInteractive: isInteractive),
                platformOptions: platform, input: input, output: .bytes(limit: Self.outputBytesMax), error: .currentStandardError)
            return .ended(result.terminationStatus, result.standardOutput)
        } catch let error as SubprocessError {
            if error.code == .outputLimitExceeded { return .failed("it printed more than \(Self.outputBytesMax) bytes", isMissing: false) }
            return .failed("\(error)", isMissing: error.code == .executableNotFound)
        } catch {
            return .failed("\(error)", isMissing: false)
        }
    }

    private func environment(isInteractive: Bool) -> Environment {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in configuration.environment { variables[Environment.Key(stringLiteral: name)] = value }
        for (name, value) in plugin.environment { variables[Environment.Key(stringLiteral: name)] = value }
        variables["KUBERNETES_EXEC_INFO"] = info(isInteractive: isInteractive)
        return .custom(variables)
    }

    /// The ExecCredential that tells the plugin what is wanted.
    private func info(isInteractive: Bool) -> String {
        var specification: Object = ["interactive": .bool(isInteractive)]
        if let cluster = plugin.clusterInfo, let value = try? JSONParser.parse(Array(cluster.utf8)) { specification["cluster"] = value }
        let info: Object = [
            "kind": "ExecCredential", "apiVersion": .string(plugin.version.rawValue), "spec": .object(specification),
        ]
        return String(decoding: JSONWriter.compact(.object(info)), as: UTF8.self)
    }
}
