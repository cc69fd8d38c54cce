internal import Git
internal import KubernetesAPI
internal import Manifests
internal import Planning
internal import Rendering
internal import Settings

/// Makes the plan of one environment.
struct PlanSession: Sendable {
    let source: SourceSession
    let targets: TargetPool
    let policy: PolicyFile?
    let options: GlobalOptions
    let context: ProcessContext

    init(source: SourceSession, targets: TargetPool, policy: PolicyFile?, options: GlobalOptions, context: ProcessContext) {
        self.source = source
        self.targets = targets
        self.policy = policy
        self.options = options
        self.context = context
    }

    /// For a command about one environment of the repository that the options name.
    static func open(_ options: GlobalOptions, context: ProcessContext, environment name: String) async throws
        -> (session: PlanSession, environment: EnvironmentConfiguration)
    {
        let pool = try await SourcePool.open(options, context: context)
        let environment = try pool.main.environment(name)
        let session = PlanSession(
            source: try await pool.source(for: environment), targets: TargetPool(options, context: context),
            policy: try PolicyFile.open(options, context: context), options: options, context: context)
        return (session, environment)
    }

    /// What to plan for.
    struct Scope: Sendable {
        var targets: [String] = []
        var prunes = true
        /// Plans the deletion of everything in the inventory.
        var destroys = false
        /// Whether the hooks for that run.
        var runsHooks = true
        /// Takes over an inventory that belongs to another repository.
        var takesOver = false
        /// The ids of objects to replace, and what else may be replaced.
        var replaced: [String] = []
        var replaceable: [String] = []
        /// Refuses charts whose objects are others at each rendering.
        var failsOnRandom = false
        /// Lets templates look at live objects.
        var allowsLookup = false
        /// Whether each object is wanted as it was rendered, or only what changes.
        var needsObjects = true

        /// Whether the plan is about all of an environment as the repository alone says it.
        var isPlain: Bool {
            targets.isEmpty && prunes && !destroys && !takesOver && replaced.isEmpty && !failsOnRandom && !allowsLookup
        }
    }

    /// What keeps the environment from being planned and applied, as this commit and the policy say it.
    func gate(for environment: EnvironmentConfiguration) -> PolicyGate {
        PolicyGate(
            environment: environment.name,
            configurations: [(environment, source.configuration.projects, source.configurationTree)], policy: policy,
            variables: context.variables)
    }

    /// The environment as the policy from outside lets it be.
    func restricted(_ environment: EnvironmentConfiguration) -> EnvironmentConfiguration {
        policy?.policy.restricting(environment) ?? environment
    }

    /// What the last apply left in the target.
    func inventory(of environment: EnvironmentConfiguration) async throws -> StoredInventory {
        try await store(of: environment).read()
    }

    private func store(of environment: EnvironmentConfiguration) async throws -> any InventoryStore {
        let target = try await targets.connection(for: environment)
        return InventoryPlaces.store(
            for: environment.name, namespace: target.inventoryNamespace(option: options.namespace, environment: environment),
            file: environment.inventory.file, target: target, context: context)
    }

    /// - Parameter isLast: Whether the process ends with this plan, so that what it was made of can be left to that.
    /// - Throws: `PolicyRefusal` for what may not be applied anyway.
    func plan(
        _ configured: EnvironmentConfiguration, scope: Scope, isLast: Bool = false
    ) async throws -> (Plan, RequestStatistics) {
        let counter = RequestCounter()
        return try await RequestCounter.$current.withValue(counter) {
            try await (plan(configured, scope: scope, counter: counter, isLast: isLast), counter.statistics)
        }
    }

    private func plan(_ configured: EnvironmentConfiguration, scope: Scope, counter: RequestCounter, isLast: Bool) async throws -> Plan {
        let environment = restricted(configured)
        let gate = gate(for: environment)
        try await gate.check(source.commit, ref: source.ref, in: source.repository)
        let own = RequestCounter(partOf: counter)
        async let connected = targets.target(for: environment)
        let isFromCommitAlone = try scope.isPlain && isFromCommitAlone(environment)
        let mayTell = isFromCommitAlone && !scope.needsObjects
        let observation = observation(of: environment, scope, mayTell: mayTell, own)
        defer { observation.cancel() }
        // What is about to be told to be unchanged is not rendered.
        let isUnchanged = mayTell ? await observation.isUnchanged(within: Self.inventoryWait) : false
        let (rendered, chartTarget) =
            try await isUnchanged ? (RenderedEnvironment(manifests: []), ChartTarget()) : render(environment, scope)
        let target = try await connected
        let defaultNamespace = target.defaultNamespace(option: options.namespace, environment: environment)
        // While the inventory is read. What is wrong with the objects is said after what is wrong with the inventory.
        let prepared: Result<PreparedObjects, any Error>
        do {
            prepared = .success(
                try await PreparedObjects.prepare(
                    rendered.manifests, environment: environment.name, defaultNamespace: defaultNamespace, discovery: target.discovery,
                    isDestruction: scope.destroys))
        } catch { prepared = .failure(error) }
        let found = try await observation.value
        let stored = found.stored
        if isLast { ProcessLifetime.keep((rendered, prepared, stored)) }
        let inventoryNamespace = target.inventoryNamespace(option: options.namespace, environment: environment)
        let store = try await store(of: environment)
        let ownership = try RepositoryGuard(source: source, takesOver: scope.takesOver).check(stored.inventory, place: store.place)
        let ancestry = try await ancestry(of: stored.inventory)
        let lookups = Self.lookups(rendered)
        let others = [
            PlanLookup.warning(lookups), source.uncommittedWarning(under: environment.path), ancestry.warning, ownership.warning,
        ]
        var request = request(
            environment, scope: scope, manifests: rendered.manifests, warnings: rendered.warnings + others.compactMap { $0 },
            isRollback: ancestry.undoneFrom != nil, target: target, chartTarget: chartTarget, previousCommit: stored.inventory.commit)
        request.settings.isFromCommitAlone = isFromCommitAlone && rendered.warnings.isEmpty && rendered.lookups.isEmpty
        if found.isUnchanged {
            let count = stored.inventory.entries.count
            let fact = isUnchanged ? "nothing was rendered" : "nothing had to be rendered"
            context.console.detail("\(fact): Git and all \(count) objects are as they were applied")
        }
        let planner = Planner(client: target.client, discovery: target.discovery, store: store)
        var plan =
            found.isUnchanged
            ? planner.unchanged(request, target: target.target, inventory: stored, inventoryNamespace: inventoryNamespace)
            : try await RequestCounter.$current.withValue(own) {
                try await planner.plan(
                    request, prepared.get(), target: target.target, inventory: stored, inventoryNamespace: inventoryNamespace,
                    ahead: found.ahead, standing: found.standing)
            }
        plan.source.identity = ownership.identity
        plan.lookups = lookups
        plan.settings.context = target.cluster.contextName
        plan.settings.inventoryFile = environment.inventory.file
        plan.settings.defaultNamespace = defaultNamespace
        plan.settings.isDestruction = scope.destroys
        plan.settings.allowsRemoteBases = source.allowsRemoteBases(of: environment)
        plan.settings.health = HealthRules(environment.health)
        plan.undoes = ancestry.undoneFrom.map(undone) ?? []
        let statistics = own.statistics
        plan.statistics = PlanStatistics(get: statistics.get, list: statistics.list, dryRun: statistics.dryRun)
        try gate.check(plan, repositories: source.repositoryNames, context: target.cluster.contextName)
        return plan
    }

    /// What the commit renders to, as far as it matters for the scope, and what charts were rendered for.
    private func render(_ environment: EnvironmentConfiguration, _ scope: Scope) async throws -> (RenderedEnvironment, ChartTarget) {
        var chartTarget = ChartTarget(failsOnRandom: scope.failsOnRandom)
        guard try isRendered(environment, scope) else { return (RenderedEnvironment(manifests: []), chartTarget) }
        // Charts ask what the target can do; all else is rendered while the target is being connected to.
        if try source.hasCharts(environment) {
            let target = try await targets.target(for: environment)
            chartTarget = target.chartTarget(
                namespace: target.defaultNamespace(option: options.namespace, environment: environment),
                failsOnRandom: scope.failsOnRandom)
            if scope.allowsLookup || environment.allowsLookup { chartTarget.live = TargetLookup(target) }
        }
        let rendered: RenderedEnvironment
        do { rendered = try await source.render(environment, target: chartTarget) } catch  where scope.destroys {
            let hooks = Diagnostic(
                "which hooks the deletion has cannot be told", advice: "mend what is wrong, or leave hooks out with --no-hooks")
            throw Diagnostics(Failure.diagnostics(error) + [hooks])
        }
        guard scope.destroys || !rendered.manifests.isEmpty else {
            throw Diagnostic(
                "this folder renders to no object at all", at: SourcePosition(file: environment.path),
                advice: "an environment is emptied with 'plumb destroy \(environment.name)'")
        }
        return (rendered, chartTarget)
    }

    /// How long rendering waits for the inventory, which may make it needless: no longer than a target close by takes to answer,
    /// since others had better be asked and rendered for at the same time.
    private static let inventoryWait = Duration.milliseconds(40)

    /// Begins to read what the last apply left in the target, and its objects.
    /// - Parameter mayTell: Whether the inventory may tell that nothing need be rendered.
    private func observation(
        of environment: EnvironmentConfiguration, _ scope: Scope, mayTell: Bool, _ counter: RequestCounter
    ) -> InventoryObservation {
        InventoryObservation(
            reading: { answer in
                let target = try await targets.connection(for: environment)
                let defaultNamespace = target.defaultNamespace(option: options.namespace, environment: environment)
                return try await store(of: environment).read { inventory in
                    answer.give(mayTell && isTelling(inventory, environment, defaultNamespace: defaultNamespace) ? inventory : nil)
                }
            }, target: { try await targets.target(for: environment) }, counter: counter,
            ahead: { inventory, target in
                guard scope.targets.isEmpty, !scope.destroys else { return nil }
                return ListsAhead(
                    inventory, commit: source.commit.id, client: target.client, discovery: target.discovery,
                    serverVersion: target.target.serverVersion)
            })
    }

    /// Whether nothing but the commit says what an environment renders to: no chart, which asks what the target can do, nothing
    /// that is fetched from elsewhere, and no configuration or policy that is kept outside.
    private func isFromCommitAlone(_ environment: EnvironmentConfiguration) throws -> Bool {
        guard options.config == nil, policy == nil, environment.repository == nil, source.configurationSource.commit == source.commit.id
        else { return false }
        return try !source.allowsRemoteBases(of: environment) && !source.hasCharts(environment)
    }

    /// Whether the objects of an inventory are just what the commit renders to.
    private func isTelling(_ inventory: Inventory, _ environment: EnvironmentConfiguration, defaultNamespace: String) -> Bool {
        let record = RenderingRecord(plumbVersion: PlumbVersion.text, defaultNamespace: defaultNamespace)
        guard inventory.rendering == record, inventory.pending == nil else { return false }
        // What keeps it from being told matters to nobody who renders, or is said then.
        return (try? source.rendersAs(inventory.commit, environment)) ?? false
    }

    /// Whether it matters what the commit renders to. To destroy an environment only its hooks do, and a commit that has it no
    /// more has none.
    private func isRendered(_ environment: EnvironmentConfiguration, _ scope: Scope) throws -> Bool {
        guard scope.destroys else { return true }
        guard scope.runsHooks else { return false }
        return try !environment.charts.isEmpty || source.tree.entry(at: environment.path) != nil
    }

    private func request(
        _ environment: EnvironmentConfiguration, scope: Scope, manifests: [Manifest], warnings: [Diagnostic],
        isRollback: Bool, target: TargetSession, chartTarget: ChartTarget, previousCommit: String
    ) -> PlanRequest {
        let commit = source.commit
        var planSource = PlanSource(
            repository: source.repository.originDescription, ref: source.ref, commit: commit.id, path: environment.path,
            author: "\(commit.authorName) <\(commit.authorEmail)>", committedAt: commit.committedAtText)
        if source.configurationSource.commit != commit.id { planSource.configuration = source.configurationSource }
        let source = self.source
        let repository = source.repository
        return PlanRequest(
            environment: environment.name, manifests: manifests, source: planSource,
            defaultNamespace: target.defaultNamespace(option: options.namespace, environment: environment),
            prunes: scope.prunes, targets: scope.targets,
            settings: PlanSettings(
                maxDeletes: environment.maxDeletes, timeoutSeconds: environment.timeout.map { Int($0.components.seconds) },
                approvals: environment.approvals.map(PlanApprovals.init)),
            isRollback: isRollback && !scope.destroys, isDestruction: scope.destroys, warnings: warnings,
            fields: FieldPolicy(environment),
            replacements: ReplacementPolicy(allowed: environment.allowReplace + scope.replaceable, forced: scope.replaced),
            previous: {
                // A commit that was rewritten or never fetched is no reason to fail: causes are then told from ownership.
                guard !previousCommit.isEmpty, let commit = try? await repository.resolve(previousCommit) else { return nil }
                return try? await source.renderedManifests(environment, at: commit, target: chartTarget, context: context)
            },
            lastChanges: { files in
                let found = try? repository.lastChanges(of: files, from: commit, commitsMax: Self.commitsMax, includesRemovals: true)
                return (found ?? [:]).mapValues(LastChange.init)
            },
            plumbVersion: PlumbVersion.text, runID: context.runID, createdAt: .now())
    }

    /// What releases looked up, several of them the same perhaps, in the order of its names.
    private static func lookups(_ rendered: RenderedEnvironment) -> [PlanLookup] {
        Set(rendered.lookups.map(PlanLookup.init)).sorted { UTF8Order.isLess($0.description, $1.description) }
    }

    /// How far back the commit is looked for that changed a file last: a plan must not take longer for a long history.
    private static let commitsMax = 5000

    /// The commits that another one has and this one has not.
    private func undone(_ applied: String) -> [LastChange] {
        let commits = (try? source.repository.log(from: applied, excluding: source.commit.id, limit: Plan.undoesMax)) ?? []
        return commits.map(LastChange.init)
    }

    /// The commit that this one goes back from: the one applied last, or the one whose apply was tried last, when this one is
    /// older than it or not descended from it.
    ///
    /// What was tried counts too: a newer pipeline that failed half way must not be undone by an older one that ends later.
    private func ancestry(of inventory: Inventory) async throws -> (undoneFrom: String?, warning: Diagnostic?) {
        let tried = [inventory.commit, inventory.applies.last?.commit ?? "", inventory.pending?.commit ?? ""]
        var warning: Diagnostic?
        for applied in tried where !applied.isEmpty && applied != source.commit.id {
            guard (try? await source.repository.resolve(applied)) != nil else {
                warning = Diagnostic(
                    "the commit applied last, \(applied.prefix(12)), is not in the repository: whether this plan goes back cannot be told",
                    advice: "fetch the whole history (in CI: fetch-depth 0)")
                continue
            }
            if try !source.repository.isAncestor(applied, of: source.commit.id) { return (applied, nil) }
        }
        return (nil, warning)
    }
}

extension LastChange {
    fileprivate init(_ commit: GitCommit) {
        self.init(
            commit: commit.id, committedAt: commit.committedAtText, author: "\(commit.authorName) <\(commit.authorEmail)>",
            summary: commit.summary)
    }
}

extension FieldPolicy {
    fileprivate init(_ environment: EnvironmentConfiguration) {
        self.init(
            rules: environment.ignoreDifferences.map { rule in
                IgnoreRule(
                    group: rule.group, kind: rule.kind, name: rule.name, namespace: rule.namespace, fields: rule.fields,
                    managers: rule.managedFieldsManagers, conflict: ConflictPolicy(rawValue: rule.conflict) ?? .leave)
            },
            standard: environment.conflicts.flatMap(ConflictPolicy.init) ?? .take)
    }
}
