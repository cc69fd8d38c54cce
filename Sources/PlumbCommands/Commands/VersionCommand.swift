package import ArgumentParser
internal import Git
internal import HTTP
internal import Manifests

package struct VersionCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "version", _superCommandName: PlumbCommand.name,
        abstract: "Print the versions of plumb and of the libraries that it runs on.")

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    package init() {}

    package func run() async throws {
        let console = Console(isQuiet: false, isVerbose: false, allowsColor: false)
        let libraries = [("libcurl", HTTPLibrary.version), ("libgit2", GitLibrary.version), ("libyaml", YAMLLibrary.version)]
        guard json else {
            console.output("plumb \(PlumbVersion.text) (\(Self.platform), \(Self.compiler))\n")
            for (name, version) in libraries {
                console.output("\(name) \(version.hasPrefix("\(name)/") ? String(version.dropFirst(name.count + 1)) : version)\n")
            }
            return
        }
        console.output(
            JSONWriter.pretty([
                "version": .string(PlumbVersion.text), "platform": .string(Self.platform), "compiler": .string(Self.compiler),
                "libraries": .object(Object(libraries.map { Member(key: $0.0, value: .string($0.1)) })),
            ]))
    }

    private static var platform: String {
        #if os(Linux)
            let system = "linux"
        #else
            let system = "darwin"
        #endif
        #if arch(x86_64)
            return "\(system)/amd64"
        #elseif arch(arm64)
            return "\(system)/arm64"
        #else
            return system
        #endif
    }

    private static var compiler: String {
        #if compiler(>=6.4)
            "Swift 6.4 or newer"
        #elseif compiler(>=6.3)
            "Swift 6.3"
        #elseif compiler(>=6.2)
            "Swift 6.2"
        #else
            "Swift 6"
        #endif
    }
}
