internal import Manifests

/// Finds what a plan deletes although objects that stay in Git cannot be without it: a namespace, or the definition of a kind.
enum DeletedSupport {
    /// One warning for each, that names the first of its objects.
    /// - Parameters:
    ///   - definitions: Who defines which kinds, among the plan's changes.
    static func warnings(
        _ deletions: [Change], definitions: [GroupKind: ObjectReference], desired: [DesiredObject]
    ) -> [String] {
        let deleted = Set(deletions.lazy.filter { $0.action == .delete }.map(\.reference))
        if deleted.isEmpty { return [] }
        var lost: [ObjectReference: [DesiredObject]] = [:]
        for object in desired {
            let reference = object.reference
            let namespace = ObjectReference(group: "", kind: "Namespace", namespace: "", name: reference.namespace)
            let supports = [definitions[reference.groupKind], reference.namespace.isEmpty ? nil : namespace]
            for case let support? in supports where deleted.contains(support) { lost[support, default: []].append(object) }
        }
        return lost.sorted { $0.key < $1.key }.map { support, objects in
            let first = objects.min { $0.reference < $1.reference }.map { "\($0.reference.id) (\($0.manifest.source))" } ?? ""
            let others = objects.count > 1 ? " and \(ItemLines.count(objects.count - 1, "more object"))" : ""
            let verb = objects.count > 1 ? "stay" : "stays"
            return "\(support.id): it is deleted, and \(first)\(others), which \(verb) in Git, cannot be without it"
        }
    }
}
