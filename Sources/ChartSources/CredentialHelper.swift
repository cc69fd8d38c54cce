internal import Manifests
internal import Subprocess

#if canImport(System)
    internal import System
#else
    internal import SystemPackage
#endif

/// A program `docker-credential-<name>`, which keeps credentials elsewhere than in a file.
struct CredentialHelper: Sendable {
    let name: String
    let environment: ChartEnvironment

    private static let timeLimit: Duration = .seconds(60)

    private enum Outcome: Sendable {
        case ended(succeeded: Bool, output: [UInt8])
        case failed(String)
        case timedOut
    }

    /// What the helper knows of a registry; `nil` when it knows nothing.
    /// - Throws: `Diagnostic` when it cannot be run or fails; what it printed is told only where it holds no secret.
    func credential(for host: String) async throws -> RegistryCredentials.Credential? {
        let server = host == "docker.io" || host == "registry-1.docker.io" ? "https://index.docker.io/v1/" : host
        // The name becomes part of a program's name.
        guard
            name.utf8.allSatisfy({
                $0 == 0x2D || $0 == 0x2E || $0 == 0x5F || $0 >= 0x30 && $0 <= 0x39 || ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A
            })
        else {
            throw Diagnostic("'\(name)' is no name of a credential helper")
        }
        switch await outcome(server) {
        case .ended(true, let output): return try read(output)
        case .ended(false, let output):
            let text = String(decoding: output.prefix(300), as: UTF8.self)
            if text.contains("credentials not found") { return nil }
            throw failure("failed: \(text.filter { !$0.isNewline })")
        case .failed(let message): throw failure("could not be run: \(message)")
        case .timedOut: throw failure("gave no answer within \(Self.timeLimit.components.seconds) seconds")
        }
    }

    private func read(_ output: [UInt8]) throws -> RegistryCredentials.Credential? {
        guard let value = try? JSONParser.parse(output), let secret = value["Secret"]?.string else {
            throw failure("printed something that is no credential")
        }
        let user = value["Username"]?.string ?? ""
        if user == "<token>" { return .identityToken(secret) }
        return user.isEmpty && secret.isEmpty ? nil : .password(user: user, password: secret)
    }

    private func failure(_ what: String) -> Diagnostic {
        Diagnostic("the credential helper 'docker-credential-\(name)' \(what)", advice: "sign in again with 'helm registry login'")
    }

    private func outcome(_ server: String) async -> Outcome {
        await withTaskGroup(of: Outcome.self) { group in
            group.addTask { await run(server) }
            group.addTask {
                try? await Task.sleep(for: Self.timeLimit)
                return .timedOut
            }
            let first = await group.next() ?? .timedOut
            group.cancelAll()
            return first
        }
    }

    private func run(_ server: String) async -> Outcome {
        var variables: [Environment.Key: String] = [:]
        for (name, value) in environment.variables { variables[Environment.Key(stringLiteral: name)] = value }
        do {
            let result = try await Subprocess.run(
                .name("docker-credential-\(name)"), arguments: ["get"], environment: .custom(variables),
                input: .string(server + "\n"), output: .bytes(limit: 1 << 20), error: .discarded)
            return .ended(succeeded: result.terminationStatus.isSuccess, output: result.standardOutput)
        } catch {
            return .failed("\(error)")
        }
    }
}
