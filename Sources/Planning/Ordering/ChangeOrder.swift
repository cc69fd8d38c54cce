internal import Manifests

/// Puts a plan's changes in the order of execution and says what each waits for.
enum ChangeOrder {
    static func order(
        _ changes: [Change], desired: [DesiredObject], deletions: [Change], live: [ObjectReference: Value]
    ) throws(Diagnostic) -> [Change] {
        let byReference = Dictionary(desired.map { ($0.reference, $0) }) { first, _ in first }
        var objects: [OrderedObject] = []
        for change in changes { objects.append(try orderedObject(byReference[change.reference], of: change)) }
        let made = try ordered(changes, objects: objects)
        let gone = try ordered(
            deletions,
            objects: deletions.map { change in
                OrderedObject(
                    reference: change.reference, needs: needs(of: change.reference, object: live[change.reference] ?? .null))
            })
        return made + reversed(gone)
    }

    private static func orderedObject(_ object: DesiredObject?, of change: Change) throws(Diagnostic) -> OrderedObject {
        guard let object else { return OrderedObject(reference: change.reference, needs: []) }
        let stated = try DependsOn.references(of: object.manifest)
        return OrderedObject(
            reference: change.reference, needs: stated + needs(of: change.reference, object: object.body),
            source: object.manifest.source)
    }

    /// What an object needs by what it is: its namespace, the definition of its kind, what it refers to.
    private static func needs(of reference: ObjectReference, object: Value) -> [ObjectReference] {
        var needs = InferredReferences.references(in: object)
        if !reference.namespace.isEmpty {
            needs.append(ObjectReference(group: "", kind: "Namespace", namespace: "", name: reference.namespace))
        }
        return needs
    }

    private static func ordered(_ changes: [Change], objects: [OrderedObject]) throws(Diagnostic) -> [Change] {
        let definitions = definitions(changes)
        let objects = objects.map { object in
            guard let definition = definitions[object.reference.groupKind] else { return object }
            var object = object
            object.needs.append(definition)
            return object
        }
        let graph = try ChangeGraph(objects)
        let byReference = Dictionary(changes.map { ($0.reference, $0) }) { first, _ in first }
        return graph.ordered.compactMap { reference in
            guard var change = byReference[reference] else { return nil }
            // Nothing waits for what stays as it is.
            change.dependsOn =
                change.action == .noOp
                ? []
                : (graph.needs[reference] ?? []).filter {
                    byReference[$0].map { $0.action != .noOp } ?? false
                }.map(\.id)
            return change
        }
    }

    /// The definition in this plan of each kind that the plan defines: `widgets.example.com` for its group and kind.
    private static func definitions(_ changes: [Change]) -> [GroupKind: ObjectReference] {
        var definitions: [GroupKind: ObjectReference] = [:]
        for change in changes where change.reference.kind == "CustomResourceDefinition" {
            guard let spec = change.desired?["spec"], let group = spec["group"]?.string,
                let kind = spec.at("names", "kind")?.string
            else { continue }
            definitions[GroupKind(group: group, kind: kind)] = change.reference
        }
        return definitions
    }

    /// Deletions run the graph backwards: what is needed goes after all that needs it.
    private static func reversed(_ deletions: [Change]) -> [Change] {
        var neededBy: [String: [String]] = [:]
        for change in deletions {
            for needed in change.dependsOn { neededBy[needed, default: []].append(change.id) }
        }
        return deletions.reversed().map { change in
            var change = change
            change.dependsOn = change.action == .noOp ? [] : (neededBy[change.id] ?? []).sorted()
            return change
        }
    }
}
