package import Manifests

/// What one object needs of others, before it is known what is done to any of them.
package struct OrderedObject: Sendable {
    package var reference: ObjectReference
    /// Must stand before this one, when they are in the same plan.
    package var needs: [ObjectReference]
    package var source: SourcePosition?

    package init(reference: ObjectReference, needs: [ObjectReference], source: SourcePosition? = nil) {
        self.reference = reference
        self.needs = needs
        self.source = source
    }
}

/// Puts objects in the order in which they are made; deletions run it backwards.
package struct ChangeGraph: Sendable {
    /// The objects in order.
    package let ordered: [ObjectReference]
    /// For each object those of the same plan that it needs, in order.
    package let needs: [ObjectReference: [ObjectReference]]

    /// Sorts by need first, by the stage of the kind next, by name last.
    /// - Throws: `Diagnostic` that shows the cycle when objects need each other in a circle.
    package init(_ objects: [OrderedObject]) throws(Diagnostic) {
        let sorted = objects.sorted { left, right in
            let stages = (KindStage.stage(of: left.reference.groupKind), KindStage.stage(of: right.reference.groupKind))
            return stages.0 != stages.1 ? stages.0 < stages.1 : left.reference < right.reference
        }
        var indexes: [ObjectReference: Int] = [:]
        for (index, object) in sorted.enumerated() { indexes[object.reference] = index }
        let edges = sorted.enumerated().map { index, object in
            Array(Set(object.needs.compactMap { indexes[$0] }).subtracting([index])).sorted()
        }
        let stages = try Self.stages(of: sorted, edges: edges)
        let order = sorted.indices.sorted { stages[$0] != stages[$1] ? stages[$0] < stages[$1] : $0 < $1 }
        ordered = order.map { sorted[$0].reference }
        var needs: [ObjectReference: [ObjectReference]] = [:]
        for index in order where !edges[index].isEmpty {
            needs[sorted[index].reference] = edges[index].map { sorted[$0].reference }
        }
        self.needs = needs
    }

    /// The stage of each object, where something needed moves whatever needs it behind itself. The second number counts
    /// the needs within a stage, so that sorting by both is a topological order.
    private static func stages(of objects: [OrderedObject], edges: [[Int]]) throws(Diagnostic) -> [Stage] {
        var stages = [Stage?](repeating: nil, count: objects.count)
        // Depth-first with a stack of its own: chains may be as long as the plan.
        var isOpen = [Bool](repeating: false, count: objects.count)
        for start in objects.indices where stages[start] == nil {
            var stack = [(node: start, next: 0)]
            isOpen[start] = true
            while let (node, next) = stack.last {
                if next < edges[node].count {
                    stack[stack.count - 1].next += 1
                    let needed = edges[node][next]
                    if isOpen[needed] {
                        throw cycle(stack.map(\.node), back: needed, objects: objects)
                    }
                    if stages[needed] == nil {
                        isOpen[needed] = true
                        stack.append((needed, 0))
                    }
                    continue
                }
                var stage = Stage(kind: KindStage.stage(of: objects[node].reference.groupKind), depth: 0)
                for needed in edges[node] {
                    guard let other = stages[needed] else { continue }
                    if other.kind > stage.kind { stage = Stage(kind: other.kind, depth: 0) }
                    if other.kind == stage.kind { stage.depth = max(stage.depth, other.depth + 1) }
                }
                stages[node] = stage
                isOpen[node] = false
                stack.removeLast()
            }
        }
        return stages.compactMap { $0 }
    }

    private struct Stage: Comparable {
        var kind: Int
        var depth: Int

        static func < (left: Stage, right: Stage) -> Bool { (left.kind, left.depth) < (right.kind, right.depth) }
    }

    private static func cycle(_ path: [Int], back: Int, objects: [OrderedObject]) -> Diagnostic {
        let loop = (path.drop { $0 != back } + [back]).map { objects[$0].reference.id }
        return Diagnostic(
            "objects need each other in a circle: \(loop.joined(separator: " needs "))", at: objects[back].source,
            advice: "take one of the dependencies out")
    }
}
