internal import Git
internal import KubernetesAPI
internal import Manifests
internal import Planning
internal import Settings

/// Everything that has a say in whether a plan is applied: approvals, the repository's limits, the policy from outside.
struct ApplyPermission: Sendable {
    let approvals: ApprovalDecision
    let gate: PolicyGate
    /// What was already found to speak against it, before the target is asked anything.
    var refusals: [Diagnostic] = []
    /// The user that requests are made as, and what else the environment's limits say.
    let limits: EnvironmentLimits
    /// Where the plan's commit is; `nil` when it is to be found where the plan says.
    let repository: GitRepository?
    /// The names that the plan's repository goes by.
    let repositories: [String]
    /// Commits in which a freeze counts.
    let trees: [GitTree]
    /// Why a person wants the apply, whatever sync windows say; `nil` when nobody asks for it.
    let manual: String?
    let policyDigest: String?
    /// Where the run is recorded, as far as the repository says.
    var audit = AuditConfiguration()
    /// Whether the environment's sync policy lets runs write to the target.
    var isAutomated = true

    /// For a plan that came out of a file: what commits and the policy say, and not what the plan says.
    static func decide(
        _ plan: Plan, approvals: ApprovalDecision, policy: PolicyFile?, manual: String?, variables: [String: String]
    ) async throws -> ApplyPermission {
        let source = approvals.source
        let statements = source?.statements ?? []
        let gate = PolicyGate(
            environment: plan.environment, configurations: statements.map { ($0.environment, $0.projects, $0.tree) }, policy: policy,
            variables: variables)
        // The newest commit that says who we are decides; one that does not speak of the environment, such as that of a branch
        // without a configuration, does not make us somebody mightier. The policy decides over it.
        let speaking = statements.last { $0.environment.limits.impersonatedUser != nil } ?? statements.last
        var environment = speaking?.environment ?? EnvironmentConfiguration(name: plan.environment, path: plan.source.path)
        environment = policy?.policy.restricting(environment) ?? environment
        var permission = ApplyPermission(
            approvals: approvals, gate: gate, limits: environment.limits,
            repository: source?.repository,
            repositories: source?.repositoryNames ?? [plan.source.repository], trees: source?.trees ?? [], manual: manual,
            policyDigest: policy?.digest)
        permission.audit = statements.last { $0.environment.audit != AuditConfiguration() }?.environment.audit ?? permission.audit
        do {
            if let source {
                try await gate.check(source.commit, ref: plan.source.ref, in: source.repository)
            } else if gate.sources.contains(where: { !$0.limits.branches.isEmpty || $0.limits.signatures != nil }) {
                throw PolicyRefusal([
                    Diagnostic(
                        "the policy asks who made the plan's commit, which cannot be read", advice: "name its repository with --repo")
                ])
            }
        } catch let refusal as PolicyRefusal { permission.refusals = refusal.faults }
        return permission
    }

    /// The last word, once the target is known.
    /// - Throws: `PolicyRefusal`, before anything is sent that could change it.
    func check(_ plan: Plan, target: TargetSession, now: Timestamp) throws {
        try gate.check(plan, repositories: repositories, context: target.cluster.contextName)
        let verdict = try gate.time(now, subject: subject(plan, target), trees: trees, manual: manual)
        if let refusal = verdict.refusal { throw PolicyRefusal([refusal]) }
    }

    func subject(_ plan: Plan, _ target: TargetSession) -> SyncWindows.Subject {
        SyncWindows.Subject(
            environment: plan.environment, namespace: plan.settings.defaultNamespace ?? "default",
            clusters: [target.cluster.contextName, target.target.server])
    }

    /// What the audit log keeps of it.
    var notes: Object {
        var notes = Object()
        if let manual { notes["manual"] = .string(manual) }
        if let user = limits.impersonatedUser { notes["impersonatedUser"] = .string(user) }
        if let policyDigest { notes["policyDigest"] = .string(policyDigest) }
        return notes
    }
}
