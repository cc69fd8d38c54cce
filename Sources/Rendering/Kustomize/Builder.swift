import Manifests

/// Builds the kustomizations of a graph from the bases up, those that do not depend on each other side by side.
struct Builder {
    /// A kustomization to build. With origins to note, the same base is another one on each way to it.
    private struct Node: Hashable {
        var key: KustomizationGraph.Key
        var origin: Origin?
    }

    private let graph: KustomizationGraph
    private let schema: MergeSchema
    private let sharing: KustomizeSharing?
    private var levels: [Node: Int] = [:]
    private var order: [[Node]] = []
    private(set) var warnings: [Diagnostic] = []
    private static let parallelMax = 8
    /// How many kustomizations a build may have, counted once for each way when origins are noted.
    private static let nodesMax = 200_000

    /// - Parameter sharing: Bases that other builds may have built, with the same schema.
    init(graph: KustomizationGraph, schema: MergeSchema, sharing: KustomizeSharing? = nil) {
        self.sharing = sharing
        self.graph = graph
        self.schema = schema
    }

    mutating func build() async throws -> Accumulator {
        let root = try graph.folder(graph.root)
        let origin = root.file.buildMetadata.isEmpty ? nil : Origin()
        let top = Node(key: graph.root, origin: origin)
        var warned: Set<KustomizationGraph.Key> = []
        try level(of: top, &warned)
        var built: [BuiltKey: Accumulator] = [:]
        for nodes in order {
            let (graph, schema, known, sharing) = (self.graph, self.schema, built, self.sharing)
            let work: @Sendable (BuiltKey) async throws -> Accumulator = { node in
                let steps = KustomizationSteps(graph: graph, schema: schema, built: known)
                guard let sharing, node.key.tree == 0, node.origin == nil, node.key != graph.root else {
                    return try steps.build(node.key, origin: node.origin)
                }
                return try await sharing.base(node.key.path) { try steps.build(node.key, origin: nil) }
            }
            let keys = nodes.map { BuiltKey(key: $0.key, origin: $0.origin) }
            let results = keys.count == 1 ? [try await work(keys[0])] : try await BoundedTasks.map(keys, limit: Self.parallelMax, work)
            for (key, result) in zip(keys, results) { built[key] = result }
        }
        return built[BuiltKey(key: top.key, origin: top.origin)] ?? Accumulator()
    }

    /// How many levels of bases are below a kustomization; notes the order to build in.
    @discardableResult
    private mutating func level(of node: Node, _ warned: inout Set<KustomizationGraph.Key>) throws -> Int {
        if let known = levels[node] { return known }
        guard levels.count < Self.nodesMax else { throw Diagnostic("the build has more than \(Self.nodesMax) kustomizations") }
        let level = try levelBelow(node.key, node.origin, &warned)
        levels[node] = level
        while order.count <= level { order.append([]) }
        order[level].append(node)
        return level
    }

    private mutating func levelBelow(
        _ key: KustomizationGraph.Key, _ origin: Origin?, _ warned: inout Set<KustomizationGraph.Key>
    ) throws -> Int {
        guard case .success(let folder)? = graph.folders[key] else { return 0 }
        if warned.insert(key).inserted { warnings += folder.file.warnings }
        var level = 0
        for (texts, entries) in [
            (folder.file.resources, folder.resources), (folder.file.generators, folder.generators),
            (folder.file.transformers, folder.transformers), (folder.file.validators, folder.validators),
        ] {
            for (text, entry) in zip(texts, entries) {
                guard case .folder(let child) = entry else { continue }
                let below = try self.level(of: Node(key: child, origin: origin?.appending(text.text)), &warned)
                level = max(level, below + 1)
            }
        }
        // A component is built as a part of what uses it; what it is made of is not.
        for (text, entry) in zip(folder.file.components, folder.components) {
            guard case .folder(let child) = entry else { continue }
            level = max(level, try levelBelow(child, origin?.appending(text.text), &warned))
        }
        return level
    }
}

/// The key of a built kustomization.
struct BuiltKey: Hashable, Sendable {
    var key: KustomizationGraph.Key
    var origin: Origin?
}
