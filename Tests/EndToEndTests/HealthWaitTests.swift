import Manifests
import Testing

/// What an apply waits for, and what it says meanwhile.
@Suite struct HealthWaitTests {
    private static func widget(_ group: String, annotations: String = "{}") -> String {
        "apiVersion: \(group)/v1\nkind: Widget\nmetadata: {name: first, annotations: \(annotations)}\nspec: {size: 3}\n"
    }

    @Test(.disabled(if: TestCluster.isReal, "needs workloads that get ready"))
    func anObjectsOwnTimeoutHolds() async throws {
        try await TestRepository.with { repository in
            let annotations = "  annotations: {plumb.dev/timeout: 1s, sandbox.plumb.dev/ready-after: never}\n"
            try repository.manifest(
                "web.yaml", Samples.deployment("web").replacing("  name: web\nspec", with: "  name: web\n\(annotations)spec"))
            try repository.manifest("other.yaml", Samples.deployment("other"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let result = try await repository.expect(5, "apply", "a.plan", "--timeout", "30s")
            #expect(result.error.contains("apps/Deployment/\(repository.namespace)/web: not ready within 1s"), "\(result)")
            #expect(result.error.contains("waiting    apps/Deployment/\(repository.namespace)/other: "), "\(result)")
            #expect(result.error.contains("created    apps/Deployment/\(repository.namespace)/other"), "\(result)")
        }
    }

    @Test func whatSaysSoIsNotWaitedFor() async throws {
        try await TestRepository.with { repository in
            let annotations = "  annotations: {plumb.dev/wait: \"false\", sandbox.plumb.dev/ready-after: never}\n"
            try repository.manifest(
                "web.yaml", Samples.deployment("web").replacing("  name: web\nspec", with: "  name: web\n\(annotations)spec"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            try await repository.expect(0, "apply", "a.plan", "--timeout", "30s")
        }
    }

    @Test func anEnvironmentsOwnRuleDecides() async throws {
        try await TestRepository.with { repository in
            let group = repository.definitionGroup
            try repository.configure(
                """
                health:
                  checks:
                    - group: \(group)
                      kind: Widget
                      current: [{path: /metadata/labels/phase, equals: Running}]
                      failed: [{path: /metadata/labels/phase, equals: Broken}]
                """)
            try repository.manifest("definition.yaml", Samples.definition(group: group))
            try repository.manifest("widget.yaml", Self.widget(group))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let late = try await repository.expect(5, "apply", "a.plan", "--timeout", "1s")
            #expect(late.error.contains("/metadata/labels/phase is not set, and \"Running\" was looked for"), "\(late)")

            let path = "/apis/\(group)/v1/namespaces/\(repository.namespace)/widgets/first"
            try await repository.cluster.edit(path, #"{"metadata":{"labels":{"phase":"Broken"}},"spec":{"size":4}}"#)
            try await repository.expect(0, "plan", "production", "--out", "b.plan")
            let broken = try await repository.expect(5, "apply", "b.plan", "--timeout", "1m")
            #expect(broken.error.contains("/metadata/labels/phase is \"Broken\""), "at once: \(broken)")

            try await repository.cluster.edit(path, #"{"metadata":{"labels":{"phase":"Running"}},"spec":{"size":4}}"#)
            try await repository.deploy()
        }
    }

    @Test(.disabled(if: TestCluster.isReal, "needs workloads whose pods the test makes itself"))
    func podsSayWhyAndFailEarly() async throws {
        try await TestRepository.with { repository in
            try repository.configure("health: {failAfter: 1s}")
            let annotations = "  annotations: {sandbox.plumb.dev/ready-after: never}\n"
            try repository.manifest(
                "web.yaml", Samples.deployment("web").replacing("  name: web\nspec", with: "  name: web\n\(annotations)spec"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let pod = """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-1","labels":{"app":"web"},
                 "annotations":{"sandbox.plumb.dev/ready-after":"never"}},
                 "spec":{"containers":[{"name":"web","image":"nowhere.example/none:1"}]}}
                """
            let path = "/api/v1/namespaces/\(repository.namespace)/pods"
            try await repository.cluster.create(path, pod)
            let status = """
                {"status":{"phase":"Pending","containerStatuses":[{"name":"web","ready":false,"restartCount":0,"image":"x","imageID":"",
                 "state":{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling image"}}}]}}
                """
            try await repository.cluster.edit("\(path)/web-1/status", status, manager: "kubelet")
            let result = try await repository.expect(5, "apply", "a.plan", "--timeout", "60s")
            #expect(
                result.error.contains("pod web-1: container 'web' ImagePullBackOff: Back-off pulling image"), "\(result)")
            #expect(!result.error.contains("not ready within"), "before its time is up: \(result)")
        }
    }

    @Test func eventsAreStreamedAsJSON() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a", annotations: ["argocd.argoproj.io/sync-wave": "-2"]))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let result = try await repository.expect(0, "apply", "a.plan", "--json")
            let events = try result.output.split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
            #expect(events.compactMap { $0["type"]?.string } == ["change-started", "change-finished"], "\(result)")
            #expect(events.last?["result"]?.string == "succeeded")
            #expect(events.last?["wave"]?.int == -2)
        }
    }

    @Test func whatDependentsHoldIsDeletedInTheForeground() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("web.yaml", Samples.deployment("web").replacing("replicas: 2", with: "replicas: 0"))
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            try await repository.expect(0, "apply", "a.plan", "--no-wait")
            // An object of the deployment's that its own deletion waits for.
            let path = "/apis/apps/v1/namespaces/\(repository.namespace)/deployments/web"
            let uid = try #require(try await repository.cluster.get(path)?.at("metadata", "uid")?.string)
            try await repository.cluster.create(
                "/api/v1/namespaces/\(repository.namespace)/configmaps",
                """
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"owned","finalizers":["example.org/hold"],"ownerReferences":
                 [{"apiVersion":"apps/v1","kind":"Deployment","name":"web","uid":"\(uid)","blockOwnerDeletion":true}]}}
                """)
            try repository.remove("environments/production/web.yaml")
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "b.plan")
            let held = try await repository.expect(5, "apply", "b.plan", "--timeout", "2s")
            #expect(held.error.contains("its deletion waits for the objects that it owns"), "\(held)")
            try await repository.cluster.edit(repository.configMap("owned"), #"{"metadata":{"finalizers":null}}"#)
            try await repository.deploy()
            #expect(try await repository.cluster.get(path) == nil)
        }
    }

    @Test(.disabled(if: TestCluster.isReal, "needs the sandbox's faults: a request that takes its time"))
    func aWriteThatMetAnotherOneIsComparedAndMadeAgain() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            try await repository.deploy()
            try repository.manifest("a.yaml", Samples.configMap("a", "color", "green"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "b.plan")
            // Its first answer is lost after the write was made: what is live tells that it was.
            try await repository.cluster.addFault("PATCH \(repository.configMap("a")).*fieldManager=plumb&.*: reset-after x1")
            try await repository.expect(0, "apply", "b.plan")
            #expect(try await repository.setting("a", "color") == "green")
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
        }
    }
}
