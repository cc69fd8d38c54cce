internal import Git
internal import Manifests
internal import Rendering
internal import Settings

/// A repository at a commit, with its configuration.
struct SourceSession: Sendable {
    let repository: GitRepository
    let commit: GitCommit
    let ref: String
    let tree: GitTree
    let configuration: Configuration

    static func open(_ options: GlobalOptions, context: ProcessContext) async throws -> SourceSession {
        let location = try GitLocation(parsing: options.repo ?? ".", relativeTo: context.workingDirectory)
        return try await open(location, ref: options.ref ?? "HEAD", config: options.config, context: context)
    }

    static func open(_ location: GitLocation, ref: String, config: String?, context: ProcessContext) async throws -> SourceSession {
        let console = context.console
        let repository = try await GitRepository.open(location, environment: context.gitEnvironment, fetch: true) { console.detail($0) }
        let commit = try await repository.resolve(ref)
        let tree = try repository.tree(at: commit)
        let configuration = try configuration(of: tree, config: config, context: context)
        return SourceSession(repository: repository, commit: commit, ref: ref, tree: tree, configuration: configuration)
    }

    /// The configuration in a commit, or in the file that takes its place.
    static func configuration(of tree: GitTree, config: String?, context: ProcessContext) throws -> Configuration {
        if let config { return try ConfigurationReader.read(Platform.read(context.path(config)), file: config) }
        let file = ConfigurationReader.defaultFile
        guard try tree.entry(at: file) == .file else { return Configuration() }
        return try ConfigurationReader.read(tree.read(file), file: file)
    }

    /// The environment of a name or a folder.
    func environment(_ name: String) throws -> EnvironmentConfiguration {
        try EnvironmentLookup(configuration: configuration, tree: tree).environment(name)
    }

    /// Renders an environment's folder as it is in the commit.
    func render(
        _ environment: EnvironmentConfiguration, options: KustomizeOptions = KustomizeOptions()
    ) async throws -> RenderedEnvironment {
        try await EnvironmentRenderer.render(tree: tree, folder: environment.path, options: options)
    }

    /// What is in the work tree and in no commit, as a warning.
    func uncommittedWarning(under path: String) -> Diagnostic? {
        guard let changes = try? repository.uncommittedChanges(under: path), !changes.isEmpty else { return nil }
        let shown = changes.prefix(3).joined(separator: ", ") + (changes.count > 3 ? " and \(changes.count - 3) more" : "")
        return Diagnostic("only commits are planned, and the work tree has changes that are in none: \(shown)")
    }
}
