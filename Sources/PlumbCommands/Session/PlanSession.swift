internal import Git
internal import KubernetesAPI
internal import Manifests
internal import Planning
internal import Rendering
internal import Settings

/// Makes the plan of one environment.
struct PlanSession: Sendable {
    let source: SourceSession
    let options: GlobalOptions
    let context: ProcessContext

    /// What to plan for.
    struct Scope: Sendable {
        var targets: [String] = []
        var prunes = true
        /// Plans the deletion of everything in the inventory.
        var destroys = false
    }

    func plan(_ environment: EnvironmentConfiguration, scope: Scope) async throws -> (Plan, RequestStatistics) {
        async let connected = TargetSession.open(
            context: options.context ?? environment.context, kubeconfig: options.kubeconfig, context: context)
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
        let ancestry = try await ancestry(of: stored.inventory.commit)
        var warnings = rendered.warnings
        if let warning = source.uncommittedWarning(under: environment.path) { warnings.append(warning) }
        if let warning = ancestry.warning { warnings.append(warning) }
        let request = request(
            environment, scope: scope, manifests: rendered.manifests, warnings: warnings, isRollback: ancestry.isRollback,
            target: target, previousCommit: stored.inventory.commit)
        var plan = try await Planner(client: target.client, discovery: target.discovery, store: store)
            .plan(request, target: target.target, inventory: stored, inventoryNamespace: inventoryNamespace)
        plan.settings.context = target.cluster.contextName
        plan.settings.inventoryFile = environment.inventory.file
        plan.settings.defaultNamespace = target.defaultNamespace(option: options.namespace, environment: environment)
        plan.settings.isDestruction = scope.destroys
        plan.settings.health = HealthRules(environment.health)
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

    /// Whether the commit is older than, or not descended from, the one applied last.
    private func ancestry(of applied: String) async throws -> (isRollback: Bool, warning: Diagnostic?) {
        guard !applied.isEmpty, applied != source.commit.id else { return (false, nil) }
        guard (try? await source.repository.resolve(applied)) != nil else {
            let warning = Diagnostic(
                "the commit applied last, \(applied.prefix(12)), is not in the repository: whether this plan goes back cannot be told",
                advice: "fetch the whole history (in CI: fetch-depth 0)")
            return (false, warning)
        }
        return (try !source.repository.isAncestor(applied, of: source.commit.id), nil)
    }
}
