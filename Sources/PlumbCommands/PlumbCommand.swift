package import ArgumentParser

/// `plumb` itself: the list of its commands.
package struct PlumbCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "plumb", abstract: "Make a Kubernetes-style control plane match a Git repository, by a plan.",
        discussion: """
            Renders an environment's folder at a commit, compares it with the target, writes a plan that people approve, \
            applies exactly that plan and records every result.
            """,
        version: PlumbVersion.text,
        subcommands: [
            RenderCommand.self, PlanCommand.self, RunCommand.self, ShowCommand.self, DiffCommand.self, ApproveCommand.self,
            ApplyCommand.self,
            DestroyCommand.self, RollbackCommand.self, EnvironmentsCommand.self, HistoryCommand.self, InventoryCommand.self,
            UnlockCommand.self, AuditCommand.self, ConfigCommand.self,
            SandboxCommand.self, VersionCommand.self, ManualCommand.self,
        ])

    package init() {}
}

/// What the executable calls.
package enum Plumb {
    /// Runs the command line of this process and exits with the contract's code.
    package static func run() async {
        StopSignals.ignoreBrokenPipes()
        await PlumbCommand.main()
    }
}
