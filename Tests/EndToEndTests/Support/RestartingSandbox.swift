import Foundation

/// A sandbox of its own that keeps its objects in a folder, to be killed and started again on the same port.
struct RestartingSandbox {
    let folder: String
    let kubeconfig: String
    let port: String
    private let process: String

    static func start(in folder: String, port: String = "0") async throws -> RestartingSandbox {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let output = "\(folder)/output-\(TestRepository.random())"
        let kubeconfig = "\(folder)/kubeconfig"
        // It ends by itself when the tests die without ending it.
        let script =
            "timeout 300 \"$0\" --port \(port) --data '\(folder)/data' --kubeconfig '\(kubeconfig)' > '\(output)' 2>&1 & echo $!"
        let started = try await ChildProcess.run(
            "bash", ["-c", "{ \(script); } < /dev/null 2>/dev/null", try Binaries.sandbox()],
            environment: ["PATH": TestRepository.searchPath], in: folder)
        let process = started.output.trimmingCharacters(in: .whitespacesAndNewlines)
        for _ in 0..<300 {
            let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
            if let range = text.range(of: "127.0.0.1:") {
                let number = String(text[range.upperBound...].prefix { $0.isNumber })
                return RestartingSandbox(folder: folder, kubeconfig: kubeconfig, port: number, process: process)
            }
            if text.hasPrefix("error") { throw TestFailure("the sandbox did not start: \(text)") }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw TestFailure("the sandbox was not ready within half a minute")
    }

    /// Ends it between two requests at the latest; what it answered is in its folder. `timeout` passes the signal on.
    func kill() async throws {
        _ = try await ChildProcess.run("bash", ["-c", "kill \(process)"], environment: ["PATH": TestRepository.searchPath], in: "/")
    }

    func restart() async throws -> RestartingSandbox { try await Self.start(in: folder, port: port) }
}
