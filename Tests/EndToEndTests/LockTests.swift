import Foundation
import Manifests
import Testing

/// One writer at a time, and how people free what a dead one left.
@Suite struct LockTests {
    private static let isFull = ProcessInfo.processInfo.environment["PLUMB_KILL_ALL"] != nil

    @Test(arguments: ["", "inventory: {file: ../inventory.json}"]) func ofTwoRunsAtOnceExactlyOneWrites(configuration: String) async throws
    {
        try await TestRepository.with { repository in
            try repository.configure(configuration)
            var counts: [String: Int] = [:]
            for round in 0..<(Self.isFull ? 50 : 4) {
                for index in 0..<4 { try repository.manifest("c\(index).yaml", Samples.configMap("c\(index)", "color", "\(round)")) }
                try await repository.commit()
                try await repository.expect(0, "plan", "production", "--out", "a.plan")
                async let first = repository.plumb("apply", "a.plan", "--audit-log", "../one-\(round).jsonl")
                async let second = repository.plumb("apply", "a.plan", "--audit-log", "../two-\(round).jsonl")
                let codes = [try await first.code, try await second.code].sorted()
                #expect(codes == [0, 3] || codes == [0, 6], "round \(round): \(codes)")
                let writers = try ["one", "two"].filter { try repository.text("../\($0)-\(round).jsonl").contains("change-started") }
                #expect(writers.count == 1, "round \(round): \(writers)")
                counts["\(codes)", default: 0] += 1
                for index in 0..<4 { #expect(try await repository.setting("c\(index)", "color") == "\(round)") }
            }
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
            print("two runs at once: \(counts.sorted { $0.key < $1.key }.map { "\($0.value) times \($0.key)" }.joined(separator: ", "))")
        }
    }

    private func lease(_ repository: TestRepository, renewed: String) async throws -> String {
        let path = "/apis/coordination.k8s.io/v1/namespaces/\(repository.namespace)/leases"
        try await repository.cluster.create(
            path,
            """
            {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"plumb-lock-production",
            "annotations":{"plumb.dev/actor":"grace","plumb.dev/host":"ci-7"}},"spec":{"holderIdentity":"run-of-grace",
            "leaseDurationSeconds":30,"acquireTime":"2026-01-31T09:05:00.000000Z","renewTime":"\(renewed)"}}
            """)
        return "\(path)/plumb-lock-production"
    }

    @Test func aLockOfTheLivingIsFreedByForceAlone() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            let free = try await repository.expect(0, "unlock", "production")
            #expect(free.error.contains("not locked"), "\(free)")
            let path = try await lease(repository, renewed: "2100-01-01T00:00:00.000000Z")
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let locked = try await repository.expect(6, "apply", "a.plan")
            for word in ["run-of-grace", "grace on ci-7", "2026-01-31T09:05:00", "plumb unlock production"] {
                #expect(locked.error.contains(word), "\(locked)")
            }
            let living = try await repository.expect(1, "unlock", "production", "--yes")
            #expect(living.output.contains("run-of-grace") && living.error.contains("--force"), "\(living)")
            let asked = try await repository.expect(1, "unlock", "production", "--force")
            #expect(asked.error.contains("--yes"), "\(asked)")
            #expect(try await repository.cluster.get(path) != nil)
            try await repository.expect(0, "unlock", "production", "--force", "--yes")
            #expect(try await repository.cluster.get(path) == nil)
            let log = try await repository.expect(0, "audit", "show", "plumb-audit.jsonl")
            #expect(log.output.contains("unlock production, held by run run-of-grace"), "\(log)")
            try await repository.expect(0, "apply", "a.plan")
        }
    }

    @Test func aLockThatExpiredIsFreedOrTakenOver() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            let path = try await lease(repository, renewed: "2020-01-01T00:00:00.000000Z")
            let shown = try await repository.expect(0, "unlock", "production", "--yes", "--json")
            #expect(try JSONParser.parse(Array(shown.output.utf8))["isExpired"] == .bool(true), "\(shown)")
            #expect(try await repository.cluster.get(path) == nil)
        }
    }

    @Test func aRunWaitsForTheLock() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let path = try await lease(repository, renewed: "2100-01-01T00:00:00.000000Z")
            async let applying = repository.plumb("apply", "a.plan", "--lock-timeout", "60s")
            try await repository.waitUntilLockWasTried()
            try await repository.cluster.delete(path)
            let applied = try await applying
            #expect(applied.code == 0 && applied.error.contains("grace on ci-7"), "\(applied)")
            _ = try await lease(repository, renewed: "2100-01-01T00:00:00.000000Z")
            let given = try await repository.expect(6, "apply", "a.plan", "--lock-timeout", "0s")
            #expect(given.error.contains("locked by run"), "\(given)")
        }
    }

    @Test func aRunThatWaitedSeesWhatHappenedMeanwhile() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a", "color", "red"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let path = try await lease(repository, renewed: "2100-01-01T00:00:00.000000Z")
            async let applying = repository.plumb("apply", "a.plan", "--lock-timeout", "60s")
            try await repository.waitUntilLockWasTried()
            // It has read by now what stood there before.
            try await repository.cluster.create(
                "/api/v1/namespaces/\(repository.namespace)/configmaps", #"{"metadata":{"name":"a"},"data":{"color":"blue"}}"#)
            try await repository.cluster.delete(path)
            let refused = try await applying
            #expect(refused.code == 3 && refused.error.contains("ConfigMap/\(repository.namespace)/a"), "\(refused)")
            #expect(try await repository.setting("a", "color") == "blue")
        }
    }
}

extension TestRepository {
    /// Returns when a run has tried to take the lock that is there.
    fileprivate func waitUntilLockWasTried() async throws {
        let path = "/apis/coordination.k8s.io/v1/namespaces/\(namespace)/leases"
        for _ in 0..<300 {
            try await Task.sleep(for: .milliseconds(100))
            if TestCluster.isReal {
                try await Task.sleep(for: .seconds(10))
                return
            }
            let requests = try await cluster.request("GET", "/_sandbox/requests").answer["requests"]?.array ?? []
            // The first made the lock.
            if requests.contains(where: { $0["path"]?.string == path && $0["method"]?.string == "POST" && ($0["count"]?.int ?? 0) > 1 }) {
                return
            }
        }
        throw TestFailure("no run tried to take the lock")
    }
}
