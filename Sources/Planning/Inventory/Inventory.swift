package import Manifests

/// What the last apply of an environment left in the target.
package struct Inventory: Sendable {
    package var environment: String
    /// The commit applied last; empty before the first apply is through.
    package var commit: String
    package var entries: [InventoryEntry]
    /// A run that has widened the inventory and not narrowed it yet: it is under way, or it died.
    package var pending: PendingRun?
    /// The newest last, `appliesMax` at the most.
    package var applies: [ApplyRecord]
    /// Whose environment this is; `nil` when nobody has said so yet.
    package var repository: RepositoryIdentity?
    /// How far the logs of the last runs went, the newest last.
    package var heads: [InventoryHead]
    /// Of the server that showed the states in which the entries' objects were seen.
    package var serverVersion: String
    /// What the entries' objects were rendered by; `nil` when the commit does not say all else, or they are not all that it says.
    package var rendering: RenderingRecord?

    /// Whether another inventory is of the same commit, rendered in the same way, and as settled.
    package func isOfSameApply(as other: Inventory) -> Bool {
        commit == other.commit && rendering == other.rendering && pending == other.pending
    }

    /// How many applies an inventory remembers: enough to roll back to, small against the entries.
    package static let appliesMax = 20

    package init(
        environment: String, commit: String = "", entries: [InventoryEntry] = [], pending: PendingRun? = nil,
        applies: [ApplyRecord] = [], repository: RepositoryIdentity? = nil, heads: [InventoryHead] = [],
        serverVersion: String = ""
    ) {
        self.environment = environment
        self.commit = commit
        self.entries = entries
        self.pending = pending
        self.applies = applies
        self.repository = repository
        self.heads = heads
        self.serverVersion = serverVersion
    }
}

/// One object of an inventory.
package struct InventoryEntry: Hashable, Sendable {
    /// The version it was applied with; identity does not depend on it.
    package var apiVersion: String
    package var reference: ObjectReference
    /// Empty while the object is only about to be made.
    package var uid: String
    /// Over the manifest as it was applied, secret values withheld.
    package var digest: String
    /// In which the object was found to be as applied.
    package var seen: SeenState

    package init(apiVersion: String, reference: ObjectReference, uid: String, digest: String, seen: SeenState = SeenState()) {
        self.apiVersion = apiVersion
        self.reference = reference
        self.uid = uid
        self.digest = digest
        self.seen = seen
    }
}

/// The run whose changes an inventory was widened for.
package struct PendingRun: Hashable, Sendable {
    package var runID: String
    package var planDigest: String
    package var commit: String
    /// RFC 3339, UTC.
    package var since: String
    /// Whether all its hooks have run and its changes are made: what is left is to delete hooks.
    package var hooksEnded = false

    package init(runID: String, planDigest: String, commit: String, since: String) {
        self.runID = runID
        self.planDigest = planDigest
        self.commit = commit
        self.since = since
    }
}

/// One apply as the inventory remembers it.
package struct ApplyRecord: Hashable, Sendable {
    package var time: String
    package var runID: String
    package var commit: String
    package var actor: String
    /// `succeeded`, `failed` or `interrupted`.
    package var result: String
    /// Of the plan that was applied; empty when it is not known.
    package var planDigest: String

    package init(time: String, runID: String, commit: String, actor: String, result: String, planDigest: String = "") {
        self.time = time
        self.runID = runID
        self.commit = commit
        self.actor = actor
        self.result = result
        self.planDigest = planDigest
    }
}
