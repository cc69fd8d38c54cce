package import Manifests

/// The program `ssh-keygen`, which makes and verifies signatures with whatever keys the user has: files, agents, hardware.
package struct SSHKeygen: Sendable {
    private let helper: HelperProgram

    /// - Parameter variables: The process's environment: where programs, agent and temporary files are.
    /// - Throws: `Diagnostic` when there is no `ssh-keygen` in the folders of `PATH`.
    package init(variables: [String: String], timeLimit: Duration = .seconds(300)) throws(Diagnostic) {
        guard let helper = HelperProgram(named: "ssh-keygen", variables: variables, timeLimit: timeLimit) else {
            throw Diagnostic(
                "signatures by SSH keys need the program 'ssh-keygen', and it is in no folder of PATH",
                advice: "install OpenSSH's client (the package is called openssh-client, openssh-clients or openssh), 8.9 or newer")
        }
        self.helper = helper
    }

    var program: String { helper.program }

    /// Makes a folder for the files that the program reads.
    func makeFolder() throws(Diagnostic) -> PrivateFolder { try helper.makeFolder() }

    /// Runs the program.
    /// - Parameters:
    ///   - input: A file that becomes its standard input.
    ///   - isInteractive: Whether it may ask at the terminal; else it has none, and asks nobody.
    func run(_ arguments: [String], input: String, isInteractive: Bool = false) async throws(Diagnostic) -> HelperProgram.Outcome {
        try await helper.run(arguments, input: input, isInteractive: isInteractive)
    }
}
