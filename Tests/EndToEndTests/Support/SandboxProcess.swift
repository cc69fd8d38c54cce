import Foundation

/// The sandbox's process. It never outlives the tests: a shell between the two ends it when its standard input closes,
/// which the system sees to however the tests end.
struct SandboxProcess {
    let folder: String
    let kubeconfig: String

    private static let script = """
        "$@" > "$FOLDER/output" 2>&1 &
        child=$!
        trap 'kill $child 2>/dev/null' EXIT
        cat > /dev/null
        kill $child 2>/dev/null
        wait $child 2>/dev/null
        rm -rf "$FOLDER"
        """

    static func start() async throws -> SandboxProcess {
        let folder = FileManager.default.temporaryDirectory.path + "/plumb-sandbox-\(TestRepository.random())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let kubeconfig = "\(folder)/kubeconfig"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c", script, "sh", try Binaries.sandbox(), "--port", "0", "--kubeconfig", kubeconfig, "--controllers",
            "--controller-delay", "1s",
        ]
        process.environment = ["PATH": TestRepository.searchPath, "FOLDER": folder]
        // Never written to; its end is the signal. No other child inherits it.
        let input = Pipe()
        _ = fcntl(input.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        process.standardInput = input
        try process.run()
        Kept.shared.hold(process, input)
        for _ in 0..<600 {
            let output = (try? String(contentsOfFile: "\(folder)/output", encoding: .utf8)) ?? ""
            if output.contains("sandbox ready"), FileManager.default.fileExists(atPath: kubeconfig) {
                return SandboxProcess(folder: folder, kubeconfig: kubeconfig)
            }
            guard process.isRunning, !output.hasPrefix("error") else { throw TestFailure("the sandbox did not start: \(output)") }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw TestFailure("the sandbox was not ready within a minute")
    }

    /// Keeps the pipe open for as long as the tests run.
    private final class Kept: Sendable {
        static let shared = Kept()
        // Guarded by the lock.
        private nonisolated(unsafe) var objects: [AnyObject] = []
        private let lock = NSLock()

        func hold(_ objects: AnyObject...) { lock.withLock { self.objects += objects } }
    }
}
