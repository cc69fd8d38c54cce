import Manifests
import Testing

/// A server that has more than it can do.
@Suite(.disabled(if: TestCluster.isReal, "needs the sandbox's faults"))
struct ThrottleTests {
    @Test(arguments: ["429 x40 retry-after=1", "503 x20 retry-after=1", "429 x10 p=0.3"])
    func everyObjectIsMadeOnceTheServerTakesThem(fault: String) async throws {
        try await TestRepository.with { repository in
            let names = (0..<60).map { "item-\($0)" }
            try repository.manifest("all.yaml", names.map { Samples.configMap($0) }.joined(separator: "---\n"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            try await repository.cluster.addFault("PATCH /api/v1/namespaces/\(repository.namespace)/configmaps/item.*: \(fault)")
            let applied = try await repository.expect(0, "apply", "a.plan", "--verbose")
            #expect(applied.error.contains("60 succeeded"), "\(applied)")
            #expect(applied.error.contains("; try 2 in"), "it was turned away at first: \(applied)")
            for record in try repository.log() where record["type"]?.string == "change-finished" {
                #expect(record["httpStatus"]?.int == 201)
            }
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
        }
    }

    @Test func failFastStartsNothingMore() async throws {
        try await TestRepository.with(hasNamespace: false) { repository in
            // Not refused before the apply: its namespace is not there yet.
            try repository.manifest("namespace.yaml", Samples.namespace(repository.namespace))
            try repository.manifest("a-bad.yaml", Samples.service("a-bad", port: 70000))
            for name in ["w", "x", "z"] { try repository.manifest("\(name).yaml", Samples.service(name)) }
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let failed = try await repository.expect(5, "apply", "a.plan", "--fail-fast", "--parallelism", "1")
            #expect(failed.error.contains("must be between 1 and 65535"), "\(failed)")
            #expect(failed.error.contains("skipped    Service/\(repository.namespace)/z"), "\(failed)")
            #expect(try await repository.cluster.get("/api/v1/namespaces/\(repository.namespace)/services/z") == nil)
        }
    }
}
