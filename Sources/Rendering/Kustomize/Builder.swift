import Manifests

/// Builds the kustomizations of a graph from the bases up, those that do not depend on each other side by side.
struct Builder {
    /// A kustomization to build. With origins to note, the same base is another one on each way to it.
    private struct Node: Hashable {
        var key: KustomizationGraph.Key
        var origin: Origin?
    }

    private var graph: KustomizationGraph
    private let schema: MergeSchema
    private let sharing: KustomizeSharing?
    private let restrictor: KustomizeOptions.LoadRestrictor
    private var levels: [Node: Int] = [:]
    private var order: [[Node]] = []
    /// How often each base is used.
    private var uses: [Node: Int] = [:]
    private(set) var warnings: [Diagnostic] = []
    /// How many kustomizations a build may have, counted once for each way when origins are noted.
    private static let nodesMax = 200_000

    /// - Parameter sharing: Bases that other builds may have built, with the same schema.
    init(graph: consuming KustomizationGraph, schema: MergeSchema, sharing: KustomizeSharing? = nil) {
        self.sharing = sharing
        restrictor = graph.options.loadRestrictor
        self.graph = graph
        self.schema = schema
    }

    mutating func build() async throws -> Accumulator {
        let top = Node(key: graph.root, origin: try graph.folder(graph.root).file.buildMetadata.isEmpty ? nil : Origin())
        var warned: Set<KustomizationGraph.Key> = []
        try level(of: top, &warned)
        var remaining: [KustomizationGraph.Key: Int] = [:]
        for node in order.joined() { remaining[node.key, default: 0] += 1 }
        let bases = BuiltBases()
        for nodes in order {
            let jobs = nodes.map { node in
                remaining[node.key, default: 1] -= 1
                return Job(node: node, folder: Handover(graph.hand(node.key, isLast: remaining[node.key] == 0)))
            }
            try await run(jobs, bases)
        }
        return bases.take(BuiltKey(key: top.key, origin: top.origin)) ?? Accumulator()
    }

    private struct Job: Sendable {
        var node: Node
        var folder: Handover<Result<KustomizationGraph.Folder, Diagnostic>>
    }

    /// Builds what depends on nothing but the bases that are built.
    private func run(_ jobs: [Job], _ bases: BuiltBases) async throws {
        let steps = KustomizationSteps(graph: graph, schema: schema, bases: bases)
        let (sharing, restrictor, root) = (sharing, restrictor, graph.root)
        let work: @Sendable (Job) async throws -> Accumulator = { job in
            let build: @Sendable () throws -> Accumulator = {
                guard let folder = job.folder.take() else { throw Diagnostic("the folder '\(job.node.key.path)' was not read") }
                return try steps.build(folder.get(), origin: job.node.origin)
            }
            guard let sharing, job.node.key.tree == 0, job.node.origin == nil, job.node.key != root else { return try build() }
            return try await sharing.base(job.node.key.path, restrictor, build)
        }
        let results = jobs.count == 1 ? [try await work(jobs[0])] : try await BoundedTasks.map(jobs, limit: BoundedTasks.processors, work)
        for (job, result) in zip(jobs, results) {
            bases.add(result, BuiltKey(key: job.node.key, origin: job.node.origin), uses: uses[job.node] ?? 1)
        }
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
                let node = Node(key: child, origin: origin?.appending(text.text))
                uses[node, default: 0] += 1
                let below = try self.level(of: node, &warned)
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
