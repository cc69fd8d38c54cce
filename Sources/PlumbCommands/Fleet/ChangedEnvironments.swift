internal import Git
internal import Manifests
internal import Planning
internal import Rendering
internal import Settings

/// Finds the environments that render to something else than at another revision.
///
/// First what they read is compared by the ids of files and folders, which costs next to nothing; only those that something
/// of it changed for are rendered, at both revisions, and compared object by object.
struct ChangedEnvironments: Sendable {
    let pool: SourcePool
    let revision: String
    /// The configuration at the revision, to tell settings that changed.
    private let before: SourceSession
    let context: ProcessContext

    static func open(since revision: String, pool: SourcePool, options: GlobalOptions, context: ProcessContext) async throws
        -> ChangedEnvironments
    {
        let main = pool.main
        let commit = try await main.repository.resolve(revision)
        let tree = try main.repository.tree(at: commit)
        let configuration = try SourceSession.configuration(of: tree, config: options.config, context: context)
        let before = SourceSession(
            repository: main.repository, commit: commit, ref: revision, tree: tree, configuration: configuration, configurationTree: tree,
            configurationSource: PlanConfigurationSource(repository: main.repository.originDescription, commit: commit.id),
            charts: main.charts, remoteBases: main.remoteBases, allowsRemoteBases: context.allowsRemoteBases)
        return ChangedEnvironments(pool: pool, revision: revision, before: before, context: context)
    }

    /// The names of those that changed.
    func changed(_ environments: [EnvironmentConfiguration], limit: Int) async throws -> Set<String> {
        var changed: Set<String> = []
        var candidates: [EnvironmentConfiguration] = []
        var inputs: [String: RenderingInputs] = [:]
        for environment in environments {
            // A repository of its own has revisions of its own: it is always looked at.
            let source = try await pool.source(for: environment)
            guard environment.repository == nil, let then = try? before.environment(environment.name), then == environment else {
                changed.insert(environment.name)
                continue
            }
            let key = source.commit.treeID
            var own = try inputs[key] ?? RenderingInputs(tree: source.tree, changed: source.tree.changedPaths(since: before.tree))
            // What charts are published elsewhere is told by the settings alone.
            let charts = environment.charts.flatMap { $0.valuesFiles + ($0.isPublished ? [] : [$0.chart]) }
            if try ([environment.path] + charts).contains(where: { try own.hasChanged($0) }) { candidates.append(environment) }
            inputs[key] = own
        }
        context.console.detail(
            "\(candidates.count + changed.count) of \(environments.count) environments use files that changed since \(revision)")
        let results = try await BoundedTasks.map(candidates, limit: limit) { environment in
            try await rendersOtherwise(environment) ? environment.name : nil
        }
        return changed.union(results.compactMap { $0 })
    }

    private func rendersOtherwise(_ environment: EnvironmentConfiguration) async throws -> Bool {
        let now = try await pool.source(for: environment).render(environment)
        // What could not be rendered before has changed if it can be now.
        guard let then = try? await before.render(environment) else { return true }
        guard now.manifests.count == then.manifests.count else { return true }
        return !zip(now.manifests, then.manifests).allSatisfy { $0.value == $1.value }
    }
}
