/// How a sandbox is run.
package struct SandboxOptions: Sendable {
    /// 0 for any free port.
    package var port = 0
    /// Where objects, certificate and token are kept; in memory without.
    package var dataFolder: String?
    /// Where the kubeconfig is written; a fresh temporary folder or the data folder without.
    package var kubeconfigPath: String?
    package var playsControllers = false
    package var controllerDelay: Duration = .milliseconds(500)
    package var faults: [FaultRule] = []
    package var denials: [String] = []
    package var seed: UInt64 = 1

    package init() {}
}
