internal import Git
internal import Manifests
internal import Settings

/// The environments that one command works on.
struct Fleet: Sendable {
    let pool: SourcePool
    let environments: [EnvironmentConfiguration]
    /// Those that were asked for and render to the same as before.
    let unchanged: [String]

    static func open(_ arguments: FleetArguments, options: GlobalOptions, context: ProcessContext) async throws -> Fleet {
        let shard = try arguments.part(context.variables)
        let pool = try await SourcePool.open(options, context: context)
        var chosen = try EnvironmentSelection.environments(arguments.environments, all: arguments.all, lookup: pool.main.lookup)
        if let shard {
            // Over all that there are, so that a dependency that was not asked for ties environments together all the same.
            let all =
                arguments.all
                ? chosen : chosen + (try pool.main.lookup.all()).filter { known in !chosen.contains { $0.name == known.name } }
            let own = Set(shard.environments(all).map(\.name))
            chosen = chosen.filter { own.contains($0.name) }
            context.console.detail("shard \(shard.index + 1)/\(shard.count): \(chosen.map(\.name).joined(separator: ", "))")
        }
        var unchanged: [String] = []
        if let revision = arguments.changedSince {
            let finder = try await ChangedEnvironments.open(since: revision, pool: pool, options: options, context: context)
            let changed = try await finder.changed(chosen, limit: arguments.concurrency)
            unchanged = chosen.map(\.name).filter { !changed.contains($0) }
            chosen = chosen.filter { changed.contains($0.name) }
            let noun = chosen.count == 1 ? "environment renders" : "environments render"
            context.console.info(
                "\(chosen.count) of \(chosen.count + unchanged.count) \(noun) otherwise than at \(revision)"
                    + (chosen.isEmpty ? "" : ": \(chosen.prefix(20).map(\.name).joined(separator: ", "))\(chosen.count > 20 ? " …" : "")"))
        }
        return Fleet(pool: pool, environments: EnvironmentOrder.sorted(chosen), unchanged: unchanged)
    }
}

/// The order in which environments depend on each other.
enum EnvironmentOrder {
    /// Each behind those that it depends on, else as they came. Circles are refused when the configuration is read.
    static func sorted(_ environments: [EnvironmentConfiguration]) -> [EnvironmentConfiguration] {
        var rest = environments
        var sorted: [EnvironmentConfiguration] = []
        while !rest.isEmpty {
            let waiting = Set(rest.map(\.name))
            let index = rest.firstIndex { $0.dependsOn.allSatisfy { !waiting.contains($0) } } ?? 0
            sorted.append(rest.remove(at: index))
        }
        return sorted
    }

    /// Works on every environment once those that it depends on are through, so many at a time. The results are in order.
    /// - Parameter work: is given the results of the environments that this one depends on.
    static func run(
        _ environments: [EnvironmentConfiguration], limit: Int,
        _ work: @escaping @Sendable (EnvironmentConfiguration, [FleetResult]) async -> FleetResult
    ) async -> [FleetResult] {
        let names = Set(environments.map(\.name))
        return await withTaskGroup(of: FleetResult.self) { group in
            var results: [String: FleetResult] = [:]
            var waiting = environments
            var running = 0
            func start() {
                while running < limit {
                    let ready = waiting.firstIndex { $0.dependsOn.allSatisfy { !names.contains($0) || results[$0] != nil } }
                    guard let ready else { return }
                    let environment = waiting.remove(at: ready)
                    let before = environment.dependsOn.compactMap { results[$0] }
                    running += 1
                    group.addTask { await work(environment, before) }
                }
            }
            start()
            while let result = await group.next() {
                running -= 1
                results[result.environment] = result
                start()
            }
            return environments.compactMap { results[$0.name] }
        }
    }
}
