internal import Applying
internal import Git
internal import Manifests
internal import Planning
internal import Settings

/// Plans and applies one environment as far as its sync policy allows.
struct EnvironmentRun: Sendable {
    let planning: EnvironmentPlanning
    let options: GlobalOptions
    let settings: ApplyArguments
    let manual: String?
    /// The folder that plans are written to; `nil` for none.
    let outDir: String?
    let context: ProcessContext
    let stop: StopSignal
    /// Whether the plan's changes are printed: alone, as 'plumb plan' does.
    let printsPlan: Bool

    func run(_ configured: EnvironmentConfiguration, after before: [FleetResult]) async -> FleetResult {
        let start = ContinuousClock.now
        var result = await attempts(configured, after: before)
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        result.milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        return result
    }

    /// What fails is tried again as `syncPolicy.retry` says: planned anew, so that nothing that was done is done twice.
    private func attempts(_ configured: EnvironmentConfiguration, after before: [FleetResult]) async -> FleetResult {
        let retry = configured.syncPolicy.retry
        var attempt = 0
        while true {
            var context = context
            if attempt > 0 { context.runID += "-\(attempt + 1)" }
            var result = await once(configured, after: before, context)
            result.attempts = attempt + 1
            guard let retry, attempt < retry.limit, Self.isWorthRetrying(result), stop.signal == nil else { return result }
            let pause = retry.backoff.pause(before: attempt)
            let why = result.faults.first?.message ?? "some changes failed"
            context.console.warning("attempt \(attempt + 1) failed (\(why)); the next one is in \(DurationText.text(pause))")
            planning.targets.forget(planning.policy?.policy.restricting(configured) ?? configured)
            guard await sleep(pause) else { return result }
            attempt += 1
        }
    }

    /// What a later attempt may mend: the target's and other runs' doing, and not what is wrong with files.
    private static func isWorthRetrying(_ result: FleetResult) -> Bool {
        switch result.kind {
        case .incomplete, .stale, .locked: true
        case .failed: result.faults.allSatisfy { $0.position == nil }
        case .inSync, .planned, .applied, .withheld, .refused, .skipped: false
        }
    }

    /// - Returns: Whether the pause went by without a signal to stop.
    private func sleep(_ pause: Duration) async -> Bool {
        let end = ContinuousClock.now + pause
        while ContinuousClock.now < end {
            if stop.signal != nil { return false }
            try? await Task.sleep(for: min(.milliseconds(100), end - ContinuousClock.now))
        }
        return stop.signal == nil
    }

    private func once(_ configured: EnvironmentConfiguration, after before: [FleetResult], _ context: ProcessContext) async -> FleetResult {
        if let signal = stop.signal {
            var result = FleetResult(configured.name, .skipped, exitCode: 128 + Int32(signal))
            result.reason = Diagnostic("the run was asked to stop")
            return result
        }
        if let failed = before.first(where: { !$0.isInPlace && $0.kind != .withheld }) {
            var result = FleetResult(configured.name, .skipped, exitCode: ExitStatus.incomplete)
            result.reason = Diagnostic("it depends on \(failed.environment), which is \(failed.kind.rawValue)")
            return result
        }
        do { return try await planned(configured, after: before, context) } catch {
            return FleetResult(configured.name, error: error)
        }
    }

    private func planned(_ configured: EnvironmentConfiguration, after before: [FleetResult], _ context: ProcessContext) async throws
        -> FleetResult
    {
        let session = try await planning.session(configured, context: context)
        let environment = session.restricted(configured)
        let (plan, _) = try await session.plan(configured, scope: .init(needsObjects: outDir != nil))
        var result = FleetResult(configured.name, plan.hasChanges ? .applied : .inSync)
        result.plan = plan
        result.commit = plan.source.commit
        if let outDir {
            let file = EnvironmentPlanning.file(environment.name, in: outDir)
            try Platform.replace(context.path(file), with: await plan.fileBytesSideBySide())
            result.planFile = file
        }
        if printsPlan, !options.json { PlanOutput(console: context.console, isJSON: false).show(plan, file: nil) }
        guard !plan.isRollback || settings.allowRollback else { return refusedAsOlder(result, plan) }
        let target = try await planning.targets.target(for: environment)
        let permission = await permission(session, environment)
        if let reason = try hindrance(plan, environment, permission, target, after: before) {
            // Where nothing is to be changed nothing is written either: not even that this commit changes nothing.
            return plan.hasChanges ? withheld(result, reason, plan, context) : result
        }
        let policy = environment.syncPolicy
        let decision = SyncDecision(plan, isAutomated: policy.isAutomated, prunes: policy.prunes, selfHeals: policy.selfHeals)
        result.withheld = decision.withheld
        for item in decision.withheld {
            context.console.info("  withheld   \(item.change.id) (\(item.change.action.rawValue)): \(item.reason)")
        }
        return try await applied(result, decision, permission, context)
    }

    private func applied(_ result: FleetResult, _ decision: SyncDecision, _ permission: ApplyPermission, _ context: ProcessContext)
        async throws
        -> FleetResult
    {
        var result = result
        let isWithheld = !decision.withheld.isEmpty
        let isNewCommit = decision.plan.inventory.commit != decision.plan.source.commit
        // That a commit changes nothing is worth remembering: it is what the next one is compared with.
        if decision.plan.hasChanges || isNewCommit && !isWithheld && permission.isAutomated {
            let outcome = try await ApplySession(
                plan: decision.plan, planDigest: decision.plan.digest, permission: permission, targets: planning.targets,
                options: quiet, settings: settings, context: context
            ).run()
            result.counts = outcome.counts
            result.exitCode = Int32(outcome.exitCode)
            if !outcome.isComplete { result.kind = .incomplete }
            result.faults += outcome.failures.map { Diagnostic($0.error, object: $0.id) }
        }
        if isWithheld, result.exitCode == ExitStatus.done {
            result.kind = .withheld
            result.exitCode = ExitStatus.changes
        }
        return result
    }

    /// Progress is for people here: what is printed as JSON is the summary.
    private var quiet: GlobalOptions {
        var options = options
        options.json = false
        return options
    }

    private func permission(_ session: PlanSession, _ environment: EnvironmentConfiguration) async -> ApplyPermission {
        // A freeze that was committed since counts for older commits too.
        let newest = try? await session.source.at("HEAD").tree
        var permission = ApplyPermission(
            approvals: ApprovalDecision(), gate: session.gate(for: environment), limits: environment.limits,
            repository: session.source.repository, repositories: session.source.repositoryNames,
            trees: [session.source.tree, session.source.configurationTree] + [newest].compactMap { $0 }, manual: manual,
            policyDigest: planning.policy?.digest)
        permission.audit = environment.audit
        permission.isAutomated = environment.syncPolicy.isAutomated
        return permission
    }

    /// What keeps the whole of a plan from being applied now, which people can do something about.
    private func hindrance(
        _ plan: Plan, _ environment: EnvironmentConfiguration, _ permission: ApplyPermission, _ target: TargetSession,
        after before: [FleetResult]
    ) throws -> Diagnostic? {
        if let waiting = before.first(where: { !$0.isInPlace }) {
            return Diagnostic("it depends on \(waiting.environment), whose changes are withheld")
        }
        let rules = planning.policy?.policy.rules(for: environment.name).compactMap(\.approvals) ?? []
        let demands = ([environment.approvals].compactMap { $0 } + rules).map { PlanApprovals($0) }
        let needed = max(settings.approvals ?? 0, demands.map { $0.required(for: plan) }.max() ?? 0)
        if needed > 0 {
            return Diagnostic(
                "it needs \(needed == 1 ? "an approval" : "\(needed) approvals")",
                advice: "plumb plan \(environment.name) --out FILE, plumb approve FILE, plumb apply FILE")
        }
        return try permission.gate.time(.now(), subject: permission.subject(plan, target), trees: permission.trees, manual: manual).refusal
    }

    private func withheld(_ result: FleetResult, _ reason: Diagnostic, _ plan: Plan, _ context: ProcessContext) -> FleetResult {
        var result = result
        result.kind = .withheld
        result.exitCode = ExitStatus.changes
        result.reason = reason
        result.withheld = plan.changes.filter { $0.action != .noOp }.map { .init(change: $0, reason: reason.message) }
        context.console.info("Withheld: \(reason.description)")
        return result
    }

    /// An older pipeline that ends after a newer one must not undo it.
    private func refusedAsOlder(_ result: FleetResult, _ plan: Plan) -> FleetResult {
        var result = result
        result.kind = .refused
        result.exitCode = ExitStatus.forbidden
        result.faults = [
            Diagnostic(
                "the commit \(plan.source.commit.prefix(12)) is no descendant of \(plan.inventory.commit.prefix(12)), which was applied last: "
                    + "an older run does not undo a newer one",
                advice: "go back with 'plumb rollback \(plan.environment)', or with --allow-rollback")
        ]
        return result
    }
}
