/// A part of many environments: what one of several jobs works on.
package struct Shard: Hashable, Sendable {
    /// From 0.
    package var index: Int
    package var count: Int

    /// Reads `i/n`, counted from 1 as people and test runners do; `nil` for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int(parts[0]), let count = Int(parts[1]) else { return nil }
        self.init(index: number - 1, count: count)
    }

    package init?(index: Int, count: Int) {
        guard count >= 1, count <= 100_000, (0..<count).contains(index) else { return nil }
        self.index = index
        self.count = count
    }

    /// The shard of a job: of a Kubernetes Indexed Job, GitLab's `parallel`, CircleCI, Buildkite, Azure Pipelines, or of a
    /// matrix that sets `PLUMB_SHARD_INDEX` (from 0) and `PLUMB_SHARD_TOTAL`. `nil` when the variables say nothing.
    package init?(variables: [String: String]) {
        /// Each with the number of its first shard.
        let sources = [
            ("PLUMB_SHARD_INDEX", "PLUMB_SHARD_TOTAL", 0), ("JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", 0),
            ("CI_NODE_INDEX", "CI_NODE_TOTAL", 1), ("CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", 0),
            ("BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", 0),
            ("SYSTEM_JOBPOSITIONINPHASE", "SYSTEM_TOTALJOBSINPHASE", 1),
        ]
        for (index, count, first) in sources {
            guard let index = variables[index].flatMap(Int.init), let count = variables[count].flatMap(Int.init) else { continue }
            self.init(index: index - first, count: count)
            return
        }
        return nil
    }

    /// The environments of this shard. Which one an environment belongs to depends on its name alone, and environments
    /// that depend on each other stay together, so that their order holds: they go where the first of them goes by name.
    package func environments(_ all: [EnvironmentConfiguration]) -> [EnvironmentConfiguration] {
        let leaders = Self.leaders(all)
        return all.filter { Self.hash(leaders[$0.name] ?? $0.name) % UInt64(count) == UInt64(index) }
    }

    /// For each environment the first by name of those that it is tied to.
    private static func leaders(_ all: [EnvironmentConfiguration]) -> [String: String] {
        var parent: [String: String] = [:]
        func root(_ name: String) -> String {
            var name = name
            while let next = parent[name], next != name { name = next }
            return name
        }
        for environment in all {
            for dependency in environment.dependsOn {
                let (left, right) = (root(environment.name), root(dependency))
                if left != right { parent[max(left, right)] = min(left, right) }
            }
        }
        return Dictionary(all.map { ($0.name, root($0.name)) }) { first, _ in first }
    }

    /// FNV-1a with a final mix (MurmurHash3's): the same on every machine and in every version, and even for short names.
    package static func hash(_ name: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash ^= hash >> 33
        hash = hash &* 0xff51_afd7_ed55_8ccd
        hash ^= hash >> 33
        return hash
    }
}
