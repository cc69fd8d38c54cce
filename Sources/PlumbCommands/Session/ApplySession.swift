internal import Applying
internal import ArgumentParser
internal import Auditing
internal import Git
internal import KubernetesAPI
internal import Manifests
internal import Planning
internal import Rendering
internal import Settings

/// Applies one plan: connects, begins the log, runs, ends the log.
struct ApplySession: Sendable {
    let plan: Plan
    /// The plan's digest, which takes a while to make.
    let planDigest: String
    let permission: ApplyPermission
    let targets: TargetPool
    let options: GlobalOptions
    let settings: ApplyArguments
    let context: ProcessContext

    /// - Returns: How it ended, which was said to people already.
    /// - Throws: What kept it from beginning.
    func run() async throws -> ApplyOutcome {
        let stop = StopSignals.listen()
        return try await settings.audit.destination(permission.audit).withLog(context) { log in try await run(log, stop: stop) }
    }

    private func run(_ log: AuditLog, stop: StopSignal) async throws -> ApplyOutcome {
        let journal = RunJournal(log: log, runID: context.runID, environment: plan.environment)
        try journal.started(
            plan: plan, planDigest: planDigest, actor: context.actor, approvals: permission.approvals.records,
            notes: permission.notes)
        let outcome: ApplyOutcome
        do {
            outcome = try await shown { report in try await execute(journal: journal, stop: stop, report: report) }
        } catch {
            if let outcome = await end(error, journal: journal, stop: stop) { return outcome }
            throw error
        }
        do { try await journal.finished(counts: outcome.counts, exitCode: outcome.exitCode, error: nil) } catch {
            throw ApplyAborted([], counts: outcome.counts, cause: error)
        }
        ApplyDisplay(console: context.console, isJSON: options.json).end(plan, outcome)
        return outcome
    }

    /// Records how a run ended that did not come to its end.
    /// - Returns: Its outcome when a signal ended it, which is no error.
    private func end(_ error: any Error, journal: RunJournal, stop: StopSignal) async -> ApplyOutcome? {
        let fault = Failure.diagnostics(error).map(\.message).joined(separator: "; ")
        let counts = (error as? ApplyAborted)?.counts ?? [:]
        if let signal = stop.signal {
            let outcome = ApplyOutcome(counts: counts, failures: [], signal: signal)
            try? await journal.finished(counts: counts, exitCode: outcome.exitCode, error: fault)
            ApplyDisplay(console: context.console, isJSON: options.json).end(plan, outcome)
            return outcome
        }
        // A log that cannot be written is what ended the run: it is told, and not why nothing can be recorded.
        try? await journal.finished(counts: counts, exitCode: Int(Failure.code(error)), error: fault)
        return nil
    }

    private func execute(
        journal: RunJournal, stop: StopSignal, report: @escaping @Sendable (ApplyEvent) -> Void
    ) async throws -> ApplyOutcome {
        // Before anything is sent to the target; the log keeps who tried.
        if let refusal = permission.approvals.refusal { throw ApplyRefusal.forbidden(refusal) }
        if !permission.refusals.isEmpty { throw PolicyRefusal(permission.refusals) }
        let name = try contextName()
        let target = try await stop.interruptible { try await targets.target(context: name, limits: permission.limits) }
        guard target.target.clusterUID == plan.target.clusterUID else {
            throw ApplyRefusal.stale([
                Diagnostic(
                    "the plan was made for \(plan.target.server), and \(target.target.server) is another cluster",
                    advice: "name the right one with --context")
            ])
        }
        try permission.check(plan, target: target, now: .now())
        let lookup = TargetLookup(target)
        try await lookup.check(plan.lookups)
        let file = plan.settings.inventoryFile
        let store = InventoryPlaces.store(
            for: plan.environment, namespace: plan.inventory.namespace, file: file, target: target.connection, context: context)
        let lock = try InventoryPlaces.lock(
            for: plan.environment, namespace: plan.inventory.namespace, file: file, target: target, context: context,
            runID: context.runID)
        let run = ApplyRun(
            plan: plan, planDigest: planDigest, runID: context.runID, client: target.client,
            serverVersion: target.target.serverVersion, discovery: target.discovery, store: store, lock: lock, journal: journal,
            settings: settings.settings(for: plan), actor: context.actor, clock: { .now() }, stop: stop,
            secrets: { try await secrets(target, lookup) }, report: report)
        return try await run.execute()
    }

    /// Runs with the events shown as suits where they go: drawn on a terminal, a line each elsewhere.
    private func shown<Result: Sendable>(
        _ body: @Sendable (@escaping @Sendable (ApplyEvent) -> Void) async throws -> Result
    ) async throws -> Result {
        let console = context.console
        guard console.isInteractive, !console.isQuiet, !console.isVerbose, !options.json else {
            let display = ApplyDisplay(console: console, isJSON: options.json)
            return try await body { display.show($0) }
        }
        let display = LiveDisplay(plan, console: console)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await display.animate() }
            defer {
                group.cancelAll()
                display.end()
            }
            return try await body { display.show($0) }
        }
    }

    /// The context to apply through: the option, the plan's where this machine's kubeconfig has it, else the current one.
    private func contextName() throws -> String? {
        if let name = options.context { return name }
        guard let name = plan.settings.context, !name.isEmpty else { return nil }
        let known = try? ClusterConfiguration.load(
            kubeconfig: options.kubeconfig, context: name, environment: context.variables, homeDirectory: context.homeDirectory)
        return known == nil ? nil : name
    }

    /// Renders the plan's commit again, for the objects whose values the plan withholds.
    private func secrets(_ target: TargetSession, _ lookup: TargetLookup) async throws -> [ObjectReference: Value] {
        let repository: GitRepository
        if let known = permission.repository {
            repository = known
        } else {
            let location = try GitLocation(parsing: options.repo ?? plan.source.repository, relativeTo: context.workingDirectory)
            repository = try await GitRepository.open(location, environment: context.gitEnvironment, fetch: true) {
                context.console.detail($0)
            }
        }
        let tree = try repository.tree(at: try await repository.resolve(plan.source.commit))
        let configuration = try SourceSession.configuration(of: try await configurationTree(tree), config: options.config, context: context)
        let environment = configuration.environment(planned: plan.environment, path: plan.source.path)
        var chartTarget = target.chartTarget(namespace: plan.settings.defaultNamespace ?? "default", failsOnRandom: false)
        if !plan.lookups.isEmpty { chartTarget.live = lookup }
        let store = context.chartStore
        let charts = ChartOptions(
            environment, target: chartTarget,
            store: store, revision: plan.source.commit)
        var kustomize = KustomizeOptions()
        if plan.settings.allowsRemoteBases {
            kustomize.remoteBases = repository.remoteBases(context)
            kustomize.charts = store
        }
        let rendered = try await EnvironmentRenderer.render(
            tree: tree, folder: plan.source.path, options: kustomize, charts: charts)
        let preparation = DesiredPreparation(
            environment: plan.environment, defaultNamespace: plan.settings.defaultNamespace ?? "default", discovery: target.discovery)
        let objects = try await preparation.prepare(HookNames.named(rendered.manifests))
        return Dictionary(objects.map { ($0.reference, $0.body) }) { first, _ in first }
    }

    /// The commit whose configuration the plan was rendered by.
    /// - Parameter rendered: the commit that was rendered.
    private func configurationTree(_ rendered: GitTree) async throws -> GitTree {
        guard options.config == nil, let source = plan.source.configuration else { return rendered }
        let (repository, _) = try await ApprovalPolicySource.repositories(
            with: source.commit, at: source.repository, options: options, context: context)
        return try repository.tree(at: try await repository.resolve(source.commit))
    }
}
