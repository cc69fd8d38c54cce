import Manifests
import Testing

/// How live objects are read: as few requests as do, within the rights there are.
@Suite struct ObservationTests {
    /// Twenty ConfigMaps and a Secret, applied.
    private func withApplied(_ body: (TestRepository) async throws -> Void) async throws {
        try await TestRepository.with { repository in
            for index in 0..<20 { try repository.manifest("c\(index).yaml", Samples.configMap("c\(index)")) }
            try repository.manifest("s.yaml", Samples.secret("s", "hunter2"))
            try await repository.commit()
            try await repository.deploy()
            try await body(repository)
        }
    }

    private func statistics(_ repository: TestRepository) throws -> Value { try repository.json("a.plan")["statistics"] ?? .null }

    @Test func whatIsDenseIsListedAndTheRestIsFetched() async throws {
        try await withApplied { repository in
            let plan = try await repository.expect(0, "plan", "production", "--out", "a.plan", "--verbose")
            #expect(try statistics(repository) == ["list": 1, "get": 1, "dryRun": 0], "\(plan)")
            #expect(plan.error.contains("1 list"), "\(plan)")
        }
    }

    @Test(.disabled(if: TestCluster.isReal, "needs the sandbox's faults"))
    func withoutTheRightToListEachIsFetched() async throws {
        try await withApplied { repository in
            try await repository.cluster.addFault("GET /api/v1/namespaces/\(repository.namespace)/configmaps\\?.*: 403")
            try await repository.expect(0, "plan", "production", "--detailed-exitcode", "--out", "a.plan")
            #expect(try statistics(repository)["get"] == 21)
        }
    }

    @Test(.disabled(if: TestCluster.isReal, "needs the sandbox's faults"))
    func whatMayNotBeSeenIsNamedOnce() async throws {
        try await withApplied { repository in
            try await repository.cluster.addFault(
                "GET /api/v1/namespaces/\(repository.namespace)/(configmaps\\?.*|configmaps/c.*|secrets/.*): 403")
            let refused = try await repository.expect(1, "plan", "production")
            #expect(
                refused.error.contains("ConfigMap/\(repository.namespace)/c0: the target does not let us see it and 19 more"), "\(refused)")
            #expect(refused.error.contains("Secret/\(repository.namespace)/s: the target does not let us see it:"), "\(refused)")
        }
    }
}
