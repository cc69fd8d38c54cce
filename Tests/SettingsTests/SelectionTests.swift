import Manifests
import Settings
import Testing

@Suite struct SelectionTests {
    private func environments(_ count: Int) -> [EnvironmentConfiguration] {
        (0..<count).map { EnvironmentConfiguration(name: "environment-\($0)", path: "environments/\($0)") }
    }

    private func select(_ words: [String], all: Bool = false) throws -> [String] {
        let configuration = Configuration(
            environments: ["eu", "us", "us-lab", "dev"].map { EnvironmentConfiguration(name: $0, path: "environments/\($0)") })
        let lookup = EnvironmentLookup(configuration: configuration, tree: MemoryFileTree([:]))
        return try EnvironmentSelection.environments(words, all: all, lookup: lookup).map(\.name)
    }

    @Test func namesGlobsAndAll() throws {
        #expect(try select(["dev", "eu", "dev"]) == ["dev", "eu"], "as they were typed")
        #expect(try select([], all: true) == ["eu", "us", "us-lab", "dev"])
        #expect(try select(["us*"]) == ["us", "us-lab"])
        #expect(try select(["us*", "!*-lab", "eu"]) == ["eu", "us"])
        #expect(try select(["!dev"]) == ["eu", "us", "us-lab"])
        #expect(try select(["!us*"], all: true) == ["eu", "dev"])
        #expect(try select(["environments/d*"]) == ["dev"])
        #expect(throws: Diagnostic.self) { try select(["x*"]) }
        #expect(throws: Diagnostic.self) { try select(["ue"]) }
        #expect(throws: Diagnostic.self) { try select(["eu", "!eu"]) }
    }

    @Test func shardsCoverEverythingOnce() throws {
        let all = environments(1000)
        for count in [1, 2, 3, 7, 50] {
            let shards = try (0..<count).map { try #require(Shard(index: $0, count: count)).environments(all).map(\.name) }
            #expect(shards.flatMap { $0 }.sorted() == all.map(\.name).sorted())
            // Even within the limits of chance: no shard has more than twice its share and some.
            #expect(shards.allSatisfy { $0.count <= 2 * 1000 / count + 10 }, "\(shards.map(\.count))")
        }
    }

    @Test func aShardIsToldByTheNameAlone() throws {
        let all = environments(100)
        let shard = try #require(Shard("2/5"))
        let some = shard.environments(Array(all.reversed().prefix(60)))
        #expect(Set(some.map(\.name)).isSubset(of: Set(shard.environments(all).map(\.name))), "others do not move it")
        // So that no release moves environments between jobs.
        #expect(["production", "staging", "development"].map { Shard.hash($0) % 5 } == SelectionTests.known)
    }

    static let known: [UInt64] = [1, 2, 0]

    @Test func whatDependsOnEachOtherStaysTogether() throws {
        var all = environments(60)
        for index in stride(from: 2, to: 60, by: 3) { all[index].dependsOn = [all[index - 1].name, all[index - 2].name] }
        for index in 0..<4 {
            let names = Set(try #require(Shard(index: index, count: 4)).environments(all).map(\.name))
            for environment in all where names.contains(environment.name) {
                #expect(names.isSuperset(of: environment.dependsOn))
            }
        }
    }

    @Test func readsShards() {
        #expect(Shard("1/3") == Shard(index: 0, count: 3))
        for text in ["0/3", "4/3", "1", "1/0", "a/b", "1/2/3", "", "-1/3", "1/999999999999"] { #expect(Shard(text) == nil, "\(text)") }
        #expect(Shard(variables: ["JOB_COMPLETION_INDEX": "2", "JOB_COMPLETIONS": "4"]) == Shard(index: 2, count: 4))
        #expect(Shard(variables: ["CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "4"]) == Shard(index: 0, count: 4))
        #expect(Shard(variables: ["BUILDKITE_PARALLEL_JOB": "0", "BUILDKITE_PARALLEL_JOB_COUNT": "2"]) == Shard(index: 0, count: 2))
        #expect(Shard(variables: ["JOB_COMPLETION_INDEX": "2"]) == nil)
        #expect(Shard(variables: [:]) == nil)
    }
}
