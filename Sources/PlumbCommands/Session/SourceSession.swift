internal import Git
internal import Manifests
internal import Planning
internal import Rendering
internal import Settings

/// A repository at a commit, with its configuration.
struct SourceSession: Sendable {
    let repository: GitRepository
    let commit: GitCommit
    let ref: String
    let tree: GitTree
    let configuration: Configuration
    /// The commit that the configuration was read from, and the files that it names are in.
    let configurationTree: GitTree
    /// Where that commit is.
    let configurationSource: PlanConfigurationSource
    /// Bases that several environments use, each rendered once.
    let sharing = KustomizeSharing()
    /// The charts of the commit, and published ones: each is read once.
    let charts: ChartStore
    /// Fetches bases that are URLs, for the environments that may have them.
    let remoteBases: RemoteBaseSession
    /// Whether the command line allows them for all.
    let allowsRemoteBases: Bool

    static func open(_ options: GlobalOptions, context: ProcessContext) async throws -> SourceSession {
        let location = try GitLocation(parsing: options.repo ?? ".", relativeTo: context.workingDirectory)
        return try await open(location, ref: options.ref ?? "HEAD", config: options.config, context: context)
    }

    static func open(_ location: GitLocation, ref: String, config: String?, context: ProcessContext) async throws -> SourceSession {
        let (repository, commit, tree) = try await open(location, ref: ref, context: context)
        let configuration = try configuration(of: tree, config: config, context: context)
        return SourceSession(
            repository: repository, commit: commit, ref: ref, tree: tree, configuration: configuration, configurationTree: tree,
            configurationSource: PlanConfigurationSource(repository: repository.originDescription, commit: commit.id),
            charts: context.chartStore, remoteBases: repository.remoteBases(context), allowsRemoteBases: context.allowsRemoteBases)
    }

    /// Another repository, for environments of this one's configuration.
    func other(_ location: GitLocation, ref: String, context: ProcessContext) async throws -> SourceSession {
        let (repository, commit, tree) = try await Self.open(location, ref: ref, context: context)
        return SourceSession(
            repository: repository, commit: commit, ref: ref, tree: tree, configuration: configuration,
            configurationTree: configurationTree, configurationSource: configurationSource, charts: charts,
            remoteBases: repository.remoteBases(context),
            allowsRemoteBases: allowsRemoteBases)
    }

    /// Another commit of the same repository, for environments of this commit's configuration.
    func at(_ ref: String) async throws -> SourceSession {
        let commit = try await repository.resolve(ref)
        return SourceSession(
            repository: repository, commit: commit, ref: ref, tree: try repository.tree(at: commit), configuration: configuration,
            configurationTree: configurationTree, configurationSource: configurationSource, charts: charts, remoteBases: remoteBases,
            allowsRemoteBases: allowsRemoteBases)
    }

    private static func open(
        _ location: GitLocation, ref: String, context: ProcessContext
    ) async throws -> (GitRepository, GitCommit, GitTree) {
        let console = context.console
        let repository = try await GitRepository.open(location, environment: context.gitEnvironment, fetch: true) { console.detail($0) }
        let commit = try await repository.resolve(ref)
        return (repository, commit, try repository.tree(at: commit))
    }

    /// The configuration in a commit, or in the file that takes its place.
    static func configuration(of tree: GitTree, config: String?, context: ProcessContext) throws -> Configuration {
        if let config { return try ConfigurationReader.read(Platform.read(context.path(config)), file: config) }
        return try configurationFile(in: tree)
    }

    private static func configurationFile(in tree: GitTree) throws -> Configuration {
        let file = ConfigurationReader.defaultFile
        guard try tree.entry(at: file) == .file else { return Configuration() }
        return try ConfigurationReader.read(tree.read(file), file: file)
    }

    var lookup: EnvironmentLookup { EnvironmentLookup(configuration: configuration, tree: tree) }

    /// The environment of a name or a folder.
    func environment(_ name: String) throws -> EnvironmentConfiguration { try lookup.environment(name) }

    /// The names that the repository goes by.
    var repositoryNames: [String] { [repository.originDescription] + [repository.remoteURL()].compactMap { $0 } }

    /// Renders an environment's folder and charts as they are in the commit.
    /// - Parameter target: what charts are rendered for.
    func render(
        _ environment: EnvironmentConfiguration, options: KustomizeOptions = KustomizeOptions(), target: ChartTarget = ChartTarget()
    ) async throws -> RenderedEnvironment {
        var options = options
        if allowsRemoteBases(of: environment) {
            options.remoteBases = remoteBases
            options.charts = charts
        } else if options.sharing == nil {
            // What is shared is known by its folder in this commit: nothing else may come into it.
            options.sharing = sharing
        }
        return try await EnvironmentRenderer.render(
            tree: tree, folder: environment.path, options: options,
            charts: ChartOptions(environment, target: target, store: charts, revision: commit.id))
    }

    func allowsRemoteBases(of environment: EnvironmentConfiguration) -> Bool {
        allowsRemoteBases || environment.allowsRemoteBases
    }

    /// Whether the environment's objects depend on what the target can do.
    func hasCharts(_ environment: EnvironmentConfiguration) throws -> Bool {
        try EnvironmentRenderer.hasCharts(
            tree: tree, folder: environment.path, charts: ChartOptions(environment, target: ChartTarget(), store: charts, revision: nil))
    }

    /// Whether an environment that nothing is said of is a chart's folder.
    func isChart(_ environment: EnvironmentConfiguration) throws -> Bool {
        guard !configuration.environments.contains(where: { $0.path == environment.path }) else { return false }
        let file = try tree.resolve(TreePath.child(environment.path, "Chart.yaml"))
        return try file.map { try tree.entry(at: $0) == .file } ?? false
    }

    /// Whether nothing changed since another commit that an environment's rendering reads, told without rendering it.
    /// - Throws: what keeps it from being told, such as a commit that is not to be had.
    func rendersAs(_ other: String, _ environment: EnvironmentConfiguration) throws -> Bool {
        if other == commit.id { return true }
        let before = try repository.commit(other)
        if before.treeID == commit.treeID { return true }
        let old = try repository.tree(at: before)
        let configuration = try Self.configurationFile(in: old)
        guard try EnvironmentLookup(configuration: configuration, tree: old).environment(environment.name) == environment else {
            return false
        }
        var inputs = RenderingInputs(tree: tree, changed: try tree.changedPaths(since: old))
        return try !inputs.hasChanged(environment.path)
    }

    /// Renders an environment as it was in another commit, by that commit's configuration.
    func renderedManifests(
        _ environment: EnvironmentConfiguration, at commit: GitCommit, target: ChartTarget, context: ProcessContext
    ) async throws -> [Manifest] {
        let tree = try repository.tree(at: commit)
        let configuration = try Self.configuration(of: tree, config: nil, context: context)
        let known = configuration.environments.first { $0.name == environment.name } ?? environment
        var options = KustomizeOptions()
        if allowsRemoteBases(of: environment) {
            options.remoteBases = remoteBases
            options.charts = charts
        }
        return try await EnvironmentRenderer.render(
            tree: tree, folder: known.path, options: options,
            charts: ChartOptions(known, target: target, store: charts, revision: commit.id)
        ).manifests
    }

    /// What is in the work tree and in no commit, as a warning.
    func uncommittedWarning(under path: String) -> Diagnostic? {
        guard let changes = try? repository.uncommittedChanges(under: path), !changes.isEmpty else { return nil }
        let shown = changes.prefix(3).joined(separator: ", ") + (changes.count > 3 ? " and \(changes.count - 3) more" : "")
        return Diagnostic("only commits are planned, and the work tree has changes that are in none: \(shown)")
    }
}

extension GitRepository {
    /// Fetches what this repository's files name by URL. The Git token goes to the host that the repository itself is from.
    func remoteBases(_ context: ProcessContext) -> RemoteBaseSession {
        var origin = location
        if !location.isRemote, let url = remoteURL(), let remote = try? GitLocation(parsing: url, relativeTo: context.workingDirectory) {
            origin = remote
        }
        return RemoteBaseSession(context: context, location: origin)
    }
}
