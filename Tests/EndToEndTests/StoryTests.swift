import Manifests
import Testing

/// The demo's story, on any server.
@Suite struct StoryTests {
    @Test func planShowApplyDriftPruneRollBack() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("settings.yaml", Samples.configMap("settings"))
            try repository.manifest("extra.yaml", Samples.configMap("extra"))
            try repository.manifest("nested/secret.yml", Samples.secret("database", "open-sesame"))
            let first = try await repository.commit("first")

            let plan = try await repository.expect(0, "plan", "production", "--out", "first.plan")
            #expect(plan.output.contains("3 to create, 0 to update, 0 to replace, 0 to delete"), "\(plan)")
            let shown = try await repository.expect(0, "show", "first.plan")
            #expect(shown.output == plan.output)
            let json = try await repository.expect(0, "show", "first.plan", "--format", "json")
            #expect(json.output == (try repository.text("first.plan")))
            #expect(try await repository.setting("settings", "color") == nil, "a plan changes nothing")

            try await repository.expect(0, "apply", "first.plan")
            #expect(try await repository.setting("settings", "color") == "red")
            let empty = try await repository.expect(0, "plan", "production", "--detailed-exitcode")
            #expect(empty.output.contains("No changes."))

            try await repository.cluster.edit(repository.configMap("settings"), #"{"data":{"color":"blue","other":"kept"}}"#)
            let drift = try await repository.expect(2, "plan", "production", "--detailed-exitcode", "--out", "drift.plan")
            #expect(drift.output.contains(#""blue" -> "red"  [drift by kubectl-edit at "#), "\(drift)")
            try await checkDrift(repository.json("drift.plan"))
            try await repository.expect(0, "apply", "drift.plan")
            #expect(try await repository.setting("settings", "color") == "red")
            #expect(try await repository.setting("settings", "other") == "kept", "fields that Git does not name are left alone")

            try repository.remove("environments/production/extra.yaml")
            try repository.manifest("settings.yaml", Samples.configMap("settings", "color", "green"))
            let second = try await repository.commit("second")
            try await repository.deploy()
            #expect(try await repository.cluster.get(repository.configMap("extra")) == nil)
            #expect(try await repository.setting("settings", "color") == "green")

            try await rollBack(repository, to: first)
            try await checkRecords(repository, first: first, second: second)
        }
    }

    private func checkDrift(_ plan: Value) async throws {
        let change = try #require(plan["changes"]?.array?.first { $0["action"]?.string == "update" })
        #expect(change["causes"]?.array?.compactMap(\.string) == ["drift"])
        let difference = try #require(change["diff"]?.array?.first)
        #expect(difference["path"]?.string == "/data/color")
        #expect(difference["before"]?.string == "blue")
        #expect(difference["after"]?.string == "red")
        #expect(difference["manager"]?.string == "kubectl-edit")
        #expect(difference["time"]?.string?.isEmpty == false)
    }

    private func rollBack(_ repository: TestRepository, to commit: String) async throws {
        let back = try await repository.expect(0, "plan", "production", "--ref", String(commit.prefix(10)), "--out", "back.plan")
        #expect(back.output.contains("This is a rollback"))
        #expect(try repository.json("back.plan")["isRollback"]?.bool == true)
        let refused = try await repository.expect(4, "apply", "back.plan")
        #expect(refused.error.contains("--allow-rollback"), "\(refused)")
        #expect(try await repository.setting("settings", "color") == "green", "a refused plan changes nothing")
        try await repository.expect(0, "apply", "back.plan", "--allow-rollback")
        #expect(try await repository.setting("settings", "color") == "red")
        #expect(try await repository.setting("extra", "color") == "red")
    }

    private func checkRecords(_ repository: TestRepository, first: String, second: String) async throws {
        let history = try await repository.expect(0, "history", "production", "--json")
        let applies = try #require(JSONParser.parse(history.output.utf8)["applies"]?.array)
        #expect(applies.compactMap { $0["commit"]?.string } == [first, first, second, first])
        #expect(applies.allSatisfy { $0["result"]?.string == "succeeded" })
        let verified = try await repository.expect(0, "audit", "verify", "plumb-audit.jsonl")
        #expect(verified.output.contains("intact"))
        let shown = try await repository.expect(0, "audit", "show", "plumb-audit.jsonl")
        #expect(shown.output.contains("ConfigMap/\(repository.namespace)/settings update succeeded"))
        let log = try repository.text("plumb-audit.jsonl")
        try repository.write("plumb-audit.jsonl", log.replacingOccurrences("settings", "sittings"))
        try await repository.expect(1, "audit", "verify", "plumb-audit.jsonl")
    }

    @Test(.disabled(if: TestCluster.isReal, "a real server without nodes never makes a deployment ready"))
    func waitsUntilADeploymentIsReady() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("web.yaml", Samples.deployment("web"))
            try await repository.commit()
            try await repository.deploy()
            let live = try #require(
                await repository.cluster.get("/apis/apps/v1/namespaces/\(repository.namespace)/deployments/web"))
            #expect(live.at("status", "readyReplicas")?.int == 2, "apply ends when the deployment is ready, not before")
        }
    }

    @Test func aDeploymentThatIsNeverReadyFailsInTime() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("web.yaml", Samples.deployment("web") + "  minReadySeconds: 300\n")
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            if TestCluster.isReal {
                let result = try await repository.expect(5, "apply", "a.plan", "--timeout", "2s")
                #expect(result.error.contains("apps/Deployment/\(repository.namespace)/web: not ready within 2s"), "\(result)")
            } else {
                try await repository.expect(0, "apply", "a.plan", "--no-wait")
            }
        }
    }
}

extension String {
    /// All occurrences replaced, without Foundation's overloads.
    func replacingOccurrences(_ old: String, _ new: String) -> String { replacing(old, with: new) }
}
