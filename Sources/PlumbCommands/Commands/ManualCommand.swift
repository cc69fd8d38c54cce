package import ArgumentParser
internal import Manifests

/// Writes the manual's pages out of the very declarations that parse the command line: for packages, not for people.
package struct ManualCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "generate-manual", _superCommandName: PlumbCommand.name,
        abstract: "Write the manual's pages, plumb.1 and one a command.", shouldDisplay: false)

    @Argument(help: ArgumentHelp("Where to.", valueName: "folder"))
    var folder: String

    package init() {}

    package func run() async throws {
        let console = Console(isQuiet: false, isVerbose: false, allowsColor: false)
        try await Failure.reported(console) {
            let value = try JSONParser.parse(Array(PlumbCommand._dumpHelp().utf8))
            try Platform.makeFolder(folder)
            for page in ManualPage.pages(of: value["command"] ?? .null) {
                try Platform.replace("\(folder)/\(page.name).1", with: Array(page.text.utf8))
            }
        }
    }
}
