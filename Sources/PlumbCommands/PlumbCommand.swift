package import ArgumentParser

/// `plumb` itself: the list of its commands.
package struct PlumbCommand: AsyncParsableCommand {
    /// What the program is called; each command says it too, since it may be the first to read the command line.
    static let name = "plumb"

    package static let configuration = CommandConfiguration(
        commandName: name, abstract: "Make a Kubernetes-style control plane match a Git repository, by a plan.",
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
