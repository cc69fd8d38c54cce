package import KubernetesAPI
internal import Manifests

/// Makes plans: compares what a commit renders to with what a target holds.
package struct Planner: Sendable {
    private let client: KubernetesClient
    private let discovery: Discovery
    private let store: any InventoryStore
    private let parallelism: Int

    package init(client: KubernetesClient, discovery: Discovery, store: any InventoryStore, parallelism: Int = 32) {
        self.client = client
        self.discovery = discovery
        self.store = store
        self.parallelism = parallelism
    }

    /// The plan for a request against an inventory that was just read.
    /// - Throws: `Diagnostics` with everything that stands in the way, each with file and line: nothing is planned then.
    package func plan(_ request: PlanRequest, target: PlanTarget, inventory stored: StoredInventory, inventoryNamespace: String)
        async throws -> Plan
    {
        let preparation = DesiredPreparation(
            environment: request.environment, defaultNamespace: request.defaultNamespace, discovery: discovery)
        let prepared = try ignoring(request.ignoreDifferences, preparation.prepare(HookNames.named(request.manifests)))
        try ObjectOptions.check(prepared)
        let selection = try HookSelection(prepared)
        let desired = selection.ordinary
        let scope = try PlanScope(request.targets, desired: desired, inventory: stored.inventory)
        let wanted = scope.desired
        let prune = PrunePlanning(client: client, discovery: discovery, request: request)
        let forgotten = scope.entries(of: stored.inventory, notIn: prepared)
        let observer = Observer(client: client, parallelism: parallelism)
        let (observable, gone) = try prune.observable(forgotten)
        let live = try await observer.observe(
            wanted.filter { !$0.isOfPlannedKind }.map { .init(resource: $0.resource, reference: $0.reference) } + observable)
        let comparisons = try await compare(wanted, all: desired, live: live)
        let previous = PreviousManifests(request: request, preparation: preparation)
        let builder = ChangeBuilder(
            request: request, entries: Dictionary(stored.inventory.entries.map { ($0.reference, $0) }) { first, _ in first },
            previous: previous)
        var drafts: [Change] = []
        var warnings = request.warnings.map(\.description)
        for (object, outcome) in zip(wanted, comparisons) {
            drafts.append(
                await builder.change(for: object, live: live[object.reference], outcome: outcome, warnings: &warnings))
        }
        let deletions = prune.changes(for: forgotten, live: live, gone: gone, warnings: &warnings)
        // Hooks run at each apply that has changes, never for their own sake; a part of an environment is applied without.
        if request.targets.isEmpty, (drafts + deletions).contains(where: { $0.action != .noOp }) {
            let hooks = HookPlanning(
                client: client, observer: observer, previous: previous, wasApplied: !stored.inventory.commit.isEmpty)
            let namespaces = Self.plannedNamespaces(desired, live: live)
            drafts += try await hooks.changes(selection, environment: request.environment, warnings: &warnings) {
                Self.deferral(of: $0, plannedNamespaces: namespaces)
            }
        }
        let ordered = try ChangeOrder(desired: prepared, live: live).order(drafts, deletions: deletions, warnings: &warnings)
        return Plan(
            plumbVersion: request.plumbVersion, runID: request.runID, createdAt: request.createdAt.rfc3339,
            environment: request.environment, source: request.source, target: target,
            inventory: PlanInventory(
                namespace: inventoryNamespace, name: store.place, resourceVersion: stored.version, commit: stored.inventory.commit),
            isRollback: request.isRollback, changes: ordered, warnings: warnings.sorted(),
            settings: withCount(request.settings, stored.inventory.entries.count))
    }

    private func withCount(_ settings: PlanSettings, _ count: Int) -> PlanSettings {
        var settings = settings
        settings.inventoryCount = count
        return settings
    }

    private func ignoring(_ rules: [IgnoreRule], _ objects: [DesiredObject]) -> [DesiredObject] {
        guard !rules.isEmpty else { return objects }
        return objects.map { object in
            var object = object
            for rule in rules where rule.applies(to: object.reference) {
                for pointer in rule.jsonPointers { object.body.remove(pointer: pointer) }
            }
            return object
        }
    }

    /// Asks the server about every object at once; all refusals are reported together.
    private func compare(
        _ wanted: [DesiredObject], all: [DesiredObject], live: [ObjectReference: Value]
    ) async throws -> [ObjectComparison.Outcome] {
        let plannedNamespaces = Self.plannedNamespaces(all, live: live)
        let comparison = ObjectComparison(client: client)
        let results = try await BoundedTasks.map(wanted, limit: parallelism) { object in
            let deferral = Self.deferral(of: object, plannedNamespaces: plannedNamespaces)
            do {
                return Result<ObjectComparison.Outcome, Diagnostic>.success(
                    try await comparison.compare(object, live: live[object.reference], deferral: deferral))
            } catch let error as APIError {
                return .failure(RefusalText.diagnostic(error, object: object))
            }
        }
        let faults = results.compactMap { result in
            if case .failure(let fault) = result { return fault }
            return nil
        }
        if !faults.isEmpty { throw Diagnostics(Self.distinct(faults)) }
        return try results.map { try $0.get() }
    }

    private static func plannedNamespaces(_ all: [DesiredObject], live: [ObjectReference: Value]) -> Set<String> {
        Set(
            all.filter { $0.reference.groupKind == GroupKind(group: "", kind: "Namespace") && live[$0.reference] == nil }
                .map(\.reference.name))
    }

    /// A server that is away says the same of every object: once is enough.
    private static func distinct(_ faults: [Diagnostic]) -> [Diagnostic] {
        var seen: Set<String> = []
        return faults.filter { seen.insert($0.description).inserted }
    }

    private static func deferral(of object: DesiredObject, plannedNamespaces: Set<String>) -> String? {
        if object.isOfPlannedKind { return "its kind is defined by this plan" }
        if plannedNamespaces.contains(object.reference.namespace) {
            return "its namespace \(object.reference.namespace) is created by this plan"
        }
        return nil
    }
}
