internal import Git
internal import Manifests
internal import Planning
internal import Settings

/// What the repository says of a plan's approvals, read out of commits and never out of the plan alone: a plan that was
/// altered cannot ask for less.
struct ApprovalPolicySource: Sendable {
    let commit: GitCommit
    let tree: GitTree
    /// The fingerprint of the key that signed the commit, if an SSH key did.
    let signer: String?
    /// Of the plan's commit, and of what the repository is at now: an older commit cannot ask for less either.
    let demands: [PlanApprovals]

    /// Finds the plan's commit: in the repository of the options, around the working directory, or where the plan says.
    static func open(_ plan: Plan, options: GlobalOptions, context: ProcessContext) async throws -> ApprovalPolicySource {
        let repository = try await repository(plan, options: options, context: context)
        let commit = try await repository.resolve(plan.source.commit)
        guard commit.id == plan.source.commit else {
            throw Diagnostic("'\(plan.source.commit)' is no full id of a commit", advice: "make the plan again")
        }
        let tree = try repository.tree(at: commit)
        var demands = try demands(plan, tree, options: options, context: context)
        if options.config == nil, let head = try? await repository.resolve("HEAD"), head.id != commit.id {
            demands += try self.demands(plan, repository.tree(at: head), options: options, context: context)
        }
        let signature = try? repository.signature(of: commit)
        let signed = signature.flatMap { try? SignatureFile.parse(Array($0.signature.utf8), file: commit.id) }
        return ApprovalPolicySource(commit: commit, tree: tree, signer: signed?.first?.key.fingerprint, demands: demands)
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

    private static func demands(_ plan: Plan, _ tree: GitTree, options: GlobalOptions, context: ProcessContext) throws -> [PlanApprovals] {
        try SourceSession.configuration(of: tree, config: options.config, context: context).environments
            .filter { $0.name == plan.environment || $0.path == plan.source.path }
            .compactMap(\.approvals).map(PlanApprovals.init)
    }

    private static func repository(_ plan: Plan, options: GlobalOptions, context: ProcessContext) async throws -> GitRepository {
        func open(_ text: String) async throws -> GitRepository {
            // A commit that a cache lacks is fetched when it is asked for.
            let location = try GitLocation(parsing: text, relativeTo: context.workingDirectory)
            return try await GitRepository.open(location, environment: context.gitEnvironment, fetch: false) { context.console.detail($0) }
        }
        if let repo = options.repo { return try await open(repo) }
        if let around = try? await open("."), (try? around.commit(plan.source.commit)) != nil { return around }
        return try await open(plan.source.repository)
    }
}
