package import ArgumentParser
internal import KubernetesAPI
internal import Manifests
internal import Planning
internal import Settings

package struct PlanCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "plan", _superCommandName: PlumbCommand.name, abstract: "Compare what a commit renders to with what the target holds.",
        discussion: """
            Renders the environment's folder at a commit, reads the live objects, asks the server what applying would do, \
            and prints every change with its cause. With --out the plan is written to a file, which 'plumb apply' \
            executes exactly. Several environments are planned side by side, each into a file of its own with --out-dir.

            Exit codes: 0 done, 1 an error, with --detailed-exitcode 2 when there are changes, 4 a policy forbids it; of several \
            environments the gravest.
            """)

    @OptionGroup var fleet: FleetArguments

    @Option(name: .long, help: ArgumentHelp("Write the plan to this file.", valueName: "file"), completion: .file())
    var out: String?

    @Flag(name: .long, help: "Exit with 2 when there are changes.")
    var detailedExitcode = false

    @Option(name: .long, help: ArgumentHelp("Plan for this object alone, such as apps/Deployment/shop/web.", valueName: "object"))
    var target: [String] = []

    @Flag(name: .long, help: "Delete nothing.")
    var noPrune = false

    @Flag(name: .long, help: "Take the environment over from the repository that applied it before.")
    var takeOver = false

    @Option(name: .long, help: ArgumentHelp("Delete this object and make it anew.", valueName: "object"))
    var replace: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Let this be deleted and made anew if it cannot be changed in place.",
            discussion: "An object, a kind such as batch/Job, or '*'.", valueName: "object or kind"))
    var allowReplace: [String] = []

    @Flag(name: .long, help: "Refuse charts whose templates call a function without a fixed result, such as randAlphaNum.")
    var failOnRandom = false

    @Flag(
        name: .long,
        help: ArgumentHelp(
            "Let the templates of charts look at live objects (lookup).",
            discussion: "The plan depends on them then. Always on for an environment with 'allowLookup: true' in plumb.yaml."))
    var allowLookup = false

    @OptionGroup var rendering: RenderingArguments
    @OptionGroup var options: GlobalOptions

    package init() {}

    package func validate() throws {
        try fleet.check()
        if fleet.isMany, out != nil {
            throw ValidationError("--out takes one plan; name one environment at a time, or give --out-dir")
        }
        if out != nil, fleet.outDir != nil { throw ValidationError("give --out or --out-dir") }
    }

    package func run() async throws {
        let context = ProcessContext(options, rendering)
        try await Failure.reported(context.console) {
            let chosen = try await Fleet.open(fleet, options: options, context: context)
            let planning = try EnvironmentPlanning(chosen.pool, options: options, context: context)
            if let folder = fleet.outDir { try Platform.makeFolder(context.path(folder)) }
            // Plans change nothing, so that none has to wait for another.
            let results = try await BoundedTasks.map(chosen.environments, limit: fleet.concurrency) { environment in
                await plan(environment, planning, context)
            }
            // The connections end with the process too.
            ProcessLifetime.keep((planning, results))
            let summary = FleetSummary(results: results, unchanged: chosen.unchanged, runID: context.runID)
            try show(summary, context)
            let code = summary.exitCode
            // With one environment the error itself has said all there is.
            guard code == ExitStatus.done || code == ExitStatus.changes else { throw ExitCode(code) }
            if detailedExitcode, results.contains(where: { $0.plan?.hasChanges == true }) { throw ExitCode(ExitStatus.changes) }
        }
    }

    private func plan(_ environment: EnvironmentConfiguration, _ planning: EnvironmentPlanning, _ context: ProcessContext) async
        -> FleetResult
    {
        var context = context
        if fleet.isMany { context.console = context.console.prefixed(by: environment.name) }
        do {
            let session = try await planning.session(environment, context: context)
            let (plan, statistics) = try await session.plan(
                environment,
                scope: .init(
                    targets: target, prunes: !noPrune, takesOver: takeOver, replaced: replace, replaceable: allowReplace,
                    failsOnRandom: failOnRandom, allowsLookup: allowLookup,
                    needsObjects: options.json || out != nil || fleet.outDir != nil),
                isLast: !fleet.isMany)
            var result = FleetResult(environment.name, plan.hasChanges ? .planned : .inSync)
            result.plan = plan
            result.commit = plan.source.commit
            // While the file is written.
            let output = PlanOutput(console: context.console, isJSON: options.json)
            async let text = options.json ? nil : output.text(plan)
            if let file = out ?? fleet.outDir.map({ EnvironmentPlanning.file(environment.name, in: $0) }) {
                try Platform.replace(context.path(file), with: await plan.fileBytesSideBySide())
                result.planFile = file
            }
            result.planText = await text
            if !fleet.isMany { context.console.detail(PlanOutput.text(statistics)) }
            return result
        } catch {
            return FleetResult(environment.name, error: error)
        }
    }

    private func show(_ summary: FleetSummary, _ context: ProcessContext) throws {
        let output = PlanOutput(console: context.console, isJSON: options.json)
        for result in summary.results {
            let console = fleet.isMany ? context.console.prefixed(by: result.environment) : context.console
            for fault in result.faults { console.error(fault) }
            guard let plan = result.plan else { continue }
            output.show(plan, text: result.planText, file: result.planFile)
        }
        guard fleet.isMany else { return }
        if !options.json { context.console.output("\n" + summary.text()) }
        context.console.summary(summary.markdown("Plan"))
    }
}
