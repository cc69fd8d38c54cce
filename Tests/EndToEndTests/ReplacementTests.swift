import Manifests
import Testing

/// Fields that cannot be changed in place.
@Suite struct ReplacementTests {
    private func job(_ image: String, annotations: String = "{}") -> String {
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: once, annotations: \(annotations)}
        spec:
          suspend: true
          template:
            spec: {restartPolicy: Never, containers: [{name: once, image: \(image)}]}

        """
    }

    private func uid(_ path: String, of repository: TestRepository) async throws -> String? {
        try await repository.cluster.get(path)?.at("metadata", "uid")?.string
    }

    /// A repository whose Job is applied, and whose next commit changes what no Job lets be changed.
    private func withChangedJob(
        annotations: String = "{}", _ body: (TestRepository, _ path: String, _ uid: String) async throws -> Void
    ) async throws {
        try await TestRepository.with { repository in
            try repository.manifest("job.yaml", job("registry.example/a", annotations: annotations))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            try await repository.expect(0, "apply", "a.plan", "--no-wait")
            let path = "/apis/batch/v1/namespaces/\(repository.namespace)/jobs/once"
            let uid = try #require(await uid(path, of: repository))
            try repository.manifest("job.yaml", job("registry.example/b", annotations: annotations))
            try await repository.commit()
            try await body(repository, path, uid)
        }
    }

    @Test func aFieldThatCannotBeChangedIsNamedAndHowToAllowIt() async throws {
        try await withChangedJob { repository, _, _ in
            let refused = try await repository.expect(1, "plan", "production", "--out", "b.plan")
            #expect(refused.error.contains("environments/production/job.yaml:1"), "\(refused)")
            #expect(refused.error.contains("cannot be changed in place: spec.template"), "\(refused)")
            #expect(refused.error.contains("plumb.dev/replace: allowed") && refused.error.contains("--allow-replace"), "\(refused)")
            #expect(refused.error.contains("its pods and their logs"), "what is lost: \(refused)")
            #expect((try? repository.bytes("b.plan")) == nil)
        }
    }

    @Test(arguments: ["batch/Job", "Job", "*", "id"]) func theOptionAllowsIt(allowed: String) async throws {
        try await withChangedJob { repository, path, uid in
            let allowed = allowed == "id" ? "batch/Job/\(repository.namespace)/once" : allowed
            let plan = try await repository.expect(0, "plan", "production", "--allow-replace", allowed, "--out", "b.plan")
            #expect(plan.output.contains("-/+ batch/Job/\(repository.namespace)/once  replace"), "\(plan)")
            #expect(plan.output.contains("forces replacement") && plan.output.contains("registry.example/b"), "\(plan)")
            #expect(plan.output.contains("1 to replace"), "\(plan)")
            let change = try #require(repository.json("b.plan")["changes"]?.array?.first)
            #expect(change["action"]?.string == "replace")
            #expect(change.at("replacement", "fields")?.array?.first?.string?.hasPrefix("spec.template") == true, "\(change)")
            #expect(change["diff"]?.array?.count == 1, "nothing but what the repository changed: \(change)")
            try await repository.expect(0, "apply", "b.plan", "--no-wait")
            let live = try #require(await repository.cluster.get(path))
            #expect(live.at("metadata", "uid")?.string != uid)
            #expect(live.at("spec", "template", "spec", "containers")?.array?.first?["image"]?.string == "registry.example/b")
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
        }
    }

    @Test(arguments: [
        "{plumb.dev/replace: allowed}", "{argocd.argoproj.io/sync-options: \"Replace=true,Force=true\"}",
        "{kustomize.toolkit.fluxcd.io/force: Enabled}",
    ])
    func anAnnotationAllowsIt(annotations: String) async throws {
        try await withChangedJob(annotations: annotations) { repository, _, _ in
            try await repository.expect(0, "plan", "production", "--out", "b.plan")
            #expect(try repository.json("b.plan").at("summary", "replace")?.int == 1)
        }
    }

    @Test func theConfigurationAllowsIt() async throws {
        try await withChangedJob { repository, _, _ in
            try repository.configure("allowReplace: [batch/Job]")
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "b.plan")
            #expect(try repository.json("b.plan").at("summary", "replace")?.int == 1)
            try repository.configure("approvals: {required: 1, requiredFor: [replace], allowedSigners: signers}\nallowReplace: [Job]")
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "b.plan")
            try await repository.expect(4, "apply", "b.plan", "--no-wait")
        }
    }

    @Test func whatMustNotBeDestroyedIsNotReplaced() async throws {
        try await withChangedJob(annotations: "{plumb.dev/prevent-destroy: \"true\"}") { repository, _, _ in
            let refused = try await repository.expect(1, "plan", "production", "--allow-replace", "*")
            #expect(refused.error.contains("plumb.dev/prevent-destroy"), "\(refused)")
        }
    }

    @Test func anObjectThatIsInvalidInItselfIsNotReplaced() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("web.yaml", Samples.deployment("web"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            try await repository.expect(0, "apply", "a.plan", "--no-wait")
            // Another selector, which is immutable, and which the template does not have, which is invalid.
            try repository.manifest(
                "web.yaml", Samples.deployment("web").replacingOccurrences("matchLabels: {app: web}", "matchLabels: {app: other}"))
            try await repository.commit()
            let invalid = try await repository.expect(1, "plan", "production", "--allow-replace", "*")
            #expect(invalid.error.contains("the server refuses it"), "\(invalid)")
            // With labels that agree it is immutable alone.
            try repository.manifest("web.yaml", Samples.deployment("web").replacingOccurrences("{app: web}", "{app: other}"))
            try await repository.commit()
            let plan = try await repository.expect(0, "plan", "production", "--allow-replace", "*", "--out", "b.plan")
            #expect(plan.output.contains("1 to replace") && plan.output.contains("its pods are deleted with it"), "\(plan)")
        }
    }

    @Test func replacementIsMadeOnDemand() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            try await repository.deploy()
            let before = try await uid(repository.configMap("a"), of: repository)
            try await repository.expect(0, "plan", "production", "--replace", "ConfigMap/\(repository.namespace)/a", "--out", "b.plan")
            try await repository.expect(0, "apply", "b.plan")
            #expect(try await uid(repository.configMap("a"), of: repository) != before)
            let unknown = try await repository.expect(1, "plan", "production", "--replace", "ConfigMap/\(repository.namespace)/b")
            #expect(unknown.error.contains("did you mean"), "\(unknown)")
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
        }
    }

    @Test func aSecretThatIsReplacedIsNotShown() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.secret("a", "hunter2-one") + "immutable: true\n")
            try await repository.commit()
            try await repository.deploy()
            try repository.manifest("a.yaml", Samples.secret("a", "hunter2-two") + "immutable: true\n")
            try await repository.commit()
            let refused = try await repository.expect(1, "plan", "production")
            #expect(!refused.error.contains("hunter2") && refused.error.contains("cannot be changed in place"), "\(refused)")
            let plan = try await repository.expect(0, "plan", "production", "--allow-replace", "Secret", "--out", "b.plan", "--verbose")
            #expect(!(plan.output + (try repository.text("b.plan"))).contains("hunter2"), "\(plan)")
            try await repository.expect(0, "apply", "b.plan")
            let live = try await repository.cluster.get("/api/v1/namespaces/\(repository.namespace)/secrets/a")
            #expect(live?.at("data", "password")?.string == Base64.encode(Array("hunter2-two".utf8)))
        }
    }
}
