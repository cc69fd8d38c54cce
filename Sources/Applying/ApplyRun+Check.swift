internal import KubernetesAPI
internal import Manifests
internal import Planning

extension ApplyRun {
    /// What was found out about a plan's inventory.
    struct InventoryCheck: Sendable {
        /// The run of this plan that was cut short; `nil` when there was none.
        var resumes: String?
    }

    /// - Throws: `ApplyRefusal` when the environment was applied since the plan was made, unless by this very plan, and cut short.
    func checkInventory(_ stored: StoredInventory) throws(ApplyRefusal) -> InventoryCheck {
        if let pending = stored.inventory.pending, pending.planDigest == planDigest {
            report(.note("run \(pending.runID) of this plan was cut short; carrying on"))
            return InventoryCheck(resumes: pending.runID)
        }
        if stored.version == plan.inventory.resourceVersion { return InventoryCheck() }
        let last = stored.inventory.applies.last
        var message = "the environment was applied since the plan was made"
        if let last { message += ": commit \(last.commit.prefix(12)) by run \(last.runID) at \(last.time)" }
        if let last, last.planDigest == planDigest {
            message = "this very plan was applied already, by run \(last.runID) at \(last.time), and \(last.result)"
        }
        throw .stale([Diagnostic(message, object: store.place, advice: "make the plan again")])
    }

    /// Reads every object that is about to change; of what is deleted type and metadata alone, where nothing else is looked at.
    func observe(_ steps: [Executor.Step]) async throws -> [ObjectReference: Value] {
        let observable = steps.filter { discovery.resource(for: $0.resource.groupVersionKind) != nil }
        return try await Observer(client: client).observe(
            observable.map { step in
                let reference = step.change.reference
                let isMetadataOnly = step.change.action == .delete && MetadataOnly.isEnough(toDelete: reference.groupKind)
                return .init(resource: step.resource, reference: reference, isMetadataOnly: isMetadataOnly)
            })
    }

    /// Refuses when an object is not as the plan assumed.
    func checkedSteps(
        _ served: [Executor.Step], live: [ObjectReference: Value], isResumed: Bool, made: Set<String>
    ) async throws -> [Executor.Step] {
        var steps = served
        var faults: [Int: Diagnostic] = [:]
        var doubtful: [(index: Int, fault: Diagnostic)] = []
        for index in steps.indices {
            let change = steps[index].change
            steps[index].live = live[change.reference].map {
                LiveFacts($0, environment: plan.environment, reference: change.reference)
            }
            steps[index].isCarriedOn = isResumed
            // A hook is made anew whatever there is.
            if change.hook != nil { continue }
            if !change.left.isEmpty, !change.sensitive.isEmpty, let live = live[change.reference] {
                steps[index].body = steps[index].body.map { LeftFields.adopted(change.left, $0, live: live) }
            }
            let check = StalenessCheck(
                environment: plan.environment, isResumed: isResumed || made.contains(change.id) || isHome(change.reference))
            switch check.check(change, desired: steps[index].body, live: live[change.reference]) {
            case .proceed(let version): steps[index].resourceVersion = version
            case .staleUnlessDone(let fault): doubtful.append((index, fault))
            case .stale(let fault): faults[index] = fault
            }
        }
        let resume = ResumeCheck(client: client)
        let candidates = doubtful.map { ($0.index, steps[$0.index], live[steps[$0.index].change.reference]) }
        let verdicts = try await BoundedTasks.map(candidates, limit: settings.parallelism) { index, step, live -> (Int, Bool) in
            guard let body = step.body, let live else { return (index, false) }
            return (index, try await resume.isDone(desired: body, resource: step.resource, reference: step.change.reference, live: live))
        }
        for ((index, isDone), (_, fault)) in zip(verdicts, doubtful) {
            let object = live[steps[index].change.reference] ?? .null
            guard isDone else {
                faults[index] = fault
                continue
            }
            steps[index].resourceVersion = StalenessCheck.version(object)
            steps[index].isDone = true
        }
        if !faults.isEmpty { throw ApplyRefusal.stale(faults.sorted { $0.key < $1.key }.map(\.value)) }
        return steps
    }

    /// Whether it is the namespace that lock and inventory live in: a run that died before it could write the inventory may
    /// have made it.
    func isHome(_ reference: ObjectReference) -> Bool {
        reference == ObjectReference(group: "", kind: "Namespace", namespace: "", name: plan.inventory.namespace)
    }

    /// The changes with the resources that they go to, those included that the plan itself defines.
    func servedSteps(_ bodies: [ObjectReference: Value]) throws -> [Executor.Step] {
        let changes = plan.changes.filter { $0.action != .noOp }
        var known = discovery
        for change in changes where change.reference.kind == "CustomResourceDefinition" {
            if let desired = change.desired { known.add(customResourceDefinition: desired) }
        }
        var steps: [Executor.Step] = []
        var faults: [Diagnostic] = []
        for change in changes {
            let kind = GroupVersionKind(apiVersion: change.apiVersion, kind: change.reference.kind)
            guard let resource = known.resource(for: kind) else {
                faults.append(Diagnostic("the target no longer serves \(kind.kind) in \(kind.apiVersion)", object: change.id))
                continue
            }
            steps.append(Executor.Step(change: change, resource: resource, body: bodies[change.reference], resourceVersion: ""))
        }
        if !faults.isEmpty { throw ApplyRefusal.stale(faults) }
        return steps
    }
}
