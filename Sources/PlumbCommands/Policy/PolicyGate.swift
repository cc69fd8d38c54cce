internal import Applying
internal import Git
internal import Manifests
internal import Planning
internal import Settings

/// What keeps an environment from being planned or applied: said by the repository, by a policy from outside, or by both.
struct PolicyGate: Sendable {
    /// One set of limits with the files that it names.
    struct Source: Sendable {
        var limits: EnvironmentLimits
        var projects: [Project]
        /// Who says it, for messages.
        var name: String
        /// `nil` when there is no such file.
        var file: @Sendable (String) throws -> NamedBytes?
    }

    let environment: String
    let sources: [Source]
    let rules: [PolicyRule]
    let variables: [String: String]

    /// - Parameters:
    ///   - configurations: what the repository says of the environment, each with the commit's tree that it was read from.
    init(
        environment: String, configurations: [(environment: EnvironmentConfiguration, projects: [Project], tree: GitTree)],
        policy: PolicyFile?, variables: [String: String]
    ) {
        self.environment = environment
        self.variables = variables
        var sources = configurations.map { configuration in
            Source(limits: configuration.environment.limits, projects: configuration.projects, name: "the configuration") {
                try Self.file($0, in: configuration.tree)
            }
        }
        rules = policy?.policy.rules(for: environment) ?? []
        // A project of the policy takes the place of the repository's own.
        let outside = policy?.policy.projects ?? []
        for index in sources.indices {
            let own = sources[index].projects.filter { project in !outside.contains { $0.name == project.name } }
            sources[index].projects = outside + own
        }
        if let policy {
            sources += rules.map { rule in
                Source(limits: rule.limits, projects: outside, name: "the policy") { try policy.file($0) }
            }
        }
        self.sources = sources
    }

    private static func file(_ path: String, in tree: GitTree) throws -> NamedBytes? {
        guard let resolved = try tree.resolve(path), try tree.entry(at: resolved) == .file else { return nil }
        return NamedBytes(name: path, bytes: try tree.read(resolved))
    }

    /// The projects that the environment belongs to.
    /// - Throws: `PolicyRefusal` for one that nobody defines: an environment that names limits is not without them.
    func projects() throws -> [Project] {
        var projects: [Project] = []
        for source in sources {
            guard let name = source.limits.project else { continue }
            guard let project = source.projects.first(where: { $0.name == name }) else {
                let near = NearMatch.candidates(for: name, among: source.projects.map(\.name)).first
                throw PolicyRefusal([
                    Diagnostic(
                        "\(source.name) puts \(environment) into the project '\(name)', which nobody defines",
                        advice: near.map { "did you mean '\($0)'?" } ?? "define it under 'projects', or in the policy")
                ])
            }
            if !projects.contains(project) { projects.append(project) }
        }
        return projects
    }

    /// What speaks against a plan, whenever it is applied.
    /// - Parameters:
    ///   - repositories: the names that the plan's repository goes by.
    ///   - context: the kubeconfig context that the target is reached through.
    func check(_ plan: Plan, repositories: [String], context: String?) throws {
        var faults: [Diagnostic] = []
        let projects = try projects()
        let objects = (projects.isEmpty ? [] : plan.changes).map { change in
            let reference = change.reference
            return (
                change.id,
                ProjectSubject(group: reference.group, kind: reference.kind, namespace: reference.namespace, name: reference.name)
            )
        }
        for project in projects {
            faults += project.faults(
                repositories: repositories, server: plan.target.server, contexts: [context].compactMap { $0 }, objects: objects)
        }
        for rule in rules where !rule.contexts.isEmpty {
            let isAllowed = context.map { NamePatterns(rule.contexts).matches($0) } ?? false
            guard !isAllowed else { continue }
            faults.append(
                Diagnostic("the policy does not let \(environment) be applied through the context '\(context ?? "")'"))
        }
        for rule in rules {
            guard let text = rule.maxDeletes, let limit = DeletionLimit(text) else { continue }
            let most = limit.maximum(of: plan.settings.inventoryCount)
            let deletions = plan.count(.delete)
            guard deletions > most else { continue }
            faults.append(
                Diagnostic(
                    "this plan deletes \(deletions) of \(plan.settings.inventoryCount) objects, and the policy allows no more than \(most)")
            )
        }
        if !faults.isEmpty { throw PolicyRefusal(faults) }
    }
}

/// A policy forbids it: exit code 4.
struct PolicyRefusal: Error {
    let faults: [Diagnostic]

    init(_ faults: [Diagnostic]) { self.faults = faults }
}
