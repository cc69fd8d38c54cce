import Foundation
import Testing

@Suite struct RollbackTests {
    /// A repository whose environment `a` had its color applied at several commits.
    private func withApplied(_ colors: [String], _ body: (TestRepository, [String]) async throws -> Void) async throws {
        try await TestRepository.with { repository in
            try repository.fleet([("a", "syncPolicy: {automated: {}}")])
            var commits: [String] = []
            for color in colors {
                try repository.desire("a", color)
                commits.append(try await repository.commit())
                try await repository.expect(0, "run", "a")
            }
            try await body(repository, commits)
        }
    }

    @Test func goesBackByStepsAndByName() async throws {
        try await withApplied(["red", "green", "blue"]) { repository, commits in
            let plan = try await repository.expect(0, "rollback", "a", "--out", "back.plan")
            #expect(plan.error.contains("Going back to \(commits[1].prefix(12))"), "\(plan)")
            #expect(try await repository.color("a") == "blue", "a plan, never more")
            let refused = try await repository.expect(4, "apply", "back.plan")
            #expect(refused.error.contains("--allow-rollback"), "\(refused)")
            try await repository.expect(0, "apply", "back.plan", "--allow-rollback")
            #expect(try await repository.color("a") == "green")
            // From there the next step is further back, and not to what was just left.
            try await repository.expect(0, "rollback", "a", "--out", "back.plan")
            try await repository.expect(0, "apply", "back.plan", "--allow-rollback")
            #expect(try await repository.color("a") == "red")
            let end = try await repository.expect(1, "rollback", "a")
            #expect(end.error.contains("no earlier commit"), "\(end)")
            try await repository.expect(0, "run", "a")
            #expect(try await repository.color("a") == "blue")
        }
    }

    @Test func goesBackSeveralStepsAndToARevision() async throws {
        try await withApplied(["red", "green", "blue"]) { repository, commits in
            let two = try await repository.expect(0, "rollback", "a", "--steps", "2", "--out", "two.plan")
            #expect(two.error.contains("Going back to \(commits[0].prefix(12))"), "\(two)")
            try await repository.expect(1, "rollback", "a", "--steps", "3")
            try await repository.git("tag", "v1", commits[0])
            try await repository.expect(0, "rollback", "a", "--to", "v1", "--out", "named.plan")
            try await repository.expect(0, "apply", "named.plan", "--allow-rollback")
            #expect(try await repository.color("a") == "red")
            try await repository.git("commit", "--quiet", "--allow-empty", "--message", "never applied")
            let unknown = try await repository.expect(0, "rollback", "a", "--to", "HEAD")
            #expect(unknown.error.contains("was never applied"), "\(unknown)")
            try await repository.expect(64, "rollback", "a", "--to", "v1", "--steps", "1")
        }
    }

    @Test func approvalsHoldForTheWayBackToo() async throws {
        try await withApplied(["red", "green"]) { repository, _ in
            try repository.fleet([("a", "approvals: {required: 1}")])
            try await repository.commit()
            try await repository.expect(0, "rollback", "a", "--out", "back.plan")
            let refused = try await repository.expect(4, "apply", "back.plan", "--allow-rollback")
            #expect(refused.error.contains("allowed signers"), "\(refused)")
            #expect(try await repository.color("a") == "green")
        }
    }

    /// The commit before the one whose apply failed half way, although that one is the last that the target knows of.
    @Test(.disabled(if: TestCluster.isReal, "faults on demand are the sandbox's")) func goesBackOverAnApplyThatFailedHalfWay() async throws
    {
        try await withApplied(["red", "green"]) { repository, commits in
            try repository.desire("a", "blue")
            try repository.write("environments/a/second.yaml", Samples.configMap("a-second"))
            let broken = try await repository.commit()
            let path = "/api/v1/namespaces/\(repository.namespace)/configmaps/a-second"
            try await repository.cluster.addFault(#"PATCH \#(path)\?(?!.*dryRun).*: 403 x1"#)
            try await repository.expect(5, "run", "a")
            #expect(try await repository.color("a") == "blue", "it failed half way")
            // An older pipeline that comes late goes back behind the newer one, although that one failed.
            try await repository.expect(4, "run", "a", "--ref", commits[1])
            let plan = try await repository.expect(0, "rollback", "a", "--out", "back.plan")
            #expect(plan.error.contains("Going back to \(commits[1].prefix(12))"), "\(plan)")
            try await repository.expect(0, "apply", "back.plan", "--allow-rollback", "--max-deletes", "1")
            #expect(try await repository.color("a") == "green")
            #expect(try await repository.setting("a-second", "color") == nil)
            let history = try await repository.expect(0, "history", "a")
            #expect(history.output.contains(String(broken.prefix(12))) && history.output.contains("failed"), "\(history)")
            // And from there to the one before.
            let next = try await repository.expect(0, "rollback", "a")
            #expect(next.error.contains("Going back to \(commits[0].prefix(12))"), "\(next)")
        }
    }
}
