package import ArgumentParser
internal import Manifests

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

package struct SandboxCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "sandbox", _superCommandName: PlumbCommand.name, abstract: "Serve an embedded Kubernetes-style API on loopback.",
        discussion: """
            Runs 'plumb-sandbox', a program of its own beside this one, with the arguments given; \
            'plumb sandbox -- --help' prints them. It writes a kubeconfig for itself and serves until it is stopped.
            """)

    @Argument(parsing: .captureForPassthrough, help: "Arguments of plumb-sandbox.")
    var arguments: [String] = []

    package init() {}

    package func run() async throws {
        let program = try Self.program()
        // Its place is taken altogether: signals reach the server, and its exit code is ours.
        let passed = [program] + arguments.filter { $0 != "--" }
        var pointers: [UnsafeMutablePointer<CChar>?] = passed.map { strdup($0) }
        pointers.append(nil)
        execv(program, &pointers)
        throw Diagnostic("starting \(program): \(String(cString: strerror(errno)))")
    }

    private static func program() throws(Diagnostic) -> String {
        guard let executable = Platform.executable, let slash = executable.lastIndex(of: "/") else {
            throw Diagnostic("the path of this program cannot be told")
        }
        let folder = executable[..<slash]
        for candidate in ["\(folder)/plumb-sandbox", "\(folder)/../libexec/plumb/plumb-sandbox"] where Platform.isExecutable(candidate) {
            return candidate
        }
        throw Diagnostic(
            "there is no plumb-sandbox beside \(executable)", advice: "build it with 'make build', or install it with 'make install'")
    }
}
