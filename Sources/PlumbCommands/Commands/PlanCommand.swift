package import ArgumentParser
internal import KubernetesAPI
internal import Manifests
internal import Planning
internal import Settings

package struct PlanCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Compare what a commit renders to with what the target holds.",
        discussion: """
            Renders the environment's folder at a commit, reads the live objects, asks the server what applying would do, \
            and prints every change with its cause. With --out the plan is written to a file, which 'plumb apply' \
            executes exactly.

            Exit codes: 0 done, 1 an error, with --detailed-exitcode 2 when there are changes.
            """)

    @Argument(help: ArgumentHelp("Environments: names out of plumb.yaml, or folders.", valueName: "environment"))
    var environments: [String]

    @Option(name: .long, help: ArgumentHelp("Write the plan to this file.", valueName: "file"))
    var out: String?

    @Flag(name: .long, help: "Exit with 2 when there are changes.")
    var detailedExitcode = false

    @Option(name: .long, help: ArgumentHelp("Plan for this object alone, such as apps/Deployment/shop/web.", valueName: "object"))
    var target: [String] = []

    @Flag(name: .long, help: "Delete nothing.")
    var noPrune = false

    @OptionGroup var options: GlobalOptions

    package init() {}

    package func validate() throws {
        if environments.isEmpty { throw ValidationError("name an environment, such as 'production'") }
        if environments.count > 1, out != nil {
            throw ValidationError("--out takes one plan; name one environment at a time")
        }
    }

    package func run() async throws {
        let context = ProcessContext(options)
        try await Failure.reported(context.console) {
            let source = try await SourceSession.open(options, context: context)
            var hasChanges = false
            for name in environments {
                let environment = try source.environment(name)
                let session = PlanSession(source: source, options: options, context: context)
                let (plan, statistics) = try await session.plan(environment, scope: .init(targets: target, prunes: !noPrune))
                hasChanges = hasChanges || plan.hasChanges
                try PlanOutput(console: context.console, isJSON: options.json).show(plan, out: out, context: context)
                context.console.detail(PlanOutput.text(statistics))
            }
            if detailedExitcode, hasChanges { throw ExitCode(ExitStatus.changes) }
        }
    }
}
