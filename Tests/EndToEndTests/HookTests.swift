import Manifests
import Testing

/// Hooks: objects that are run at each apply that has changes. The sandbox plays the jobs' pods.
@Suite(.disabled(if: TestCluster.isReal, "needs jobs that end"))
struct HookTests {
    private static func job(_ name: String, _ annotations: [String: String], generates: Bool = false) -> String {
        let lines = annotations.sorted { $0.key < $1.key }.map { "    \($0.key): \"\($0.value)\"\n" }.joined()
        return """
            apiVersion: batch/v1
            kind: Job
            metadata:
              \(generates ? "generateName" : "name"): \(name)
              annotations:
            \(lines)spec:
              backoffLimit: 0
              template:
                spec:
                  restartPolicy: Never
                  containers: [{name: run, image: "busybox:1"}]

            """
    }

    private static func hook(_ phase: String, policy: String? = nil, _ more: [String: String] = [:]) -> [String: String] {
        var annotations = more
        annotations["argocd.argoproj.io/hook"] = phase
        annotations["argocd.argoproj.io/hook-delete-policy"] = policy
        return annotations
    }

    @Test func hooksRunAroundTheChangesAndOnlyWhenThereAreSome() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try repository.manifest("migrate.yaml", Self.job("migrate", Self.hook("PreSync")))
            try repository.manifest("notify.yaml", Self.job("notify", Self.hook("PostSync", policy: "HookSucceeded")))
            try repository.manifest("never.yaml", Self.job("never", Self.hook("Skip")))
            try repository.manifest("fallback.yaml", Self.job("fallback", Self.hook("SyncFail")))
            try await repository.commit()
            let plan = try await repository.expect(0, "plan", "production", "--out", "a.plan")
            #expect(plan.output.contains("1 to create"), "hooks are not counted as objects: \(plan)")
            #expect(plan.output.contains("3 hooks to run"), "\(plan)")
            #expect(plan.output.contains("run PreSync hook") && plan.output.contains("run PostSync hook"), "\(plan)")
            try await repository.expect(0, "apply", "a.plan")
            #expect(try repository.started() == ["migrate", "a", "notify", "notify"], "the last is its deletion")
            let first = try await repository.cluster.get(repository.jobPath("migrate"))?.at("metadata", "uid")?.string
            #expect(first != nil, "it stays until it runs again")
            #expect(try await repository.cluster.get(repository.jobPath("notify")) == nil, "deleted, as its policy says")
            #expect(try await repository.cluster.get(repository.jobPath("never")) == nil)
            #expect(try await repository.cluster.get(repository.jobPath("fallback")) == nil)

            let nothing = try await repository.expect(0, "plan", "production", "--detailed-exitcode")
            #expect(nothing.output.contains("No changes."), "\(nothing)")

            try repository.manifest("a.yaml", Samples.configMap("a", "color", "green"))
            try await repository.commit()
            try await repository.deploy()
            let second = try await repository.cluster.get(repository.jobPath("migrate"))?.at("metadata", "uid")?.string
            #expect(second != nil && second != first, "made anew")

            // Without its definition what it left is deleted, as any object is.
            try repository.remove("environments/production/migrate.yaml")
            try await repository.commit()
            let removal = try await repository.expect(0, "plan", "production", "--out", "b.plan")
            #expect(removal.output.contains("1 to delete"), "\(removal)")
            try await repository.expect(0, "apply", "b.plan")
            #expect(try await repository.cluster.get(repository.jobPath("migrate")) == nil)
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
            try await repository.expect(0, "audit", "verify", "plumb-audit.jsonl")
        }
    }

    @Test func aHookThatFailsStopsWhatComesAfterItAndRunsTheHooksForThat() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try repository.manifest(
                "migrate.yaml", Self.job("migrate", Self.hook("PreSync", policy: "HookFailed", ["sandbox.plumb.dev/ready-after": "fail"])))
            try repository.manifest("report.yaml", Self.job("report", Self.hook("PostSync,SyncFail")))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let result = try await repository.expect(5, "apply", "a.plan")
            #expect(result.error.contains("batch/Job/\(repository.namespace)/migrate: "), "\(result)")
            #expect(result.error.contains("does not start"), "\(result)")
            #expect(try await repository.setting("a", "color") == nil)
            #expect(try await repository.cluster.get(repository.jobPath("report")) != nil, "the hook for failures has run")
            #expect(try await repository.cluster.get(repository.jobPath("migrate")) == nil, "deleted because it failed")
            // Mended, the next apply is whole.
            try repository.manifest("migrate.yaml", Self.job("migrate", Self.hook("PreSync")))
            try await repository.commit()
            try await repository.deploy()
            #expect(try await repository.setting("a", "color") == "red")
            try await repository.expect(0, "audit", "verify", "plumb-audit.jsonl")
        }
    }

    @Test func whatAHookNeedsIsMadeBeforeIt() async throws {
        try await TestRepository.with { repository in
            var job = Self.job("migrate", Self.hook("PreSync"))
            job = job.replacing("restartPolicy: Never", with: "restartPolicy: Never\n      serviceAccountName: migrator")
            try repository.manifest("migrate.yaml", job)
            try repository.manifest("account.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: migrator}\n")
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            try await repository.deploy()
            #expect(try repository.started() == ["migrator", "migrate", "a"])
        }
    }

    @Test func helmsHooksRunWhereHelmRunsThem() async throws {
        try await TestRepository.with { repository in
            func hook(_ name: String, _ events: String, weight: String = "0") throws {
                try repository.manifest(
                    "\(name).yaml", Self.job(name, ["helm.sh/hook": events, "helm.sh/hook-weight": weight]))
            }
            try hook("install", "pre-install", weight: "5")
            try hook("always", "pre-install,pre-upgrade", weight: "-5")
            try hook("upgrade", "post-upgrade")
            try hook("check", "test")
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            try await repository.deploy()
            #expect(try repository.started() == ["always", "install", "a"])
            try repository.manifest("a.yaml", Samples.configMap("a", "color", "green"))
            try await repository.commit()
            try await repository.deploy()
            #expect(try repository.started().suffix(3) == ["always", "a", "upgrade"])
        }
    }

    @Test func aHookWithAGeneratedNameRunsEachTime() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("migrate.yaml", Self.job("migrate-", Self.hook("PreSync"), generates: true))
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            try await repository.deploy()
            let path = repository.jobPath("migrate-presync")
            let first = try await repository.cluster.get(path)?.at("metadata", "uid")?.string
            try repository.manifest("a.yaml", Samples.configMap("a", "color", "green"))
            try await repository.commit()
            try await repository.deploy()
            let second = try await repository.cluster.get(path)?.at("metadata", "uid")?.string
            #expect(first != nil && second != nil && first != second)
        }
    }

    @Test func aHookThatTheServerRefusesIsToldInThePlan() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("bad.yaml", Self.job("bad", Self.hook("PreSync")).replacing("backoffLimit: 0", with: "backofLimit: 0"))
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            let result = try await repository.expect(1, "plan", "production")
            #expect(result.error.contains("environments/production/bad.yaml") && result.error.contains("backofLimit"), "\(result)")
        }
    }

    @Test func hooksOfTheEndRunAroundTheDeletions() async throws {
        try await TestRepository.with { repository in
            let other = "\(repository.namespace)-b"
            try repository.manifest("other.yaml", Samples.namespace(other))
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try repository.manifest("save.yaml", Self.job("save", Self.hook("PreDelete")))
            let farewell = Self.job("farewell", ["helm.sh/hook": "post-delete"])
                .replacing("name: farewell\n", with: "name: farewell\n  namespace: \(other)\n")
            try repository.manifest("farewell.yaml", farewell)
            try await repository.commit()
            try await repository.deploy()
            #expect(try Set(repository.started()) == [other, "a"], "they run at no apply")
            let plan = try await repository.expect(0, "destroy", "production", "--out", "end.plan")
            #expect(plan.output.contains("run PreDelete hook") && plan.output.contains("run PostDelete hook"), "\(plan)")
            try repository.remove("plumb-audit.jsonl")
            try await repository.expect(0, "apply", "end.plan", "--max-deletes", "100%", "--audit-log", "../end.jsonl")
            let started = try repository.started(log: "../end.jsonl")
            #expect(started.prefix(4) == ["save", "a", "farewell", other], "what a hook lives in goes after it: \(started)")
            for path in [repository.jobPath("save"), "/apis/batch/v1/namespaces/\(other)/jobs/farewell", repository.configMap("a")] {
                #expect(try await repository.cluster.get(path) == nil, "\(path)")
            }
            #expect(try await repository.cluster.get(repository.configMap("plumb-inventory-production")) == nil)
            let nothing = try await repository.expect(0, "destroy", "production")
            #expect(nothing.output.contains("No changes."), "\(nothing)")
            try await repository.expect(0, "audit", "verify", "../end.jsonl")
        }
    }

    @Test func aHookThatFailsKeepsEverything() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try repository.manifest(
                "save.yaml", Self.job("save", Self.hook("PreDelete", policy: nil, ["sandbox.plumb.dev/ready-after": "fail"])))
            try await repository.commit()
            try await repository.deploy()
            try await repository.expect(0, "destroy", "production", "--out", "end.plan")
            let failed = try await repository.expect(5, "apply", "end.plan", "--max-deletes", "100%")
            #expect(failed.error.contains("nothing is deleted"), "\(failed)")
            #expect(try await repository.setting("a", "color") == "red")
            #expect(try await repository.cluster.get(repository.jobPath("save")) != nil, "what it left is there to be looked at")
            let without = try await repository.expect(0, "destroy", "production", "--no-hooks", "--out", "end.plan")
            #expect(without.output.contains("2 to delete") && !without.output.contains("hook"), "\(without)")
            try await repository.expect(0, "apply", "end.plan", "--max-deletes", "100%")
            #expect(try await repository.cluster.get(repository.jobPath("save")) == nil)
            #expect(try await repository.cluster.get(repository.configMap("plumb-inventory-production")) == nil)
        }
    }

    @Test func aDestructionNeedsNoFolder() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            try await repository.deploy()
            try repository.remove("environments")
            try await repository.commit()
            let plan = try await repository.expect(0, "destroy", "production")
            #expect(plan.output.contains("1 to delete"), "\(plan)")
            try repository.manifest("a.yaml", "kind: ConfigMap\n")
            try await repository.commit()
            let broken = try await repository.expect(1, "destroy", "production")
            #expect(broken.error.contains("environments/production/a.yaml") && broken.error.contains("--no-hooks"), "\(broken)")
            try await repository.expect(0, "destroy", "production", "--no-hooks")
        }
    }
}
