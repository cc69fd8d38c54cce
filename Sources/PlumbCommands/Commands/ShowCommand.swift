package import ArgumentParser
internal import Manifests
internal import Planning

package struct ShowCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "show", _superCommandName: PlumbCommand.name,
        abstract: "Print a plan file again, or what changed from one to another.",
        discussion: """
            With two plan files it shows the changes that only one of them has, those that are planned otherwise, and \
            whether commit, target or inventory are other ones.
            """)

    @Argument(help: ArgumentHelp("The plan file.", valueName: "plan file"), completion: .file())
    var file: String

    @Argument(help: ArgumentHelp("A newer plan file to compare it with.", valueName: "newer plan file"), completion: .file())
    var newer: String?

    @OptionGroup var form: PresentationArguments
    @OptionGroup var options: GlobalOptions

    package init() {}

    package func run() async throws {
        let context = ProcessContext(options)
        try await Failure.reported(context.console) {
            let plan = try await PlanFile.read(Platform.read(context.path(file)), file: file).plan
            guard let newer else {
                form.print(Presentation(plan), json: plan.fileBytes, options: options, on: context.console)
                return
            }
            let comparison = PlanComparison(plan, try await PlanFile.read(Platform.read(context.path(newer)), file: newer).plan)
            form.print(
                Presentation(comparison), json: JSONWriter.pretty(comparison.encoded), options: options, on: context.console)
        }
    }
}
