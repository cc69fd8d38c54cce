internal import Manifests

/// `plumb.yaml`: the environments of a repository.
package struct Configuration: Sendable {
    package var environments: [EnvironmentConfiguration]

    package init(environments: [EnvironmentConfiguration] = []) { self.environments = environments }
}

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
    package var inventory: InventoryPlace
    package var health = HealthConfiguration()

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

/// What `plumb run` may do on its own, in Argo CD's words.
package struct SyncPolicy: Hashable, Sendable {
    /// Applies what Git changed; without it a run only plans.
    package var isAutomated: Bool
    /// May delete.
    package var prunes: Bool
    /// May revert drift.
    package var selfHeals: Bool

    package init(isAutomated: Bool = false, prunes: Bool = false, selfHeals: Bool = false) {
        self.isAutomated = isAutomated
        self.prunes = prunes
        self.selfHeals = selfHeals
    }
}

/// How many people must have signed a plan.
package struct ApprovalPolicy: Hashable, Sendable {
    package var required: Int
    /// The actions (`create`, `update`, `replace`, `delete`) that ask for approvals; empty when every plan needs them.
    package var requiredFor: [String]
    /// Whether signatures by the commit's author and committer do not count.
    package var excludesCommitter: Bool
    /// Path of the `allowed_signers` file in the repository.
    package var allowedSigners: String?

    package init(required: Int, requiredFor: [String] = [], excludesCommitter: Bool = false, allowedSigners: String? = nil) {
        self.required = required
        self.requiredFor = requiredFor
        self.excludesCommitter = excludesCommitter
        self.allowedSigners = allowedSigners
    }
}

/// Live fields that are left as they are, in Argo CD's form.
package struct IgnoredDifference: Hashable, Sendable {
    package var group: String
    package var kind: String
    package var name: String
    package var namespace: String
    package var jsonPointers: [String]

    package init(group: String, kind: String, name: String, namespace: String, jsonPointers: [String]) {
        self.group = group
        self.kind = kind
        self.name = name
        self.namespace = namespace
        self.jsonPointers = jsonPointers
    }
}

/// Where inventory and lock are kept.
package struct InventoryPlace: Hashable, Sendable {
    /// The namespace in the target; `nil` for the environment's.
    package var namespace: String?
    /// A file in place of objects in the target.
    package var file: String?

    package init(namespace: String? = nil, file: String? = nil) {
        self.namespace = namespace
        self.file = file
    }
}
