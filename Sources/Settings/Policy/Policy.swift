internal import Manifests

/// Limits from outside of the repository, which it can narrow and never widen.
package struct Policy: Hashable, Sendable {
    package var projects: [Project] = []
    package var rules: [PolicyRule] = []

    package init() {}

    /// The rules for an environment: all of them hold.
    package func rules(for environment: String) -> [PolicyRule] { rules.filter { $0.applies(to: environment) } }

    /// The environment as the policy lets it be.
    package func restricting(_ environment: EnvironmentConfiguration) -> EnvironmentConfiguration {
        var environment = environment
        for rule in rules(for: environment.name) {
            if let most = rule.syncPolicy { environment.syncPolicy = environment.syncPolicy.narrowed(to: most) }
            if let user = rule.limits.impersonatedUser {
                environment.limits.impersonatedUser = user
                environment.limits.impersonatedGroups = rule.limits.impersonatedGroups
            }
        }
        return environment
    }
}

/// What a policy says of some environments.
package struct PolicyRule: Hashable, Sendable {
    /// Globs over names; those with a `!` take out. Empty for all.
    package var environments: [String] = []
    /// Globs over the kubeconfig contexts that may be applied to; empty for all.
    package var contexts: [String] = []
    /// The most that a run may do on its own.
    package var syncPolicy: SyncPolicy?
    package var approvals: ApprovalPolicy?
    package var maxDeletes: String?
    package var limits = EnvironmentLimits()

    package init() {}

    func applies(to environment: String) -> Bool { NamePatterns(environments).matches(environment) }

    static let settings = SettingGroup(
        empty: PolicyRule(),
        [
            Setting(
                "environments", \.environments, .list(of: .glob),
                "The environments that the rule is for: names or globs, with a ! in front to take out. Without this key all."),
            Setting("contexts", \.contexts, .list(of: .glob), "The kubeconfig contexts that they may be applied to. Without this key any."),
            Setting("syncPolicy", \.syncPolicy, SyncPolicy.settings.kind, "The most that 'plumb run' may do on its own."),
            Setting(
                "approvals", \.approvals, ApprovalPolicy.settings.kind,
                "How many people must have signed a plan. The file of signers is beside the policy."),
            Setting("maxDeletes", \.maxDeletes, .amount, "Plans that delete more are refused, whatever options say."),
        ] + EnvironmentLimits.settings.map { $0.lifted(\.limits) })
}

/// Names that are given by globs, of which those with a `!` take out.
package struct NamePatterns: Sendable {
    private let included: [GlobPattern]
    private let excluded: [GlobPattern]

    package init(_ patterns: [String]) {
        included = patterns.filter { !$0.hasPrefix("!") }.map { GlobPattern($0) }
        excluded = patterns.filter { $0.hasPrefix("!") }.map { GlobPattern(String($0.dropFirst())) }
    }

    /// Without patterns that include, everything is included.
    package func matches(_ name: String) -> Bool {
        (included.isEmpty || included.contains { $0.matches(name) }) && !excluded.contains { $0.matches(name) }
    }
}
