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
        let prepared = try preparation.prepare(HookNames.named(request.manifests))
        try ObjectOptions.check(prepared)
        let selection = try HookSelection(prepared)
        let desired = selection.ordinary
        let scope = try PlanScope(request.targets, desired: desired, inventory: stored.inventory)
        try checkNames(of: request.replacements.forced, among: desired)
        let wanted = scope.desired
        let prune = PrunePlanning(client: client, discovery: discovery, request: request)
        let forgotten = scope.entries(of: stored.inventory, notIn: prepared)
        let observer = Observer(client: client, parallelism: parallelism)
        let (observable, gone) = try prune.observable(forgotten)
        let live = try await observer.observe(
            wanted.filter { !$0.isOfPlannedKind }.map { .init(resource: $0.resource, reference: $0.reference) } + observable)
        let entries = Dictionary(stored.inventory.entries.map { ($0.reference, $0) }) { first, _ in first }
        let results = try await compare(request, wanted, all: desired, live: live, entries: entries)
        let previous = PreviousManifests(request: request, preparation: preparation)
        let builder = ChangeBuilder(request: request, entries: entries, previous: previous)
        var drafts: [Change] = []
        var warnings = request.warnings.map(\.description)
        for (object, result) in zip(wanted, results) {
            drafts.append(await builder.change(for: object, live: live[object.reference], result: result, warnings: &warnings))
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
        var changes = try ChangeOrder(desired: prepared, live: live).order(drafts, deletions: deletions, warnings: &warnings)
        await addLastChanges(to: &changes, previous: previous, request: request)
        return Plan(
            plumbVersion: request.plumbVersion, runID: request.runID, createdAt: request.createdAt.rfc3339,
            environment: request.environment, source: request.source, target: target,
            inventory: PlanInventory(
                namespace: inventoryNamespace, name: store.place, resourceVersion: stored.version, commit: stored.inventory.commit),
            isRollback: request.isRollback, changes: changes, warnings: warnings.sorted(by: UTF8Order.isLess),
            settings: withCount(request.settings, stored.inventory.entries.count))
    }

    private func checkNames(of forced: [String], among desired: [DesiredObject]) throws(Diagnostic) {
        let known = Set(desired.map(\.reference.id))
        for id in forced where !known.contains(id) {
            throw Diagnostic(
                "there is no object '\(id)' to replace in this environment",
                advice: NearMatch.candidates(for: id, among: known).first.map { "did you mean '\($0)'?" }
                    ?? "an object is named like apps/Deployment/NAMESPACE/NAME")
        }
    }

    /// Says of each change when its file was changed last: of a deletion, the file that defined the object at the last apply.
    private func addLastChanges(to changes: inout [Change], previous: PreviousManifests, request: PlanRequest) async {
        var files: [Int: String] = [:]
        for (index, change) in changes.enumerated() where change.action != .noOp {
            if let source = change.source {
                files[index] = source.file
            } else if change.action == .delete, let file = await previous.file(of: change.reference) {
                files[index] = file
            }
        }
        guard !files.isEmpty else { return }
        let found = await request.lastChanges(Set(files.values).sorted(by: UTF8Order.isLess))
        for (index, file) in files { changes[index].lastChange = found[file] }
    }

    private func withCount(_ settings: PlanSettings, _ count: Int) -> PlanSettings {
        var settings = settings
        settings.inventoryCount = count
        return settings
    }

    /// Asks the server about every object at once; all refusals are reported together.
    private func compare(
        _ request: PlanRequest, _ wanted: [DesiredObject], all: [DesiredObject], live: [ObjectReference: Value],
        entries: [ObjectReference: InventoryEntry]
    ) async throws -> [ObjectComparison.Result] {
        let plannedNamespaces = Self.plannedNamespaces(all, live: live)
        let comparison = ObjectComparison(
            client: client, fields: request.fields, replacements: request.replacements,
            schemas: DeferredSchemas(client: client, discovery: discovery, desired: all))
        let answers = try await BoundedTasks.map(wanted, limit: parallelism) { object in
            let deferral = Self.deferral(of: object, plannedNamespaces: plannedNamespaces)
            do {
                return Result<ObjectComparison.Result, ComparisonFailure>.success(
                    try await comparison.compare(
                        object, live: live[object.reference], entry: entries[object.reference], deferral: deferral))
            } catch let error as APIError {
                return .failure(.refused(error))
            } catch let faults as Diagnostics {
                return .failure(.faults(faults.all))
            }
        }
        var results: [ObjectComparison.Result] = []
        var failures = ComparisonFailures()
        for (object, answer) in zip(wanted, answers) {
            switch answer {
            case .success(let result): results.append(result)
            case .failure(let failure): failures.add(failure, of: object)
            }
        }
        if let diagnostics = failures.diagnostics { throw diagnostics }
        return results
    }

    private static func plannedNamespaces(_ all: [DesiredObject], live: [ObjectReference: Value]) -> Set<String> {
        Set(
            all.filter { $0.reference.groupKind == GroupKind(group: "", kind: "Namespace") && live[$0.reference] == nil }
                .map(\.reference.name))
    }

    private static func deferral(of object: DesiredObject, plannedNamespaces: Set<String>) -> String? {
        if object.isOfPlannedKind { return "its kind is defined by this plan" }
        if plannedNamespaces.contains(object.reference.namespace) {
            return "its namespace \(object.reference.namespace) is created by this plan"
        }
        return nil
    }
}
