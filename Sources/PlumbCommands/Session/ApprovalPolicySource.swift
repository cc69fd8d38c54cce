internal import Git
internal import Manifests
internal import Planning
internal import Settings

/// What the repository says of a plan, read out of commits and never out of the plan alone: a plan that was altered cannot
/// ask for less.
struct ApprovalPolicySource: Sendable {
    /// What one commit's configuration says of the environment.
    struct Statement: Sendable {
        var environment: EnvironmentConfiguration
        var projects: [Project]
        var tree: GitTree
    }

    let repository: GitRepository
    let commit: GitCommit
    let tree: GitTree
    /// The fingerprint of the key that signed the commit, if an SSH key did.
    let signer: String?
    /// Of the plan's commit, of what the repository is at now, and of the repository that the command is run for: an
    /// older commit cannot ask for less either.
    let statements: [Statement]
    /// Where a freeze counts: the plan's commit, and what the repositories are at now.
    let trees: [GitTree]

    var demands: [PlanApprovals] { statements.compactMap(\.environment.approvals).map(PlanApprovals.init) }

    /// The names that the repository goes by.
    var repositoryNames: [String] { [repository.originDescription] + [repository.remoteURL()].compactMap { $0 } }

    /// Finds the plan's commit: in the repository of the options, around the working directory, or where the plan says.
    static func open(_ plan: Plan, options: GlobalOptions, context: ProcessContext) async throws -> ApprovalPolicySource {
        let (repository, others) = try await repositories(
            with: plan.source.commit, at: plan.source.repository, options: options, context: context)
        let commit = try await repository.resolve(plan.source.commit)
        guard commit.id == plan.source.commit else {
            throw Diagnostic("'\(plan.source.commit)' is no full id of a commit", advice: "make the plan again")
        }
        let tree = try repository.tree(at: commit)
        var statements = try statements(plan, tree, options: options, context: context)
        var trees = [tree]
        var seen: Set<String> = [commit.id]
        for (place, revision) in [(repository, "HEAD"), (repository, plan.source.ref)] + others.map({ ($0, "HEAD") }) {
            guard let head = try? await place.resolve(revision), seen.insert(head.id).inserted else { continue }
            let tree = try place.tree(at: head)
            trees.append(tree)
            if options.config == nil { statements += try self.statements(plan, tree, options: options, context: context) }
        }
        let signature = try? repository.signature(of: commit)
        let signed = signature.flatMap { try? SignatureFile.parse(Array($0.signature.utf8), file: commit.id) }
        return ApprovalPolicySource(
            repository: repository, commit: commit, tree: tree, signer: signed?.first?.key.fingerprint, statements: statements, trees: trees
        )
    }

    var makers: CommitMakers {
        CommitMakers(emails: [commit.authorEmail, commit.committerEmail].filter { !$0.isEmpty }, fingerprints: [signer].compactMap { $0 })
    }

    /// A file of the plan's commit; `nil` when there is none.
    func file(_ path: String) throws -> NamedBytes? {
        guard let joined = TreePath.join("", path), let resolved = try tree.resolve(joined), try tree.entry(at: resolved) == .file else {
            return nil
        }
        return NamedBytes(name: "\(path) at \(commit.shortID)", bytes: try tree.read(resolved))
    }

    private static func statements(
        _ plan: Plan, _ tree: GitTree, options: GlobalOptions, context: ProcessContext
    ) throws -> [Statement] {
        let configuration = try SourceSession.configuration(of: tree, config: options.config, context: context)
        return configuration.environments(named: plan.environment, path: plan.source.path).map {
            Statement(environment: $0, projects: configuration.projects, tree: tree)
        }
    }

    /// The repository that has a plan's commit, and those that were looked in before: where the configuration is in a
    /// repository of its own, it has its say too.
    /// - Parameter place: where the plan says that the commit is.
    static func repositories(
        with commit: String, at place: String, options: GlobalOptions, context: ProcessContext
    ) async throws -> (found: GitRepository, others: [GitRepository]) {
        func open(_ text: String) async throws -> GitRepository {
            // A commit that a cache lacks is fetched when it is asked for.
            let location = try GitLocation(parsing: text, relativeTo: context.workingDirectory)
            return try await GitRepository.open(location, environment: context.gitEnvironment, fetch: false) { context.console.detail($0) }
        }
        let first = options.repo == nil ? try? await open(".") : try await open(options.repo ?? ".")
        guard let first else { return (try await open(place), []) }
        if (try? first.commit(commit)) != nil { return (first, []) }
        if first.location.isRemote, (try? await first.resolve(commit)) != nil { return (first, []) }
        // The plan may name a repository that is not to be had here; then the one that was named is what is wrong.
        guard let second = try? await open(place), second.originDescription != first.originDescription else {
            return (first, [])
        }
        return (second, [first])
    }
}
