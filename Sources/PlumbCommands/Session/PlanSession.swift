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
        /// Takes over an inventory that belongs to another repository.
        var takesOver = false
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
        let target = try await targets.target(for: environment)
        return try await InventoryPlaces.store(
            for: environment.name, namespace: target.inventoryNamespace(option: options.namespace, environment: environment),
            file: environment.inventory.file, target: target, context: context
        ).read()
    }

    /// - Throws: `PolicyRefusal` for what may not be applied anyway.
    func plan(_ configured: EnvironmentConfiguration, scope: Scope) async throws -> (Plan, RequestStatistics) {
        let environment = restricted(configured)
        let gate = gate(for: environment)
        try await gate.check(source.commit, ref: source.ref, in: source.repository)
        async let connected = targets.target(for: environment)
        var rendered = RenderedEnvironment(manifests: [])
        if !scope.destroys {
            rendered = try await source.render(environment)
            guard !rendered.manifests.isEmpty else {
                throw Diagnostic(
                    "this folder renders to no object at all", at: SourcePosition(file: environment.path),
                    advice: "an environment is emptied with 'plumb destroy \(environment.name)'")
            }
        }
        let target = try await connected
        let inventoryNamespace = target.inventoryNamespace(option: options.namespace, environment: environment)
        let store = try InventoryPlaces.store(
            for: environment.name, namespace: inventoryNamespace, file: environment.inventory.file, target: target, context: context)
        let stored = try await store.read()
        let ownership = try RepositoryGuard(source: source, takesOver: scope.takesOver).check(stored.inventory, place: store.place)
        let ancestry = try await ancestry(of: stored.inventory)
        var warnings = rendered.warnings
        if let warning = source.uncommittedWarning(under: environment.path) { warnings.append(warning) }
        if let warning = ancestry.warning { warnings.append(warning) }
        if let warning = ownership.warning { warnings.append(warning) }
        let request = request(
            environment, scope: scope, manifests: rendered.manifests, warnings: warnings, isRollback: ancestry.isRollback,
            target: target, previousCommit: stored.inventory.commit)
        var plan = try await Planner(client: target.client, discovery: target.discovery, store: store)
            .plan(request, target: target.target, inventory: stored, inventoryNamespace: inventoryNamespace)
        plan.source.identity = ownership.identity
        plan.settings.context = target.cluster.contextName
        plan.settings.inventoryFile = environment.inventory.file
        plan.settings.defaultNamespace = target.defaultNamespace(option: options.namespace, environment: environment)
        plan.settings.isDestruction = scope.destroys
        plan.settings.health = HealthRules(environment.health)
        try gate.check(plan, repositories: source.repositoryNames, context: target.cluster.contextName)
        return (plan, target.client.statistics)
    }

    private func request(
        _ environment: EnvironmentConfiguration, scope: Scope, manifests: [Manifest], warnings: [Diagnostic],
        isRollback: Bool, target: TargetSession, previousCommit: String
    ) -> PlanRequest {
        let commit = source.commit
        let planSource = PlanSource(
            repository: source.repository.originDescription, ref: source.ref, commit: commit.id, path: environment.path,
            author: "\(commit.authorName) <\(commit.authorEmail)>", committedAt: commit.committedAtText)
        let repository = source.repository
        return PlanRequest(
            environment: environment.name, manifests: manifests, source: planSource,
            defaultNamespace: target.defaultNamespace(option: options.namespace, environment: environment),
            prunes: scope.prunes, targets: scope.targets,
            settings: PlanSettings(
                maxDeletes: environment.maxDeletes, timeoutSeconds: environment.timeout.map { Int($0.components.seconds) },
                approvals: environment.approvals.map(PlanApprovals.init)),
            isRollback: isRollback && !scope.destroys, warnings: warnings,
            ignoreDifferences: environment.ignoreDifferences.map { rule in
                IgnoreRule(
                    group: rule.group, kind: rule.kind, name: rule.name, namespace: rule.namespace, jsonPointers: rule.jsonPointers)
            },
            previous: {
                // A commit that was rewritten or never fetched is no reason to fail: causes are then told from ownership.
                guard !previousCommit.isEmpty, let commit = try? await repository.resolve(previousCommit),
                    let tree = try? repository.tree(at: commit)
                else { return nil }
                return try? await EnvironmentRenderer.render(tree: tree, folder: environment.path).manifests
            },
            plumbVersion: PlumbVersion.text, runID: context.runID, createdAt: .now())
    }

    /// Whether the commit is older than, or not descended from, the one applied last, or the one whose apply was tried last.
    ///
    /// What was tried counts too: a newer pipeline that failed half way must not be undone by an older one that ends later.
    private func ancestry(of inventory: Inventory) async throws -> (isRollback: Bool, warning: Diagnostic?) {
        let tried = [inventory.commit, inventory.applies.last?.commit ?? "", inventory.pending?.commit ?? ""]
        var warning: Diagnostic?
        for applied in tried where !applied.isEmpty && applied != source.commit.id {
            guard (try? await source.repository.resolve(applied)) != nil else {
                warning = Diagnostic(
                    "the commit applied last, \(applied.prefix(12)), is not in the repository: whether this plan goes back cannot be told",
                    advice: "fetch the whole history (in CI: fetch-depth 0)")
                continue
            }
            if try !source.repository.isAncestor(applied, of: source.commit.id) { return (true, nil) }
        }
        return (false, warning)
    }
}
