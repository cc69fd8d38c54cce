internal import Applying
package import ArgumentParser
internal import Auditing
internal import KubernetesAPI
internal import Manifests
internal import Planning

package struct ApplyCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "apply", _superCommandName: PlumbCommand.name, abstract: "Execute a plan file, exactly.",
        discussion: """
            Checks the plan's digest, the target, the inventory and every object against what the plan assumed, then makes \
            its changes in dependency order, waits until they are healthy, and records every result in the audit log.

            Exit codes: 0 done, 1 an error and nothing changed, 3 the plan is stale, 4 altered, not approved or forbidden, \
            5 some changes failed or were not healthy in time, 6 locked by another run, 130 and 143 interrupted.
            """)

    @Argument(help: ArgumentHelp("The plan file.", valueName: "plan file"))
    var file: String

    @OptionGroup var settings: ApplyArguments
    @OptionGroup var person: ManualArguments

    @OptionGroup var options: GlobalOptions

    package init() {}

    package func validate() throws {
        try settings.check()
        try person.check()
    }

    package func run() async throws {
        let context = ProcessContext(options)
        try await Failure.reported(context.console) {
            // Read once: what is verified is what is applied.
            let bytes = try Platform.read(context.path(file))
            let planFile = try await PlanFile.read(bytes, file: file)
            let plan = planFile.plan
            let policy = try PolicyFile.open(options, context: context)
            let approvals = try await ApprovalSession(
                plan: plan, bytes: bytes, file: file, options: options, settings: settings, policy: policy, context: context
            ).decide()
            let permission = try await ApplyPermission.decide(
                plan, approvals: approvals, policy: policy, manual: person.manual, variables: context.variables)
            let targets = TargetPool(options, parallelism: max(ClientOptions.standardInFlight, settings.parallelism), context: context)
            let outcome = try await ApplySession(
                plan: plan, planDigest: planFile.digest, permission: permission, targets: targets, options: options, settings: settings,
                context: context
            ).run()
            context.console.summary(ApplyDisplay.markdown(plan, outcome))
            if outcome.exitCode != 0 { throw ExitCode(Int32(outcome.exitCode)) }
        }
    }
}
