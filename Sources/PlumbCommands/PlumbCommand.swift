package import ArgumentParser

/// `plumb` itself: the list of its commands.
package struct PlumbCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "plumb", abstract: "Make a Kubernetes-style control plane match a Git repository, by a plan.")

    package init() {}
}

/// What the executable calls.
package enum Plumb {
    /// Runs the command line of this process and exits with the contract's code.
    package static func run() async {
        await PlumbCommand.main()
    }
}
