package import ArgumentParser
internal import Manifests
internal import Planning

package struct ShowCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(commandName: "show", abstract: "Print a plan file again.")

    @Argument(help: ArgumentHelp("The plan file.", valueName: "plan file"))
    var file: String

    @Option(name: .long, help: "text or json.")
    var format: PlanFormat = .text

    @OptionGroup var options: GlobalOptions

    package init() {}

    package func run() async throws {
        let context = ProcessContext(options)
        try await Failure.reported(context.console) {
            let plan = try Plan.read(Platform.read(context.path(file)), file: file)
            let format = options.json ? .json : self.format
            switch format {
            case .text: context.console.output(PlanText(isColored: context.console.outputStyle.isColored).text(plan))
            case .json: context.console.output(plan.fileBytes)
            }
        }
    }
}

/// The forms of a plan.
enum PlanFormat: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
}
