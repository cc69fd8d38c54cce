package import ArgumentParser
internal import KubernetesAPI
internal import Manifests
internal import Planning
internal import Settings

package struct EnvironmentsCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "environments", _superCommandName: PlumbCommand.name,
        abstract: "List the environments: path, target, policy, last apply, and drift when asked.",
        discussion: """
            Those of plumb.yaml, else the folders under environments/, envs/, clusters/ and overlays/. The last apply is read \
            from each target; --drift plans each of them, and changes nothing.
            """)

    @Argument(help: ArgumentHelp("Names or globs; all when none is given.", valueName: "environment"))
    var environments: [String] = []

    @Flag(name: .long, help: "Plan each environment, and tell how many objects differ by drift and by Git.")
    var drift = false

    @Flag(name: .long, help: "Ask no target.")
    var offline = false

    @Option(name: .long, help: ArgumentHelp("Environments that are looked at at a time.", valueName: "n"))
    var concurrency = 8

    @OptionGroup var options: GlobalOptions

    package init() {}

    package func validate() throws {
        if offline, drift { throw ValidationError("--drift asks the targets, and --offline none") }
        guard (1...256).contains(concurrency) else { throw ValidationError("--concurrency takes a number from 1 to 256") }
    }

    package func run() async throws {
        let context = ProcessContext(options)
        try await Failure.reported(context.console) {
            let pool = try await SourcePool.open(options, context: context)
            let chosen = try EnvironmentSelection.environments(environments, all: environments.isEmpty, lookup: pool.main.lookup)
            let planning = try EnvironmentPlanning(pool, options: options, context: context)
            let rows = try await BoundedTasks.map(EnvironmentOrder.sorted(chosen), limit: concurrency) { environment in
                await row(environment, planning, context)
            }
            context.console.output(
                options.json ? JSONWriter.pretty(["environments": .array(rows.map(\.encoded))]) : Array(Row.table(rows).utf8))
            for row in rows {
                if let fault = row.fault { context.console.prefixed(by: row.environment.name).warning(fault.description) }
            }
            if rows.contains(where: { $0.fault != nil }) { throw ExitCode(ExitStatus.error) }
        }
    }

    private func row(_ configured: EnvironmentConfiguration, _ planning: EnvironmentPlanning, _ context: ProcessContext) async -> Row {
        let environment = planning.policy?.policy.restricting(configured) ?? configured
        var row = Row(environment: environment, context: options.context ?? environment.context)
        guard !offline else { return row }
        do {
            let session = try await planning.session(configured, context: context)
            row.lastApply = try await session.inventory(of: environment).inventory.applies.last
            if drift {
                let (plan, _) = try await session.plan(configured, scope: .init(needsObjects: false))
                row.differences = Row.Differences(plan)
            }
        } catch {
            row.fault = Failure.diagnostics(error).first
        }
        return row
    }

    /// One environment as it is listed.
    private struct Row: Sendable {
        let environment: EnvironmentConfiguration
        let context: String?
        var lastApply: ApplyRecord?
        var differences: Differences?
        var fault: Diagnostic?

        struct Differences: Sendable {
            var drift: Int
            var git: Int

            init(_ plan: Plan) {
                let changes = plan.changes.filter { $0.action != .noOp }
                drift = changes.count { $0.causes.contains(.drift) }
                git = changes.count { $0.causes != [.drift] }
            }
        }

        private var path: String {
            let place = [environment.repository, environment.ref.map { "@\($0)" }].compactMap { $0 }.joined()
            return place.isEmpty ? environment.path : "\(environment.path) (\(place))"
        }

        private var policy: String {
            let policy = environment.syncPolicy
            var words = [policy.isAutomated ? "automated" : "plan only"]
            if policy.prunes { words.append("prune") }
            if policy.selfHeals { words.append("selfHeal") }
            if let approvals = environment.approvals, approvals.required > 0 { words.append("approvals \(approvals.required)") }
            if let project = environment.limits.project { words.append("project \(project)") }
            if !environment.limits.syncWindows.isEmpty { words.append("windows") }
            return words.joined(separator: ", ")
        }

        private var last: String {
            if fault != nil { return "unknown" }
            return lastApply.map { "\($0.time) \($0.commit.prefix(12)) \($0.result)" } ?? "-"
        }

        private var state: String {
            guard let differences else { return fault == nil ? "-" : "unknown" }
            if differences.drift == 0, differences.git == 0 { return "in sync" }
            return [(differences.drift, "drifted"), (differences.git, "changed in Git")].filter { $0.0 > 0 }
                .map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        }

        static func table(_ rows: [Row]) -> String {
            let hasState = rows.contains { $0.differences != nil }
            let head = ["name", "path", "target", "policy", "last apply"] + (hasState ? ["state"] : [])
            let lines =
                [head]
                + rows.map { [$0.environment.name, $0.path, $0.context ?? "current", $0.policy, $0.last] + (hasState ? [$0.state] : []) }
            let widths = head.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
            return lines.map { line in
                var text = ""
                for (column, cell) in line.enumerated() { text += cell + String(repeating: " ", count: widths[column] - cell.count + 2) }
                while text.hasSuffix(" ") { text.removeLast() }
                return text + "\n"
            }.joined()
        }

        var encoded: Value {
            let policy = environment.syncPolicy
            var object: Object = [
                "name": .string(environment.name), "path": .string(environment.path),
                "syncPolicy": [
                    "automated": .bool(policy.isAutomated), "prune": .bool(policy.prunes), "selfHeal": .bool(policy.selfHeals),
                ],
                "approvals": .int(Int64(environment.approvals?.required ?? 0)),
                "dependsOn": .array(environment.dependsOn.map(Value.string)),
            ]
            object["repository"] = environment.repository.map { .string($0) }
            object["ref"] = environment.ref.map { .string($0) }
            object["context"] = context.map { .string($0) }
            object["project"] = environment.limits.project.map { .string($0) }
            if let lastApply {
                object["lastApply"] = [
                    "time": .string(lastApply.time), "commit": .string(lastApply.commit), "actor": .string(lastApply.actor),
                    "result": .string(lastApply.result), "runID": .string(lastApply.runID),
                ]
            }
            if let differences { object["differences"] = ["drift": .int(Int64(differences.drift)), "git": .int(Int64(differences.git))] }
            if let fault { object["error"] = .string(fault.message) }
            return .object(object)
        }
    }
}
