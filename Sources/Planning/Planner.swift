package import KubernetesAPI
internal import Manifests
internal import Synchronization

/// Makes plans: compares what a commit renders to with what a target holds.
package struct Planner: Sendable {
    private let client: KubernetesClient
    private let discovery: Discovery
    private let store: any InventoryStore
    private let parallelism: Int

    package init(
        client: KubernetesClient, discovery: Discovery, store: any InventoryStore, parallelism: Int = ClientOptions.standardInFlight
    ) {
        self.client = client
        self.discovery = discovery
        self.store = store
        self.parallelism = parallelism
    }

    /// The plan for a request against an inventory that was just read.
    /// - Parameters:
    ///   - objects: the request's manifests, made ready for the target.
    ///   - ahead: The lists that were begun for it.
    ///   - standing: What is known already of the inventory's objects, where they are what the request's commit renders to.
    /// - Throws: `Diagnostics` with everything that stands in the way, each with file and line: nothing is planned then.
    package func plan(
        _ request: PlanRequest, _ objects: PreparedObjects, target: PlanTarget, inventory stored: StoredInventory,
        inventoryNamespace: String, ahead: ListsAhead? = nil, standing looked: StandingLook? = nil
    ) async throws -> Plan {
        let (prepared, selection) = (objects.all, objects.selection)
        let desired = selection.ordinary
        let scope = try PlanScope(request.targets, desired: desired, inventory: stored.inventory)
        try checkNames(of: request.replacements.forced, among: desired)
        let wanted = scope.desired
        // Most plans find nothing to change: their order is told while the target answers.
        async let standing = Self.standing(wanted, among: prepared)
        let prune = PrunePlanning(client: client, discovery: discovery, request: request)
        let entries = EntryIndex(stored.inventory.entries)
        let forgotten = scope.entries(of: entries, notIn: request.isDestruction ? [] : prepared)
        let (observable, gone) = try prune.observable(forgotten)
        let previous = PreviousManifests(request: request, preparation: objects.preparation)
        let comparison = ObjectComparison(
            client: client, fields: request.fields, replacements: request.replacements,
            schemas: DeferredSchemas(client: client, discovery: discovery, desired: desired))
        let own = wanted.map { entries[$0.reference] }
        let isSeen = zip(wanted, own).map { object, entry in
            guard let entry, stored.inventory.hasSeen(entry, serverVersion: target.serverVersion) else { return false }
            // Where the commit renders to what the inventory holds, values that are in no digest are the same too.
            return comparison.isKnown(object, entry: entry) && (entry.isToldByDigest || looked != nil)
        }
        let run = ComparisonRun(
            wanted, entries: own, comparison: comparison,
            builder: ChangeBuilder(request: request, entries: entries, previous: previous),
            parallelism: parallelism)
        let observation = Observation(wanted: wanted, isSeen: isSeen, deletable: observable, ahead: ahead, standing: looked)
        let live = try await observe(observation, run)
        let namespaces = Self.plannedNamespaces(wanted, absent: run.absent)
        try await run.create { Self.deferral(of: $0, plannedNamespaces: namespaces) }
        var warnings = request.warnings.map(\.description)
        var drafts = try run.changes(warnings: &warnings)
        var deletions = prune.changes(for: forgotten, live: live, gone: gone, warnings: &warnings)
        // Hooks run at each apply that has changes, never for their own sake; a part of an environment is applied without.
        let hooked = Set(selection.hooks.map(\.object.reference))
        if request.targets.isEmpty, Plan.hasChanges(drafts, besides: hooked) || Plan.hasChanges(deletions, besides: hooked) {
            // What a destruction that failed has left of its hooks is made anew.
            deletions.removeAll { hooked.contains($0.reference) }
            let hooks = HookPlanning(
                client: client, observer: Observer(client: client, parallelism: parallelism), previous: previous,
                wasApplied: !stored.inventory.commit.isEmpty)
            drafts += try await hooks.changes(selection, environment: request.environment, warnings: &warnings) {
                Self.deferral(of: $0, plannedNamespaces: namespaces)
            }
        }
        var changes: [Change]
        if deletions.isEmpty, let standing = await standing, let ordered = standing.ordered(drafts) {
            changes = ordered
            warnings += standing.warnings
        } else {
            let order = ChangeOrder(desired: request.isDestruction ? selection.hooks.map(\.object) : prepared, live: live)
            changes = try order.order(drafts, deletions: deletions, warnings: &warnings)
            if !request.isDestruction {
                warnings += DeletedSupport.warnings(deletions, definitions: order.definitions(deletions), desired: desired)
            }
        }
        await addLastChanges(to: &changes, previous: previous, request: request)
        var plan = plan(request, target: target, inventory: stored, inventoryNamespace: inventoryNamespace)
        (plan.changes, plan.warnings) = (changes, warnings.sorted(by: UTF8Order.isLess))
        // What is left to others is theirs to say, and what is worth a warning is worth one each time.
        if warnings.count > request.warnings.count || desired.contains(where: { request.fields.mayLeaveAny(of: $0.reference) }) {
            plan.settings.isFromCommitAlone = false
        }
        return plan
    }

    /// The plan for a request of which nothing was rendered, because the inventory's objects all stand as they were applied and
    /// the request's commit renders to just these.
    package func unchanged(_ request: PlanRequest, target: PlanTarget, inventory stored: StoredInventory, inventoryNamespace: String)
        -> Plan
    {
        var plan = plan(request, target: target, inventory: stored, inventoryNamespace: inventoryNamespace)
        plan.changes = stored.inventory.entries.map { entry in
            Change(
                apiVersion: entry.apiVersion, reference: entry.reference, action: .noOp,
                precondition: .present(uid: entry.uid, resourceVersion: "", digest: entry.digest))
        }
        return plan
    }

    /// A plan of no changes.
    private func plan(_ request: PlanRequest, target: PlanTarget, inventory stored: StoredInventory, inventoryNamespace: String) -> Plan {
        var settings = request.settings
        settings.inventoryCount = stored.inventory.entries.count
        return Plan(
            plumbVersion: request.plumbVersion, runID: request.runID, createdAt: request.createdAt.rfc3339,
            environment: request.environment, source: request.source, target: target,
            inventory: PlanInventory(
                namespace: inventoryNamespace, name: store.place, resourceVersion: stored.version, commit: stored.inventory.commit),
            isRollback: request.isRollback, changes: [],
            warnings: request.warnings.map(\.description).sorted(by: UTF8Order.isLess), settings: settings)
    }

    private func checkNames(of forced: [String], among desired: [DesiredObject]) throws(Diagnostic) {
        guard !forced.isEmpty else { return }
        let known = Set(desired.map(\.reference.id))
        for id in forced where !known.contains(id) {
            throw Diagnostic(
                "there is no object '\(id)' to replace in this environment",
                advice: NearMatch.candidates(for: id, among: known).first.map { "did you mean '\($0)'?" }
                    ?? "an object is named like apps/Deployment/NAMESPACE/NAME")
        }
    }

    private static func standing(_ wanted: [DesiredObject], among all: [DesiredObject]) async -> ChangeOrder.Standing? {
        ChangeOrder(desired: all, live: [:]).standing(wanted)
    }

    /// Says of each change when its file was changed last: of a deletion, the file that defined the object at the last apply.
    private func addLastChanges(to changes: inout [Change], previous: PreviousManifests, request: PlanRequest) async {
        var files: [Int: String] = [:]
        for index in changes.indices where changes[index].action != .noOp {
            if let source = changes[index].source {
                files[index] = source.file
            } else if changes[index].action == .delete, let file = await previous.file(of: changes[index].reference) {
                files[index] = file
            }
        }
        guard !files.isEmpty else { return }
        let found = await request.lastChanges(Set(files.values).sorted(by: UTF8Order.isLess))
        for (index, file) in files { changes[index].lastChange = found[file] }
    }

    /// What is read of the target for a plan.
    private struct Observation {
        var wanted: [DesiredObject]
        /// Of each wanted one, whether there is a state in which it needs no look.
        var isSeen: [Bool]
        var deletable: [Observer.Wanted]
        var ahead: ListsAhead?
        /// What was looked at already.
        var standing: StandingLook?

        /// Whether it is known without another look that an object is in the state in which it needs none.
        func isKnown(_ index: Int) -> Bool { isSeen[index] && standing?.stands(wanted[index].reference) == true }
    }

    /// Reads the live objects, and compares them with the desired ones meanwhile.
    /// - Returns: The live state of what may be deleted.
    private func observe(_ observation: Observation, _ run: ComparisonRun) async throws -> [ObjectReference: Value] {
        let (wanted, deletable) = (observation.wanted, observation.deletable)
        var served: [Int] = []
        // A kind that the target does not serve yet has no objects.
        for index in wanted.indices where !wanted[index].isOfPlannedKind {
            if observation.isKnown(index) { run.standsAsKnown(index) } else { served.append(index) }
        }
        let places = served.map { index in
            // Of what was looked at and does not stand all is to be read.
            let isSeen = observation.isSeen[index] && observation.standing == nil
            return Observer.Wanted(resource: wanted[index].resource, reference: wanted[index].reference, isSeen: isSeen)
        }
        let found = Mutex<[ObjectReference: Value]>([:])
        let observer = Observer(client: client, parallelism: parallelism, ahead: observation.ahead)
        try await observer.observe(places + deletable) { [served] place, live in
            run.stands(served[place], live: live)
        } sort: { [served] place, live in
            if place < served.count { return run.examine(served[place], live: live) }
            found.withLock { $0[deletable[place - served.count].reference] = live }
            return nil
        } handle: { pending in
            try await run.compare(pending)
        }
        return found.withLock { $0 }
    }

    /// The namespaces that the plan creates.
    private static func plannedNamespaces(_ wanted: [DesiredObject], absent: [Int]) -> Set<String> {
        let namespace = GroupKind(group: "", kind: "Namespace")
        return Set(absent.lazy.map { wanted[$0].reference }.filter { $0.groupKind == namespace }.map(\.name))
    }

    private static func deferral(of object: DesiredObject, plannedNamespaces: Set<String>) -> String? {
        if object.isOfPlannedKind { return "its kind is defined by this plan" }
        if plannedNamespaces.contains(object.reference.namespace) {
            return "its namespace \(object.reference.namespace) is created by this plan"
        }
        return nil
    }
}
