internal import ArgumentParser
internal import CMemory
internal import Dispatch
internal import Git
internal import HTTP
internal import Synchronization

/// What the executable calls.
package enum Plumb {
    /// Runs the command line of this process and exits with the contract's code.
    ///
    /// The command runs on Swift's pool while this thread waits: an asynchronous entry of the program would end this thread,
    /// for which the system's library loads one more, and that takes as long as building a small overlay.
    package static func main() -> Never {
        plumb_take_memory_in_large_pieces()
        let begun = DispatchSemaphore(value: 0)
        let ended = DispatchSemaphore(value: 0)
        let outcome = Mutex(ExitStatus.done)
        let arguments = Array(CommandLine.arguments.dropFirst())
        Task.detached {
            begun.signal()
            let code = await run(arguments)
            outcome.withLock { $0 = code }
            ended.signal()
        }
        // No thread can be made while a library is loaded: the pool's come first.
        begun.wait()
        loadLibraries(for: arguments.first)
        ended.wait()
        Platform.leave(outcome.withLock { $0 })
    }

    /// Loads what a command will use, while its arguments are read: libgit2 and libcurl bring some thirty libraries with them. One
    /// after the other, as the system's loader works on one at a time; what is needed first comes first.
    private static func loadLibraries(for command: String?) {
        switch command {
        case PlanCommand.configuration.commandName, DestroyCommand.configuration.commandName, RunCommand.configuration.commandName:
            GitLibrary.load()
            HTTPLibrary.prepare()
        case ApplyCommand.configuration.commandName: HTTPLibrary.prepare()
        default: break
        }
    }

    /// - Returns: The exit code.
    private static func run(_ arguments: [String]) async -> Int32 {
        StopSignals.ignoreBrokenPipes()
        do {
            if var command = named(by: arguments) {
                try await command.run()
            } else {
                var command = try PlumbCommand.parseAsRoot(arguments)
                if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
            }
            return ExitStatus.done
        } catch {
            return told(error)
        }
    }

    /// Says why a command ends early, help and versions included, as the parser itself does it.
    private static func told(_ error: any Error) -> Int32 {
        let code = PlumbCommand.exitCode(for: error)
        let message = PlumbCommand.fullMessage(for: error)
        if !message.isEmpty { Console.write(Array((message + "\n").utf8), to: code.isSuccess ? 1 : 2) }
        return code.rawValue
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
