internal import ArgumentParser
internal import Dispatch

/// What the executable calls.
package enum Plumb {
    /// Runs the command line of this process and exits with the contract's code.
    ///
    /// The command runs on Swift's pool while this thread waits: an asynchronous entry of the program would end this thread,
    /// for which the system's library loads one more, and that takes as long as building a small overlay.
    package static func main() {
        let ended = DispatchSemaphore(value: 0)
        Task.detached {
            await run()
            ended.signal()
        }
        ended.wait()
    }

    private static func run() async {
        StopSignals.ignoreBrokenPipes()
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard var command = named(by: arguments) else { return await PlumbCommand.main(arguments) }
        do {
            try await command.run()
        } catch {
            PlumbCommand.exit(withError: error)
        }
    }

    /// The command that the first word names, with its arguments read; nil for what has to be said from the top: help, a
    /// fault in the command line, a word that names no command.
    ///
    /// Going down from the top costs the parser twice what the command's own arguments do, and that is most of the time that
    /// a small command takes.
    private static func named(by arguments: [String]) -> (any AsyncParsableCommand)? {
        guard let name = arguments.first else { return nil }
        if arguments.count == 2, name == RenderCommand.configuration.commandName, !arguments[1].hasPrefix("-") {
            return RenderCommand(folder: arguments[1])
        }
        guard let command = PlumbCommand.configuration.subcommands.first(where: { $0.configuration.commandName == name })
        else { return nil }
        return try? command.parseAsRoot(Array(arguments.dropFirst())) as? any AsyncParsableCommand
    }
}
