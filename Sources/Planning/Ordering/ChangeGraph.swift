package import Manifests

/// Puts objects in the order in which they are made and deleted: by phase and wave, then by need, then by the stage of the
/// kind, then by name.
///
/// Where a need and a wave contradict each other, the need wins if a person has stated it, if it is the object's namespace or
/// the definition of its kind, or if what is needed does not exist yet: then what is needed moves to the place of what
/// needs it. Any other such need is dropped: what is there already is good enough until its own wave.
package struct ChangeGraph: Sendable {
    /// One edge: an index, and why.
    package typealias Edge = (needed: Int, reason: NeedReason)

    /// Indexes of the objects in order.
    package let order: [Int]
    /// For each object, by its index, the indexes of those that it waits for, in order.
    package let needs: [[Int]]
    /// For each object, by its index, where it is made.
    package let places: [ChangePlace]

    /// - Parameter edges: For each object, by its index, what it comes after besides its needs.
    /// - Throws: `Diagnostic` that shows the cycle when objects need each other in a circle. Among deletions alone a circle is
    ///   cut instead: nothing that is in the target keeps it from being deleted.
    package init(_ objects: [OrderedObject], edges extra: [[Edge]] = []) throws(Diagnostic) {
        let stages = objects.map(Self.stage)
        let sorted = objects.indices.sorted { left, right in
            if objects[left].place != objects[right].place { return objects[left].place < objects[right].place }
            if stages[left] != stages[right] { return stages[left] < stages[right] }
            return objects[left].reference < objects[right].reference
        }
        var edges = Self.edges(objects, extra: extra)
        let topological = try Self.topological(objects, &edges, from: sorted)
        let places = Self.places(objects, edges, topological)
        for index in edges.indices { edges[index].removeAll { places[$0.needed] > places[index] } }
        let ranks = Self.ranks(stages, edges, topological, places)
        var positions = [Int](repeating: 0, count: objects.count)
        for (position, index) in sorted.enumerated() { positions[index] = position }
        order = objects.indices.sorted { left, right in
            if places[left] != places[right] { return places[left] < places[right] }
            if ranks[left] != ranks[right] { return ranks[left] < ranks[right] }
            return positions[left] < positions[right]
        }
        for (position, index) in order.enumerated() { positions[index] = position }
        needs = edges.map { $0.map(\.needed).sorted { positions[$0] < positions[$1] } }
        self.places = places
    }

    /// The objects in order.
    package func ordered(_ objects: [OrderedObject]) -> [ObjectReference] { order.map { objects[$0].reference } }

    /// The stage of the kind; deletions run them backwards.
    private static func stage(_ object: OrderedObject) -> Int {
        let stage = KindStage.stage(of: object.reference.groupKind)
        return object.isDeletion ? 0 - stage : stage
    }

    /// Each pair once, with the strongest reason.
    private static func edges(_ objects: [OrderedObject], extra: [[Edge]]) -> [[Edge]] {
        var made: [ObjectReference: Int] = [:]
        made.reserveCapacity(objects.count)
        var deleted: [ObjectReference: Int] = [:]
        for index in objects.indices.sorted(by: { objects[$0].place < objects[$1].place }) {
            let reference = objects[index].reference
            if objects[index].isDeletion { deleted[reference] = index } else if made[reference] == nil { made[reference] = index }
        }
        var edges = extra + [[Edge]](repeating: [], count: max(0, objects.count - extra.count))
        for (index, object) in objects.enumerated() {
            for need in object.needs {
                if object.isDeletion {
                    if let needed = deleted[need.reference] { edges[needed].append((index, need.reason)) }
                } else if let needed = made[need.reference] {
                    edges[index].append((needed, need.reason))
                } else if object.place.phase == .postDelete, let needed = deleted[need.reference] {
                    // It needs what is deleted with all the rest: that stays until then.
                    edges[needed].append((index, need.reason))
                }
            }
        }
        return edges.enumerated().map { index, list in
            guard list.count > 1 else { return list.first?.needed == index ? [] : list }
            var strongest: [Int: NeedReason] = [:]
            for edge in list where edge.needed != index {
                if let known = strongest[edge.needed], known.strength <= edge.reason.strength { continue }
                strongest[edge.needed] = edge.reason
            }
            return strongest.map { ($0.key, $0.value) }.sorted { $0.needed < $1.needed }
        }
    }

    /// All objects, what is needed first. Depth-first with a stack of its own: chains may be as long as the plan.
    private static func topological(
        _ objects: [OrderedObject], _ edges: inout [[Edge]], from starts: [Int]
    ) throws(Diagnostic) -> [Int] {
        var isDone = [Bool](repeating: false, count: objects.count)
        var isOpen = isDone
        var found: [Int] = []
        for start in starts where !isDone[start] {
            var stack = [(node: start, next: 0)]
            isOpen[start] = true
            while let (node, next) = stack.last {
                guard next < edges[node].count else {
                    isOpen[node] = false
                    isDone[node] = true
                    found.append(node)
                    stack.removeLast()
                    continue
                }
                let needed = edges[node][next].needed
                if isOpen[needed] {
                    let loop = Array(stack.map(\.node).drop { $0 != needed })
                    guard loop.allSatisfy({ objects[$0].isDeletion }) else {
                        throw GraphCycle.diagnostic(loop, objects: objects, edges: edges)
                    }
                    edges[node].remove(at: next)
                    continue
                }
                stack[stack.count - 1].next += 1
                if !isDone[needed] {
                    isOpen[needed] = true
                    stack.append((needed, 0))
                }
            }
        }
        return found
    }

    /// Moves what is needed to the place of what needs it, as far as the need is strong enough.
    private static func places(_ objects: [OrderedObject], _ edges: [[Edge]], _ topological: [Int]) -> [ChangePlace] {
        var places = objects.map(\.place)
        for node in topological.reversed() {
            for edge in edges[node] where places[edge.needed] > places[node] {
                let needed = objects[edge.needed]
                guard edge.reason.isStated || edge.reason.isVital || (needed.isNew && !needed.isDeletion) else { continue }
                places[edge.needed] = places[node]
            }
        }
        return places
    }

    /// Within a place: the stage of the kind, where something needed moves whatever needs it behind itself. The second number
    /// counts the needs within a stage, so that sorting by both is a topological order.
    private struct Rank: Comparable {
        var stage: Int
        var depth: Int

        static func < (left: Rank, right: Rank) -> Bool { (left.stage, left.depth) < (right.stage, right.depth) }
    }

    private static func ranks(
        _ stages: [Int], _ edges: [[Edge]], _ topological: [Int], _ places: [ChangePlace]
    ) -> [Rank] {
        var ranks = stages.map { Rank(stage: $0, depth: 0) }
        for node in topological {
            for edge in edges[node] where places[edge.needed] == places[node] {
                let other = ranks[edge.needed]
                if other.stage > ranks[node].stage { ranks[node] = Rank(stage: other.stage, depth: 0) }
                if other.stage == ranks[node].stage { ranks[node].depth = max(ranks[node].depth, other.depth + 1) }
            }
        }
        return ranks
    }
}

/// Says how objects need each other in a circle.
enum GraphCycle {
    /// - Parameter loop: The objects of the circle, each needing the next and the last the first.
    static func diagnostic(_ loop: [Int], objects: [OrderedObject], edges: [[ChangeGraph.Edge]]) -> Diagnostic {
        let ids = (loop + loop.prefix(1)).map { index in
            objects[index].isDeletion ? "the deletion of \(objects[index].reference.id)" : objects[index].reference.id
        }
        let lines = loop.indices.map { place in
            let next = loop[(place + 1) % loop.count]
            let reason = edges[loop[place]].first { $0.needed == next }?.reason.text ?? "it refers to it"
            let source = objects[loop[place]].source.map { " (\($0))" } ?? ""
            return "\(ids[place]) needs \(ids[place + 1]): \(reason)\(source)"
        }
        return Diagnostic(
            "objects need each other in a circle: \(ids.joined(separator: " needs "))", at: loop.first.flatMap { objects[$0].source },
            advice: lines.joined(separator: "\n") + "\ntake one of these out")
    }
}
