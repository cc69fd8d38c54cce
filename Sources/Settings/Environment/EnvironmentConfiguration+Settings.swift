internal import Manifests

extension EnvironmentConfiguration {
    /// The keys of an environment. A new setting is declared here and nowhere else.
    static let settings = SettingGroup(
        empty: EnvironmentConfiguration(name: "", path: ""),
        source + target + rules + record + EnvironmentLimits.settings.map { $0.lifted(\.limits) })

    /// What is rendered.
    private static let source: [Setting<EnvironmentConfiguration>] = [
        Setting(
            "name", \.name, environmentName, isRequired: true, isShareable: false,
            "The environment's name: what commands call it, and a part of the names of its inventory and lock."),
        Setting(
            "path", \.path, .folder, isShareable: false,
            "The folder that is rendered, below the repository's root. By default environments/ and the name."),
        Setting(
            "repository", \.repository, .word,
            "The repository to render from: a URL or a path. By default the one that holds this file."),
        Setting(
            "ref", \.ref, .word,
            "The branch, tag or commit to render. By default what --ref names, else HEAD; --ref wins over it for environments of this repository."
        ),
        Setting(
            "dependsOn", \.dependsOn, .list(of: .word),
            "Environments that have to be in place before this one: the order of runs over several."),
        Setting(
            "charts", \.charts, ChartConfigurationReader.kind,
            "Charts that are rendered besides the folder, each with its values. With charts, the folder may be missing unless 'path' names it."
        ),
        Setting(
            "allowRemoteBases", \.allowsRemoteBases, .bool, default: false,
            "Whether kustomizations may name bases and files by URL, which are fetched then."),
        Setting(
            "allowLookup", \.allowsLookup, .bool, default: false,
            "Whether the templates of charts may look at live objects (lookup): a plan depends on them then."),
    ]

    /// Where it goes.
    private static let target: [Setting<EnvironmentConfiguration>] = [
        Setting("context", \.context, .word, "The kubeconfig context of the target. By default the current one."),
        Setting("namespace", \.namespace, .word, "For namespaced objects that name none. By default the context's, else 'default'."),
        Setting("inventory", \.inventory, InventoryPlace.settings.kind, "Where inventory and lock are kept."),
    ]

    /// How it gets there.
    private static let rules: [Setting<EnvironmentConfiguration>] = [
        Setting("syncPolicy", \.syncPolicy, SyncPolicy.settings.kind, "What 'plumb run' may do on its own, in Argo CD's words."),
        Setting(
            "approvals", \.approvals, ApprovalPolicy.settings.kind, "How many people must have signed a plan before it is applied."),
        Setting(
            "maxDeletes", \.maxDeletes, .amount,
            "Plans that delete more than this are refused: a number of objects, or a percentage of the inventory. By default half of the inventory, and never fewer than 5 objects."
        ),
        Setting("timeout", \.timeout, .duration, default: "5m", "How long an object may take to become healthy, or to be gone."),
        Setting(
            "ignoreDifferences", \.ignoreDifferences, .list(of: IgnoredDifference.settings.kind),
            "Live fields that are left as they are, in Argo CD's form."),
        Setting(
            "conflicts", \.conflicts, .choice(IgnoredDifference.policies), default: "take",
            "What is done about a field that another field manager owns and that differs: take it, leave it, or make no plan (fail)."),
        Setting(
            "allowReplace", \.allowReplace, .list(of: .word),
            "What may be deleted and made anew when it cannot be changed in place: kinds (batch/Job), objects (batch/Job/shop/migrate), or *."
        ),
        Setting("health", \.health, HealthConfiguration.settings.kind, "How objects are judged to be healthy."),
    ]

    /// What is left of it.
    private static let record: [Setting<EnvironmentConfiguration>] = [
        Setting("audit", \.audit, AuditConfiguration.settings.kind, "Where runs are recorded, and who is told of them.")
    ]

    private static let environmentName = SettingKind<String>.text.checked([
        "pattern": "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", "maxLength": .int(Int64(EnvironmentName.lengthMax)),
    ]) { name, field throws(Diagnostic) in
        if let problem = EnvironmentName.problem(name) { throw field.fault(problem) }
        return name
    }
}
