internal import Manifests
internal import Subprocess

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

#if canImport(System)
    internal import System
#else
    internal import SystemPackage
#endif

/// A program that makes or verifies signatures, run with the user's own environment and without a terminal unless asked.
struct HelperProgram: Sendable {
    let program: String
    private let variables: [String: String]
    /// A person at a hardware key needs a while; an agent that hangs must not hang us for ever.
    private let timeLimit: Duration

    private static let outputBytesMax = 1 << 20

    /// - Parameter variables: The process's environment: where programs, agent and temporary files are.
    /// - Returns: `nil` when there is no program of the name in the folders of `PATH`.
    init?(named name: String, variables: [String: String], timeLimit: Duration) {
        let path = variables["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        let found = path.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }.first(where: Self.isProgram)
        guard let found else { return nil }
        program = found
        self.variables = variables
        self.timeLimit = timeLimit
    }

    /// What a run of the program came to.
    struct Outcome: Sendable {
        var isSuccess: Bool
        var output: [UInt8]
        /// Empty when the errors went to the terminal.
        var errors: String

        /// The last line of the errors: what the program gave up on.
        var reason: String { errors.split(whereSeparator: \.isNewline).last.map(String.init) ?? "it gave no reason" }
    }

    /// Makes a folder for the files that the program reads.
    func makeFolder() throws(Diagnostic) -> PrivateFolder {
        let base = variables["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        return try PrivateFolder(in: base.count > 1 && base.hasSuffix("/") ? String(base.dropLast()) : base)
    }

    /// Runs the program.
    /// - Parameters:
    ///   - input: A file that becomes its standard input.
    ///   - isInteractive: Whether it may ask at the terminal; else it has none, and asks nobody.
    func run(_ arguments: [String], input: String, isInteractive: Bool = false) async throws(Diagnostic) -> Outcome {
        let result = await withTaskGroup(of: Result<Outcome, Diagnostic>.self) { group in
            group.addTask { await launch(arguments, input: input, isInteractive: isInteractive) }
            group.addTask {
                try? await Task.sleep(for: timeLimit)
                return .failure(failure("gave no answer within \(timeLimit.components.seconds) seconds"))
            }
            let first = await group.next() ?? .failure(failure("gave no answer"))
            group.cancelAll()
            return first
        }
        return try result.get()
    }

    private func launch(_ arguments: [String], input: String, isInteractive: Bool) async -> Result<Outcome, Diagnostic> {
        var platform = PlatformOptions()
        platform.createSession = !isInteractive
        platform.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(1))]
        do {
            let descriptor = try FileDescriptor.open(FilePath(input), .readOnly)
            defer { try? descriptor.close() }
            let configuration = Configuration(
                executable: .path(FilePath(program)), arguments: Arguments(arguments), environment: environment(),
                platformOptions: platform)
            let source = FileDescriptorInput.fileDescriptor(descriptor, closeAfterSpawningProcess: false)
            guard isInteractive else {
                let result = try await Subprocess.run(
                    configuration, input: source, output: .bytes(limit: Self.outputBytesMax), error: .bytes(limit: Self.outputBytesMax))
                return .success(
                    Outcome(
                        isSuccess: result.terminationStatus.isSuccess, output: result.standardOutput,
                        errors: String(decoding: result.standardError, as: UTF8.self)))
            }
            // A hardware key asks for a touch on standard error.
            let result = try await Subprocess.run(
                configuration, input: source, output: .bytes(limit: Self.outputBytesMax), error: .currentStandardError)
            return .success(Outcome(isSuccess: result.terminationStatus.isSuccess, output: result.standardOutput, errors: ""))
        } catch {
            return .failure(failure("could not be run: \(error)"))
        }
    }

    /// The user's variables, but that no window asks for a passphrase: only a terminal may, where there is one.
    private func environment() -> Environment {
        var custom: [Environment.Key: String] = [:]
        for (name, value) in variables { custom[Environment.Key(stringLiteral: name)] = value }
        custom["SSH_ASKPASS_REQUIRE"] = "never"
        custom["LC_ALL"] = "C"
        return .custom(custom)
    }

    private func failure(_ what: String) -> Diagnostic { Diagnostic("'\(program)' \(what)") }

    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}
