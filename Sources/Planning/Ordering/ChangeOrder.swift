internal import KubernetesAPI
internal import Manifests

/// Puts a plan's changes in the order of execution and says what each waits for.
struct ChangeOrder {
    // Changes and objects have many parts, and there are thousands: they are looked at in place, and seldom copied.

    /// The objects of the repository.
    private let desired: [DesiredObject]
    private let places: [ObjectReference: Int]
    private let live: [ObjectReference: Value]

    init(desired: [DesiredObject], live: [ObjectReference: Value]) {
        self.desired = desired
        self.live = live
        var places: [ObjectReference: Int] = [:]
        places.reserveCapacity(desired.count)
        for index in desired.indices where places[desired[index].reference] == nil { places[desired[index].reference] = index }
        self.places = places
    }

    /// - Parameters:
    ///   - changes: of what is made or stays, hooks included.
    ///   - warnings: told of stated dependencies on what the environment does not have.
    /// - Throws: `Diagnostic` for an annotation that cannot be read, and for a cycle.
    func order(_ changes: [Change], deletions: [Change], warnings: inout [String]) throws(Diagnostic) -> [Change] {
        let all = changes + deletions
        let owns = all.map { places[$0.reference].map { desired[$0] } }
        let graph = try graph(all, own: { owns[$0] }, &warnings)
        return Self.ordered(all, graph)
    }

    private static func ordered(_ changes: [Change], _ graph: ChangeGraph) -> [Change] {
        let waits = waits(changes, graph)
        return graph.order.map { index in
            var change = changes[index]
            change.place = graph.places[index]
            change.dependsOn = change.action == .noOp ? [] : waits[index].map { changes[$0].id }
            return change
        }
    }

    /// The order of objects that are there and stay there, changed or not. It can be told before they are looked at.
    struct Standing: Sendable {
        let warnings: [String]
        private let graph: ChangeGraph
        private let references: [ObjectReference]
        /// Whether an object states a rule that holds only when something is done to it.
        private let hasRules: Bool

        fileprivate init(_ graph: ChangeGraph, _ warnings: [String], of references: [ObjectReference], hasRules: Bool) {
            (self.graph, self.warnings, self.references, self.hasRules) = (graph, warnings, references, hasRules)
        }

        /// The changes in order, with what each waits for; `nil` when they are not those of these objects, or something is made or
        /// replaced: what does not exist yet moves to where it is needed.
        func ordered(_ changes: [Change]) -> [Change]? {
            guard changes.count == references.count, changes.indices.allSatisfy({ changes[$0].reference == references[$0] }) else {
                return nil
            }
            guard changes.allSatisfy({ $0.action == .noOp || ($0.action == .update && !hasRules) }) else { return nil }
            return ChangeOrder.ordered(changes, graph)
        }
    }

    /// - Returns: `nil` when something is wrong with the objects, which `order` says.
    func standing(_ objects: [DesiredObject]) -> Standing? {
        let changes = objects.map { object in
            Change(
                apiVersion: object.resource.apiVersion, reference: object.reference, action: .noOp, precondition: .absent,
                source: object.manifest.source)
        }
        var warnings: [String] = []
        guard let graph = try? graph(changes, own: { objects[$0] }, &warnings) else { return nil }
        let hasRules = objects.contains { ChangeRules.areStated(in: $0.body) }
        return Standing(graph, warnings, of: objects.map(\.reference), hasRules: hasRules)
    }

    /// - Parameter own: The object of the repository behind one of the changes.
    private func graph(_ all: [Change], own: (Int) -> DesiredObject?, _ warnings: inout [String]) throws(Diagnostic) -> ChangeGraph {
        let definitions = definitions(all)
        var objects: [OrderedObject] = []
        objects.reserveCapacity(all.count)
        for index in all.indices {
            objects.append(try orderedObject(all[index], own(index), definitions: definitions, warnings: &warnings))
        }
        addBackends(&objects)
        keepUntilTheEnd(&objects)
        let rules = try ChangeRules.edges(
            all.indices.map { index in
                ChangeRules.Subject(
                    reference: all[index].reference, object: own(index)?.body ?? live[all[index].reference] ?? .null,
                    isDeletion: all[index].action == .delete, isIdle: all[index].action == .noOp, source: objects[index].source)
            })
        return try ChangeGraph(objects, edges: rules)
    }

    private func object(of reference: ObjectReference) -> Value {
        if let place = places[reference] { return desired[place].body }
        return live[reference] ?? .null
    }

    private func orderedObject(
        _ change: Change, _ own: DesiredObject?, definitions: [GroupKind: ObjectReference], warnings: inout [String]
    ) throws(Diagnostic) -> OrderedObject {
        let reference = change.reference
        var object = OrderedObject(
            reference: reference, needs: InferredReferences.needs(of: own?.body ?? live[reference] ?? .null), place: change.place,
            isDeletion: change.action == .delete, isNew: change.action == .create && change.hook == nil, source: change.source)
        if !reference.namespace.isEmpty {
            let namespace = ObjectReference(group: "", kind: "Namespace", namespace: "", name: reference.namespace)
            object.needs.append(Need(namespace, .namespace))
        }
        if !definitions.isEmpty, let definition = definitions[reference.groupKind] { object.needs.append(Need(definition, .definition)) }
        if let manifest = own?.manifest, !object.isDeletion {
            for need in try DependsOn.needs(of: manifest) { object.needs.append(known(need, by: change, warnings: &warnings)) }
            if change.hook == nil { object.place.wave = try SyncWave.wave(of: manifest) }
        } else if let live = live[reference] {
            let stated = Manifest(value: live, source: SourcePosition(file: ""))
            // What a live object says and nobody can read is no reason not to delete it.
            if object.isDeletion { object.needs += (try? DependsOn.needs(of: stated)) ?? [] }
            object.place.wave = (object.isDeletion ? -1 : 1) * SyncWave.wave(ofLive: live)
        }
        return object
    }

    /// A stated need, told of when nothing in the environment answers to it. One without a namespace may mean the object's own.
    private func known(_ need: Need, by change: Change, warnings: inout [String]) -> Need {
        if places[need.reference] != nil { return need }
        if need.reference.namespace.isEmpty {
            var beside = need
            beside.reference.namespace = change.reference.namespace
            if places[beside.reference] != nil { return beside }
        }
        warnings.append(
            "\(change.id): it depends on \(need.reference.id) (\(need.reason.text)), which this environment does not have: "
                + "it is not waited for")
        return need
    }

    /// What hooks after the deletions need, their namespace first, is deleted after them.
    private func keepUntilTheEnd(_ objects: inout [OrderedObject]) {
        var places: [ObjectReference: ChangePlace] = [:]
        for hook in objects where hook.place.phase == .postDelete && !hook.isDeletion {
            for need in hook.needs { places[need.reference] = max(places[need.reference] ?? hook.place, hook.place) }
        }
        for index in objects.indices where objects[index].isDeletion {
            if let place = places[objects[index].reference] { objects[index].place = place }
        }
    }

    private func addBackends(_ objects: inout [OrderedObject]) {
        let callers = objects.indices.filter { !objects[$0].isDeletion && ServiceBackends.isCaller(objects[$0].reference.groupKind) }
        if callers.isEmpty { return }
        let made = objects.indices.filter { !objects[$0].isDeletion }
        let backends = ServiceBackends(made.map { (objects[$0].reference, self.object(of: objects[$0].reference)) })
        for index in callers {
            objects[index].needs += backends.needs(of: objects[index].reference, calling: objects[index].needs)
        }
    }

    /// The definition in this plan of each kind that the plan defines, or takes away: `widgets.example.com` for its group and
    /// kind; for Crossplane's definitions the composite and its claim.
    func definitions(_ changes: [Change]) -> [GroupKind: ObjectReference] {
        var definitions: [GroupKind: ObjectReference] = [:]
        for index in changes.indices {
            let reference = changes[index].reference
            guard reference.kind == "CustomResourceDefinition" || reference.kind == "CompositeResourceDefinition",
                let spec = (changes[index].desired ?? object(of: reference))["spec"], let group = spec["group"]?.string
            else { continue }
            for names in ["names", "claimNames"] {
                guard let kind = spec.at(names, "kind")?.string else { continue }
                definitions[GroupKind(group: group, kind: kind)] = reference
            }
        }
        return definitions
    }

    /// What each change waits for. Nothing waits for what stays as it is: what that would wait for is waited for instead.
    private static func waits(_ changes: [Change], _ graph: ChangeGraph) -> [[Int]] {
        // Most plans change nothing, and then nothing waits.
        if changes.allSatisfy({ $0.action == .noOp }) { return [[Int]](repeating: [], count: changes.count) }
        var positions = [Int](repeating: 0, count: changes.count)
        for (position, index) in graph.order.enumerated() { positions[index] = position }
        var waits = [[Int]](repeating: [], count: changes.count)
        // In the graph's order what is needed comes first.
        for index in graph.order {
            let needs = graph.needs[index]
            guard needs.contains(where: { changes[$0].action == .noOp }) else {
                waits[index] = needs
                continue
            }
            var found: Set<Int> = []
            for needed in needs { if changes[needed].action == .noOp { found.formUnion(waits[needed]) } else { found.insert(needed) } }
            waits[index] = found.sorted { positions[$0] < positions[$1] }
        }
        return waits
    }
}
