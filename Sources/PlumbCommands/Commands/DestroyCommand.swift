package import ArgumentParser
internal import Manifests
internal import Planning

package struct DestroyCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "destroy", _superCommandName: PlumbCommand.name,
        abstract: "Plan the deletion of everything that an environment has in its target.",
        discussion: """
            Makes a plan, never more: review it and apply it like any other. It needs --max-deletes to be applied. Hooks for the \
            deletion (Argo CD's PreDelete and PostDelete, Helm's pre-delete and post-delete) are those of the commit.
            """)

    @Argument(help: ArgumentHelp("The environment.", valueName: "environment"))
    var environment: String

    @Option(name: .long, help: ArgumentHelp("Write the plan to this file.", valueName: "file"))
    var out: String?

    @Flag(name: .long, help: "Take the environment over from the repository that applied it before.")
    var takeOver = false

    @Flag(name: .long, help: "Run no hooks for the deletion; the commit is not rendered then.")
    var noHooks = false

    @OptionGroup var options: GlobalOptions

    package init() {}

    package func run() async throws {
        let context = ProcessContext(options)
        try await Failure.reported(context.console) {
            let (session, environment) = try await PlanSession.open(options, context: context, environment: environment)
            let (plan, statistics) = try await session.plan(
                environment, scope: .init(destroys: true, runsHooks: !noHooks, takesOver: takeOver))
            try PlanOutput(console: context.console, isJSON: options.json).show(plan, out: out, context: context)
            context.console.detail(PlanOutput.text(statistics))
        }
    }
}
