internal import Manifests

/// One environment: a folder that is rendered and applied as a whole to one target.
package struct EnvironmentConfiguration: Hashable, Sendable {
    package var name: String
    /// The folder, below the repository's root.
    package var path: String
    /// The kubeconfig context; `nil` for the current one.
    package var context: String?
    /// For namespaced objects that name none.
    package var namespace: String?
    package var syncPolicy: SyncPolicy
    package var approvals: ApprovalPolicy?
    /// A number or a percentage of the inventory.
    package var maxDeletes: String?
    package var timeout: Duration?
    package var ignoreDifferences: [IgnoredDifference]
    /// What is done about fields that another field manager owns and that differ: `take`, `leave` or `fail`; `nil` to take.
    package var conflicts: String?
    /// What may be deleted and made anew when it cannot be changed in place: kinds (`batch/Job`), ids, or `*`.
    package var allowReplace: [String] = []
    package var inventory: InventoryPlace
    /// Whether kustomizations may name bases and files by URL.
    package var allowsRemoteBases = false
    /// Whether the templates of charts may look at live objects.
    package var allowsLookup = false
    package var health = HealthConfiguration()
    package var audit = AuditConfiguration()
    /// The repository to render from, when it is not the one that holds the configuration: a URL or a path.
    package var repository: String?
    /// The branch, tag or commit to render, when it is not the one that the command line names.
    package var ref: String?
    /// Environments that have to be in place before this one.
    package var dependsOn: [String] = []
    package var limits = EnvironmentLimits()
    /// Charts besides what stands in the folder.
    package var charts: [ChartConfiguration] = []
    /// Whether the configuration names the path. With charts alone, a folder that nobody named may be missing.
    package var hasOwnPath = true

    package init(
        name: String, path: String, context: String? = nil, namespace: String? = nil, syncPolicy: SyncPolicy = SyncPolicy(),
        approvals: ApprovalPolicy? = nil, maxDeletes: String? = nil, timeout: Duration? = nil,
        ignoreDifferences: [IgnoredDifference] = [], inventory: InventoryPlace = InventoryPlace()
    ) {
        self.name = name
        self.path = path
        self.context = context
        self.namespace = namespace
        self.syncPolicy = syncPolicy
        self.approvals = approvals
        self.maxDeletes = maxDeletes
        self.timeout = timeout
        self.ignoreDifferences = ignoreDifferences
        self.inventory = inventory
    }
}
