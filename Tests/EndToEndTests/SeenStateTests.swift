import Manifests
import Testing

/// Objects that are known by the state in which the last apply left them: they are asked for their versions alone, and whatever
/// became of one since is found all the same.
@Suite struct SeenStateTests {
    /// Twenty Deployments of no pods and twenty ConfigMaps, applied: as many as are listed.
    private func withApplied(_ body: (TestRepository) async throws -> Void) async throws {
        try await TestRepository.with { repository in
            for index in 0..<20 {
                try repository.manifest("c\(index).yaml", Samples.configMap("c\(index)"))
                try repository.manifest("d\(index).yaml", Self.deployment("d\(index)"))
            }
            try await repository.commit()
            try await repository.deploy()
            try await body(repository)
        }
    }

    private static func deployment(_ name: String) -> String {
        Samples.deployment(name).replacing("  replicas: 2\n", with: "  replicas: 0\n").replacing(
            "metadata:\n  name: \(name)\nspec", with: "metadata:\n  name: \(name)\n  labels: {tier: front}\nspec")
    }

    private func plan(_ repository: TestRepository, changes: Bool, at location: SourceLocation = #_sourceLocation) async throws -> Value {
        try await repository.expect(changes ? 2 : 0, "plan", "production", "--detailed-exitcode", "--out", "a.plan", at: location)
        return try repository.json("a.plan")
    }

    /// The only change of a plan.
    private func change(_ plan: Value) throws -> Value {
        let changes = (plan["changes"]?.array ?? []).filter { $0["action"] != "no-op" }
        #expect(changes.count == 1, "\(changes.map { $0["id"] ?? .null })")
        return try #require(changes.first)
    }

    private func deployments(_ repository: TestRepository) -> String { "/apis/apps/v1/namespaces/\(repository.namespace)/deployments" }

    @Test func whatStandsAsItWasAppliedIsNotLookedAt() async throws {
        try await withApplied { repository in
            let plan = try await plan(repository, changes: false)
            #expect(plan["statistics"] == ["get": 0, "list": 2, "dryRun": 0])
            let seen = (plan["changes"]?.array ?? []).compactMap { $0["seen"] }
            #expect(seen.count == 40)
            #expect(seen.count { $0["resourceVersion"] != nil } == 20, "of what nobody writes into")
            #expect(seen.count { $0["generation"] != nil } == 20, "of what has a controller")
        }
    }

    @Test func anotherContentIsFound() async throws {
        try await withApplied { repository in
            try await repository.cluster.edit(repository.configMap("c3"), #"{"data":{"color":"blue"}}"#)
            let plan = try await plan(repository, changes: true)
            let change = try change(plan)
            #expect(change["causes"] == ["drift"] && change.at("object", "name") == "c3")
            #expect(change["diff"]?.array?.first?["manager"] == "kubectl-edit")
            #expect(plan["statistics"] == ["get": 1, "list": 2, "dryRun": 1], "it alone is looked at")
            try await repository.deploy()
            _ = try await self.plan(repository, changes: false)
        }
    }

    @Test func anotherSpecIsFound() async throws {
        try await withApplied { repository in
            try await repository.cluster.edit(
                "\(deployments(repository))/d4", #"{"spec":{"template":{"metadata":{"annotations":{"restarted":"now"}}}}}"#)
            _ = try await plan(repository, changes: false)
            try await repository.cluster.edit("\(deployments(repository))/d4", #"{"spec":{"replicas":1}}"#)
            let change = try change(try await plan(repository, changes: true))
            #expect(change["causes"] == ["drift"] && change.at("object", "name") == "d4")
        }
    }

    /// Labels count no generation up.
    @Test func anotherLabelOfTheSameGenerationIsFound() async throws {
        try await withApplied { repository in
            try await repository.cluster.edit("\(deployments(repository))/d4", #"{"metadata":{"labels":{"tier":"back"}}}"#)
            let change = try change(try await plan(repository, changes: true))
            #expect(change["causes"] == ["drift"] && change.at("object", "name") == "d4")
            try await repository.cluster.edit("\(deployments(repository))/d4", #"{"metadata":{"labels":{"tier":null}}}"#)
            #expect(try self.change(try await plan(repository, changes: true)).at("object", "name") == "d4")
        }
    }

    @Test func aStatusIsNoReasonToLook() async throws {
        try await withApplied { repository in
            try await repository.cluster.edit(
                "\(deployments(repository))/d4/status", #"{"status":{"conditions":[{"type":"Progressing","status":"True"}]}}"#,
                manager: "controller")
            #expect(try await plan(repository, changes: false)["statistics"] == ["get": 0, "list": 2, "dryRun": 0])
        }
    }

    @Test func whatIsGoneOrMadeAnewIsFound() async throws {
        try await withApplied { repository in
            try await repository.cluster.delete(repository.configMap("c3"))
            #expect(try change(try await plan(repository, changes: true))["action"] == "create")
            try await repository.cluster.create(
                "/api/v1/namespaces/\(repository.namespace)/configmaps",
                #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c3"},"data":{"color":"red"}}"#)
            #expect(try change(try await plan(repository, changes: true)).at("object", "name") == "c3")
        }
    }

    @Test func anotherManifestIsFound() async throws {
        try await withApplied { repository in
            try repository.manifest("c3.yaml", Samples.configMap("c3", "color", "green"))
            try await repository.commit()
            let change = try change(try await plan(repository, changes: true))
            #expect(change["causes"] == ["git"] && change.at("object", "name") == "c3")
        }
    }

    /// The values of a Secret are in no digest, so that nothing but a look tells them apart.
    @Test func secretsAreAlwaysLookedAt() async throws {
        try await TestRepository.with { repository in
            for index in 0..<20 { try repository.manifest("s\(index).yaml", Samples.secret("s\(index)", "hunter2")) }
            try await repository.commit()
            try await repository.deploy()
            try repository.manifest("s3.yaml", Samples.secret("s3", "hunter3"))
            try await repository.commit()
            let change = try change(try await plan(repository, changes: true))
            #expect(change.at("object", "name") == "s3" && change["causes"] == ["git"])
        }
    }

    /// What is left as it is depends on what it is.
    @Test func aRuleForFieldsAsksForALook() async throws {
        try await withApplied { repository in
            try repository.configure("ignoreDifferences:\n  - {kind: ConfigMap, jsonPointers: [/data/color]}")
            try await repository.commit()
            try await repository.cluster.edit(repository.configMap("c3"), #"{"data":{"color":"blue"}}"#)
            _ = try await plan(repository, changes: false)
            try repository.configure()
            try await repository.commit()
            #expect(try change(try await plan(repository, changes: true)).at("object", "name") == "c3")
        }
    }

    /// More of them than single requests pay for: the list is read as a whole.
    @Test func manyChangesAreFound() async throws {
        try await TestRepository.with { repository in
            for index in 0..<40 { try repository.manifest("c\(index).yaml", Samples.configMap("c\(index)")) }
            try await repository.commit()
            try await repository.deploy()
            for index in 0..<30 { try await repository.cluster.edit(repository.configMap("c\(index)"), #"{"data":{"color":"blue"}}"#) }
            let plan = try await plan(repository, changes: true)
            #expect(plan.at("summary", "update") == 30)
            #expect(plan["statistics"] == ["get": 0, "list": 2, "dryRun": 30], "versions, then all of it")
        }
    }

    /// What is known by its generation: any change of its spec has to count it up. Asked of whatever server there is.
    @Test(arguments: [
        ("apps/v1", "daemonsets", "DaemonSet", #"{"selector":{"matchLabels":{"a":"b"}},"template":POD}"#, #"{"minReadySeconds":5}"#),
        (
            "apps/v1", "deployments", "Deployment", #"{"replicas":0,"selector":{"matchLabels":{"a":"b"}},"template":POD}"#,
            #"{"minReadySeconds":5}"#
        ),
        (
            "apps/v1", "replicasets", "ReplicaSet", #"{"replicas":0,"selector":{"matchLabels":{"a":"b"}},"template":POD}"#,
            #"{"minReadySeconds":5}"#
        ),
        (
            "apps/v1", "statefulsets", "StatefulSet",
            #"{"replicas":0,"serviceName":"s","selector":{"matchLabels":{"a":"b"}},"template":POD}"#, #"{"minReadySeconds":5}"#
        ),
        (
            "batch/v1", "cronjobs", "CronJob", #"{"schedule":"0 0 1 1 *","suspend":true,"jobTemplate":{"spec":{"template":POD}}}"#,
            #"{"successfulJobsHistoryLimit":1}"#
        ),
        ("batch/v1", "jobs", "Job", #"{"suspend":true,"template":POD}"#, #"{"ttlSecondsAfterFinished":9}"#),
        (
            "networking.k8s.io/v1", "ingresses", "Ingress", #"{"defaultBackend":{"service":{"name":"s","port":{"number":80}}}}"#,
            #"{"ingressClassName":"c"}"#
        ),
        (
            "policy/v1", "poddisruptionbudgets", "PodDisruptionBudget", #"{"minAvailable":1,"selector":{"matchLabels":{"a":"b"}}}"#,
            #"{"minAvailable":2}"#
        ),
    ])
    func aGenerationCountsTheChangesOfASpec(version: String, plural: String, kind: String, spec: String, change: String) async throws {
        try await TestRepository.with { repository in
            let pod =
                #"{"metadata":{"labels":{"a":"b"}},"spec":{"restartPolicy":"\#(version == "batch/v1" ? "Never" : "Always")","containers":[{"name":"c","image":"i"}]}}"#
            let path = "/apis/\(version)/namespaces/\(repository.namespace)/\(plural)"
            try await repository.cluster.create(
                path, #"{"apiVersion":"\#(version)","kind":"\#(kind)","metadata":{"name":"x"},"spec":\#(spec.replacing("POD", with: pod))}"#
            )
            let before = try #require(try await repository.cluster.get("\(path)/x")?.at("metadata", "generation")?.int)
            try await repository.cluster.edit("\(path)/x", #"{"spec":\#(change)}"#)
            let after = try #require(try await repository.cluster.get("\(path)/x")?.at("metadata", "generation")?.int)
            #expect(after > before)
        }
    }
}
