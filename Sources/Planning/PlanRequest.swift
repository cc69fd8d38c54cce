package import Manifests

/// What a plan is to be made of.
package struct PlanRequest: Sendable {
    package var environment: String
    /// The desired objects, as rendered.
    package var manifests: [Manifest]
    package var source: PlanSource
    /// For namespaced objects that name none.
    package var defaultNamespace: String
    /// Whether what is no longer desired is deleted.
    package var prunes: Bool
    /// Ids of the only objects to plan for; empty for all.
    package var targets: [String]
    package var settings: PlanSettings
    package var isRollback: Bool
    /// Whether everything is deleted: of the desired objects only the hooks of that count.
    package var isDestruction: Bool
    package var warnings: [Diagnostic]
    /// What is done about fields that others own.
    package var fields: FieldPolicy
    /// What may be deleted and made anew.
    package var replacements: ReplacementPolicy
    /// What the last apply's commit rendered to, by reference with namespaces filled in; asked for only when a cause
    /// depends on it. `nil` when that commit is not to be had.
    package var previous: @Sendable () async -> [Manifest]?
    /// The commits in which files were changed last, by path; asked for once.
    package var lastChanges: @Sendable ([String]) async -> [String: LastChange]
    package var plumbVersion: String
    package var runID: String
    package var createdAt: Timestamp

    package init(
        environment: String, manifests: [Manifest], source: PlanSource, defaultNamespace: String, prunes: Bool = true,
        targets: [String] = [], settings: PlanSettings = PlanSettings(), isRollback: Bool = false, isDestruction: Bool = false,
        warnings: [Diagnostic] = [],
        fields: FieldPolicy = FieldPolicy(), replacements: ReplacementPolicy = ReplacementPolicy(),
        previous: @escaping @Sendable () async -> [Manifest]? = { nil },
        lastChanges: @escaping @Sendable ([String]) async -> [String: LastChange] = { _ in [:] },
        plumbVersion: String, runID: String, createdAt: Timestamp
    ) {
        self.environment = environment
        self.manifests = manifests
        self.source = source
        self.defaultNamespace = defaultNamespace
        self.prunes = prunes
        self.targets = targets
        self.settings = settings
        self.isRollback = isRollback
        self.isDestruction = isDestruction
        self.warnings = warnings
        self.fields = fields
        self.replacements = replacements
        self.previous = previous
        self.lastChanges = lastChanges
        self.plumbVersion = plumbVersion
        self.runID = runID
        self.createdAt = createdAt
    }
}
