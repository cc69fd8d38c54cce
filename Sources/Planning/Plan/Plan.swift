package import KubernetesAPI
internal import Manifests

/// Every change that makes a target match a commit, exactly, with what it depends on and what it assumes.
package struct Plan: Sendable {
    package var plumbVersion: String
    package var runID: String
    /// RFC 3339, UTC.
    package var createdAt: String
    package var environment: String
    package var source: PlanSource
    package var target: PlanTarget
    package var inventory: PlanInventory
    /// Whether the commit is older than, or not descended from, the one applied last.
    package var isRollback: Bool
    /// In the order of execution.
    package var changes: [Change]
    package var warnings: [String]
    package var settings: PlanSettings
    /// For a rollback: the commits whose changes are taken back, newest first, `undoesMax` at the most.
    package var undoes: [LastChange] = []
    package var statistics = PlanStatistics()
    /// What templates looked up in the target, in the order of its names.
    package var lookups: [PlanLookup] = []

    /// More undone commits than this are counted, not listed.
    package static let undoesMax = 100

    package init(
        plumbVersion: String, runID: String, createdAt: String, environment: String, source: PlanSource, target: PlanTarget,
        inventory: PlanInventory, isRollback: Bool, changes: [Change], warnings: [String], settings: PlanSettings
    ) {
        self.plumbVersion = plumbVersion
        self.runID = runID
        self.createdAt = createdAt
        self.environment = environment
        self.source = source
        self.target = target
        self.inventory = inventory
        self.isRollback = isRollback
        self.changes = changes
        self.warnings = warnings
        self.settings = settings
    }

    /// How many objects there are of an action, without hooks.
    package func count(_ action: ChangeAction) -> Int {
        changes.indices.count { changes[$0].action == action && changes[$0].hook == nil }
    }

    /// How many hooks are run; one that runs in two phases counts twice.
    package var hookCount: Int { changes.count { $0.hook != nil } }

    /// Whether there is anything to do.
    package var hasChanges: Bool { Self.hasChanges(changes) }

    static func hasChanges(_ changes: [Change], besides others: Set<ObjectReference> = []) -> Bool {
        changes.indices.contains { changes[$0].action != .noOp && !others.contains(changes[$0].reference) }
    }
}

/// How many requests it took to make a plan; tries after the first are not counted, so that the figures depend on nothing
/// but what was asked.
package struct PlanStatistics: Hashable, Sendable {
    package var get: Int
    /// Pages of lists.
    package var list: Int
    package var dryRun: Int

    package init(get: Int = 0, list: Int = 0, dryRun: Int = 0) {
        self.get = get
        self.list = list
        self.dryRun = dryRun
    }
}

/// What a plan was rendered from.
package struct PlanSource: Hashable, Sendable {
    /// A URL without credentials, or a path.
    package var repository: String
    /// The branch, tag or commit that was asked for.
    package var ref: String
    /// The full commit id.
    package var commit: String
    /// The environment's folder.
    package var path: String
    package var author: String
    /// RFC 3339, UTC.
    package var committedAt: String
    /// Which repository it is, whatever path or protocol it was read through; `nil` when it cannot be told.
    package var identity: RepositoryIdentity?
    /// Where the configuration is that says what else is rendered, such as charts; `nil` when it is in the same commit.
    package var configuration: PlanConfigurationSource?

    package init(repository: String, ref: String, commit: String, path: String, author: String, committedAt: String) {
        self.repository = repository
        self.ref = ref
        self.commit = commit
        self.path = path
        self.author = author
        self.committedAt = committedAt
    }
}

/// The commit whose configuration a plan was rendered by, where that is another than the one that was rendered.
package struct PlanConfigurationSource: Hashable, Sendable {
    /// A URL without credentials, or a path.
    package var repository: String
    /// The full commit id.
    package var commit: String

    package init(repository: String, commit: String) {
        self.repository = repository
        self.commit = commit
    }
}

/// Where a plan is applied.
package struct PlanTarget: Hashable, Sendable {
    package var server: String
    /// The UID of the namespace `kube-system`, or where there is none a digest of server and CA.
    package var clusterUID: String
    package var serverVersion: String

    package init(server: String, clusterUID: String, serverVersion: String) {
        self.server = server
        self.clusterUID = clusterUID
        self.serverVersion = serverVersion
    }
}

/// The inventory that a plan was made against.
package struct PlanInventory: Hashable, Sendable {
    package var namespace: String
    package var name: String
    /// Empty when there is none yet.
    package var resourceVersion: String
    /// The commit applied last; empty when there is none.
    package var commit: String

    package init(namespace: String, name: String, resourceVersion: String, commit: String) {
        self.namespace = namespace
        self.name = name
        self.resourceVersion = resourceVersion
        self.commit = commit
    }
}

/// What the environment's configuration says of how its plans are applied.
package struct PlanSettings: Hashable, Sendable {
    /// `--max-deletes` as configured: a number or a percentage of the inventory; `nil` for the default.
    package var maxDeletes: String?
    package var timeoutSeconds: Int?
    /// How many objects the inventory held: what a percentage of deletions counts against.
    package var inventoryCount: Int
    /// The kubeconfig context that the plan was made through; another machine may call it otherwise.
    package var context: String?
    /// The file that holds the inventory, when it is not in the target.
    package var inventoryFile: String?
    /// For namespaced objects that name none.
    package var defaultNamespace: String?
    /// Whether the plan takes the whole environment out of the target, the inventory included.
    package var isDestruction = false
    /// Whether the rendering fetched bases that are Git URLs: so does the one that `apply` makes for the Secrets' values.
    package var allowsRemoteBases = false
    /// Whether the commit says all that the plan's objects were rendered from, and they are all of the environment's.
    package var isFromCommitAlone = false
    /// The approvals that the plan needs; `nil` for none.
    package var approvals: PlanApprovals?
    /// How health is judged.
    package var health = HealthRules()

    package init(
        maxDeletes: String? = nil, timeoutSeconds: Int? = nil, inventoryCount: Int = 0, context: String? = nil,
        inventoryFile: String? = nil, defaultNamespace: String? = nil, approvals: PlanApprovals? = nil
    ) {
        self.maxDeletes = maxDeletes
        self.timeoutSeconds = timeoutSeconds
        self.inventoryCount = inventoryCount
        self.context = context
        self.inventoryFile = inventoryFile
        self.defaultNamespace = defaultNamespace
        self.approvals = approvals
    }
}
