import Manifests
import Testing

/// Fields that somebody else owns: taken, left, or a reason to make no plan.
@Suite struct ConflictTests {
    private func deployment(_ repository: TestRepository) -> String { "/apis/apps/v1/namespaces/\(repository.namespace)/deployments/web" }

    /// An applied Deployment of two replicas, which `scaler` sets to five through the object itself.
    private func withScaled(_ configuration: String, _ body: (TestRepository) async throws -> Void) async throws {
        try await TestRepository.with { repository in
            try repository.configure(configuration)
            try repository.manifest("web.yaml", Samples.deployment("web"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            try await repository.expect(0, "apply", "a.plan", "--no-wait")
            #expect(try await replicas(repository) == 2, "what is not there yet is made as the repository says")
            try await repository.cluster.edit(deployment(repository), #"{"spec":{"replicas":5}}"#, manager: "scaler")
            try await body(repository)
        }
    }

    private func replicas(_ repository: TestRepository) async throws -> Int64? {
        try await repository.cluster.get(deployment(repository))?.at("spec", "replicas")?.int
    }

    private func applied(_ repository: TestRepository) async throws {
        try await repository.expect(0, "plan", "production", "--out", "b.plan")
        try await repository.expect(0, "apply", "b.plan", "--no-wait")
    }

    @Test func isTakenByDefault() async throws {
        try await withScaled("") { repository in
            let plan = try await repository.expect(0, "plan", "production")
            #expect(plan.output.contains("5 -> 2  [drift by scaler at 2"), "\(plan)")
            try await applied(repository)
            #expect(try await replicas(repository) == 2)
        }
    }

    @Test(arguments: [
        "ignoreDifferences:\n  - {group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}",
        "ignoreDifferences:\n  - {group: apps, kind: Deployment, fieldPaths: [spec.replicas]}",
        "ignoreDifferences:\n  - {group: '*', kind: '*', jqPathExpressions: [.spec.replicas]}",
        "ignoreDifferences:\n  - {group: apps, kind: Deployment, name: web, managedFieldsManagers: [scaler]}", "conflicts: leave",
    ])
    func isLeft(configuration: String) async throws {
        try await withScaled(configuration) { repository in
            let plan = try await repository.expect(0, "plan", "production", "--detailed-exitcode")
            #expect(plan.output.contains("No changes."), "\(plan)")
            // What else changes does not touch it.
            try repository.manifest("web.yaml", Samples.deployment("web", image: "registry.example/web:2.0"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "b.plan")
            let change = try #require(repository.json("b.plan")["changes"]?.array?.first)
            #expect(change["left"] == ["/spec/replicas"])
            #expect(change["diff"]?.array?.count == 1, "\(change)")
            // Scaled between plan and apply: none of this plan's business.
            try await repository.cluster.edit(deployment(repository), #"{"spec":{"replicas":6}}"#, manager: "scaler")
            try await repository.expect(0, "apply", "b.plan", "--no-wait")
            #expect(try await replicas(repository) == 6)
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
        }
    }

    @Test(arguments: [
        "conflicts: fail", "ignoreDifferences:\n  - {group: apps, kind: Deployment, jsonPointers: [/spec/replicas], conflict: fail}",
    ])
    func fails(configuration: String) async throws {
        try await withScaled(configuration) { repository in
            let refused = try await repository.expect(1, "plan", "production", "--out", "b.plan")
            #expect(refused.error.contains("environments/production/web.yaml:1"), "\(refused)")
            #expect(refused.error.contains("spec.replicas has another value, and field manager 'scaler'"), "\(refused)")
            // The field left out, it is nobody's conflict.
            try repository.manifest("web.yaml", Samples.deployment("web").replacingOccurrences("  replicas: 2\n", ""))
            try await repository.commit()
            try await applied(repository)
            #expect(try await replicas(repository) == 5)
        }
    }

    @Test func oneFieldIsTakenWhereTheRestIsLeft() async throws {
        let rule = "ignoreDifferences:\n  - {group: apps, kind: Deployment, jsonPointers: [/spec/replicas], conflict: take}"
        try await withScaled("conflicts: leave\n\(rule)") { repository in
            try await applied(repository)
            #expect(try await replicas(repository) == 2)
        }
    }

    @Test func anItemOfAListIsLeft() async throws {
        try await TestRepository.with { repository in
            try repository.configure(
                """
                ignoreDifferences:
                  - group: apps
                    kind: Deployment
                    fieldPaths: ['spec.template.spec.containers[name=web].image']
                """)
            try repository.manifest("web.yaml", Samples.deployment("web"))
            try await repository.commit()
            try await applied(repository)
            let patch = #"{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"registry.example/web:hot"}]}}}}"#
            let (status, answer) = try await repository.cluster.request(
                "PATCH", "\(deployment(repository))?fieldManager=updater", body: patch,
                contentType: "application/strategic-merge-patch+json")
            #expect(status == 200, "\(answer)")
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
        }
    }

    /// Without the rule's care the apply would reset what is ours alone and not named any more.
    @Test func whatIsOursAloneStaysAsItIs() async throws {
        try await withScaled("") { repository in
            try await applied(repository)
            #expect(try await replicas(repository) == 2)
            try repository.configure("ignoreDifferences:\n  - {group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}")
            try repository.manifest("web.yaml", Samples.deployment("web").replacingOccurrences("replicas: 2", "replicas: 9"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
            try repository.manifest("web.yaml", Samples.deployment("web", image: "x").replacingOccurrences("  replicas: 2\n", ""))
            try await repository.commit()
            try await applied(repository)
            #expect(try await replicas(repository) == 2)
        }
    }

    @Test func aKeyOfASecretIsLeft() async throws {
        try await TestRepository.with { repository in
            try repository.configure("ignoreDifferences:\n  - {kind: Secret, jsonPointers: [/data/password]}")
            try repository.manifest("a.yaml", Samples.secret("a", "first"))
            try await repository.commit()
            try await repository.deploy()
            let path = "/api/v1/namespaces/\(repository.namespace)/secrets/a"
            // Ours alone, with another value in the repository.
            try repository.manifest("a.yaml", Samples.secret("a", "second") + "  other: value\n")
            try await repository.commit()
            try await repository.deploy()
            #expect(try await repository.cluster.get(path)?.at("data", "password")?.string == Base64.encode(Array("first".utf8)))
            #expect(try await repository.cluster.get(path)?.at("data", "other")?.string == Base64.encode(Array("value".utf8)))
            // Somebody else's.
            let rotated = Base64.encode(Array("rotated".utf8))
            try await repository.cluster.edit(path, #"{"data":{"password":"\#(rotated)"}}"#)
            try repository.manifest("a.yaml", Samples.secret("a", "third") + "  other: more\n")
            try await repository.commit()
            try await repository.deploy()
            #expect(try await repository.cluster.get(path)?.at("data", "password")?.string == rotated)
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
        }
    }
}
