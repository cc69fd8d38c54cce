package import ArgumentParser

/// `plumb audit`: check the log and print it for people.
package struct AuditCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "audit", _superCommandName: PlumbCommand.name, abstract: "Check the audit log's chain, or print the log for people.",
        subcommands: [AuditVerifyCommand.self, AuditShowCommand.self])

    package init() {}
}
