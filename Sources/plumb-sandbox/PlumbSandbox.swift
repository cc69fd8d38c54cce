import ArgumentParser
import Manifests
import Sandbox

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `plumb-sandbox`: options in, one line out, then serves until a signal comes.
@main
struct PlumbSandbox: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plumb sandbox",
        abstract: "Serve an embedded Kubernetes-style API on loopback.",
        discussion: """
            Prints one line when ready, with the server's address and the path of a kubeconfig for it (context 'sandbox').
            State is kept in memory, or with --data in a folder that the next start takes up again.

            A fault rule is 'METHOD PATH-PATTERN: ACTION [MODIFIER]...': the action is a status from 400 to 599, 'reset',
            'reset-after', 'half' or 'delay=DURATION'; modifiers are 'xN' (how often), 'after=N' (leaves the first N alone),
            'p=NUMBER' (probability), 'delay=DURATION' and 'retry-after=SECONDS'. With the token, POST /_sandbox/faults
            adds rules while the server runs, DELETE removes them, and GET /_sandbox/requests counts requests. POST
            /_sandbox/tokens takes further tokens up, one a line, 'TOKEN' or 'TOKEN xN' for so many requests.
            """)

    @Option(help: "The port to listen on; 0 for any.")
    var port = 0

    @Option(help: ArgumentHelp("Keep objects, certificate and token in this folder.", valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("Write the kubeconfig to this file.", valueName: "file"))
    var kubeconfig: String?

    @Flag(help: "Play controllers: workloads become ready, jobs complete, claims are bound.")
    var controllers = false

    @Option(help: ArgumentHelp("How long the controllers take.", valueName: "duration"))
    var controllerDelay = "500ms"

    @Option(help: ArgumentHelp("Let requests go wrong: 'PATCH /apis/apps/.*: 503 x3 retry-after=1'.", valueName: "rule"))
    var fault: [String] = []

    @Option(help: ArgumentHelp("Deny a right: VERB:GROUP/RESOURCE, for example 'create:/secrets'.", valueName: "right"))
    var deny: [String] = []

    @Option(help: "The seed of faults with a probability.")
    var seed: UInt64 = 1

    func run() async throws {
        StopSignals.install()
        do {
            let options = try options()
            try await Sandbox.run(options) { ready in
                print("sandbox ready: \(ready.url) kubeconfig \(ready.kubeconfigPath)")
                fflush(nil)
            }
        } catch let error as Diagnostic {
            FileHandle.standardError(error.description)
            throw ExitCode(1)
        }
    }

    private func options() throws -> SandboxOptions {
        var options = SandboxOptions()
        options.port = port
        options.dataFolder = data
        options.kubeconfigPath = kubeconfig
        options.playsControllers = controllers
        guard let delay = DurationText.parse(controllerDelay) else {
            throw ValidationError("'\(controllerDelay)' is no duration; write for example 500ms or 2s")
        }
        options.controllerDelay = delay
        options.faults = try fault.map { text in try FaultRule(parsing: text) }
        options.denials = deny
        options.seed = seed
        return options
    }
}

/// Standard error, without Foundation.
private enum FileHandle {
    static func standardError(_ text: String) {
        let bytes = Array("error: \(text)\n".utf8)
        _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    }
}
