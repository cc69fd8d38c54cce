package import ArgumentParser
internal import KubernetesAPI
internal import Manifests
internal import Settings

package struct RunCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "run", _superCommandName: PlumbCommand.name,
        abstract: "Plan and apply in one go, as far as the sync policy allows: what cron calls.",
        discussion: """
            Without syncPolicy.automated an environment is planned and reported. With it what Git changed is applied; what \
            the repository no longer has is deleted with 'prune', what others changed in the target is reverted with \
            'selfHeal'. Everything else is withheld, and said. Several environments go side by side, each after those that it \
            depends on.

            Exit codes: 0 all is in place, 2 something was withheld, 1 an error, 3 stale, 4 forbidden, 5 some changes failed, \
            6 locked, 130 and 143 interrupted; of several environments the gravest.
            """)

    @OptionGroup var fleet: FleetArguments
    @OptionGroup var settings: ApplyArguments
    @OptionGroup var person: ManualArguments
    @OptionGroup var rendering: RenderingArguments
    @OptionGroup var options: GlobalOptions

    package init() {}

    package func validate() throws {
        try fleet.check()
        try settings.check()
        try person.check()
    }

    package func run() async throws {
        let context = ProcessContext(options, rendering)
        try await Failure.reported(context.console) {
            let stop = StopSignals.listen()
            let chosen = try await Fleet.open(fleet, options: options, context: context)
            let planning = try EnvironmentPlanning(
                chosen.pool, options: options, parallelism: max(ClientOptions.standardInFlight, settings.parallelism), context: context)
            if let folder = fleet.outDir { try Platform.makeFolder(context.path(folder)) }
            let results = await EnvironmentOrder.run(chosen.environments, limit: fleet.concurrency) { environment, before in
                var own = context
                if fleet.isMany { own.console = context.console.prefixed(by: environment.name) }
                let result = await EnvironmentRun(
                    planning: planning, options: options, settings: settings, manual: person.manual, outDir: fleet.outDir, context: own,
                    stop: stop, printsPlan: !fleet.isMany
                ).run(environment, after: before)
                for fault in result.faults where result.kind != .incomplete { own.console.error(fault) }
                return result
            }
            let summary = FleetSummary(results: results, unchanged: chosen.unchanged, runID: context.runID)
            if options.json {
                context.console.output(JSONWriter.pretty(summary.encoded))
            } else {
                context.console.output((fleet.isMany ? "\n" : "") + summary.text())
            }
            context.console.summary(summary.markdown("Run"))
            if summary.exitCode != ExitStatus.done { throw ExitCode(summary.exitCode) }
        }
    }
}
