import Foundation
import Subprocess

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

/// Runs programs to their end, with an environment of their own and a limit on their time.
enum ChildProcess {
    /// Nothing here takes minutes: what does hangs.
    private static let patience: Duration = .seconds(120)

    static func run(
        _ program: String, _ arguments: [String], environment: [String: String], in folder: String, input: String = ""
    ) async throws -> ProcessOutput {
        try await withThrowingTaskGroup(of: ProcessOutput?.self) { group in
            group.addTask { try await start(program, arguments, environment: environment, in: folder, input: input) }
            group.addTask {
                try await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let output = first else {
                throw TestFailure("'\(program) \(arguments.joined(separator: " "))' did not end within \(patience)")
            }
            return output
        }
    }

    private static func start(
        _ program: String, _ arguments: [String], environment: [String: String], in folder: String, input: String
    ) async throws -> ProcessOutput {
        var custom: [Environment.Key: String] = [:]
        // What a sanitizer is told holds for the programs that were built with it too.
        let sanitizers = ["ASAN_OPTIONS", "TSAN_OPTIONS", "LD_PRELOAD"]
        let inherited = ProcessInfo.processInfo.environment.filter { sanitizers.contains($0.key) }
        for (name, value) in environment.merging(inherited, uniquingKeysWith: { own, _ in own }) {
            custom[Environment.Key(stringLiteral: name)] = value
        }
        let executable: Executable = program.contains("/") ? .path(FilePath(program)) : .name(program)
        let result = try await Subprocess.run(
            executable, arguments: Arguments(arguments), environment: .custom(custom), workingDirectory: FilePath(folder),
            input: .string(input), output: .string(limit: 1 << 26), error: .string(limit: 1 << 26))
        let code: Int
        switch result.terminationStatus {
        case .exited(let number): code = Int(number)
        case .signaled(let number): code = 128 + Int(number)
        }
        let name = program.split(separator: "/").last.map(String.init) ?? program
        return ProcessOutput(
            arguments: [name] + arguments, code: code, output: result.standardOutput, error: result.standardError)
    }
}

/// What stands in the way of a test itself.
struct TestFailure: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
