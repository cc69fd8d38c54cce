import Foundation
import Manifests
import Testing

/// Against a real controller manager: it makes the pods and takes them away, and the tests play the kubelet.
@Suite(.enabled(if: TestCluster.isReal, "needs PLUMB_TEST_KUBECONFIG: a server with a controller manager"))
struct ControllerTests {
    private static func job(_ annotations: String = "{}") -> String {
        """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: migrate, annotations: \(annotations)}
        spec:
          backoffLimit: 0
          template:
            metadata: {labels: {app: migrate}}
            spec: {restartPolicy: Never, containers: [{name: run, image: "busybox:1"}]}

        """
    }

    private func apply(_ repository: TestRepository, _ plan: String, _ arguments: String...) async throws -> ProcessOutput {
        try await repository.plumb(["apply", plan, "--timeout", "60s"] + arguments)
    }

    /// Waits until the controller has made pods with a label, and gives each a status.
    private func playKubelet(_ repository: TestRepository, app: String, _ status: String) async throws {
        let path = "/api/v1/namespaces/\(repository.namespace)/pods"
        for _ in 0..<200 {
            let pods = try await repository.cluster.get("\(path)?labelSelector=app%3D\(app)")?["items"]?.array ?? []
            for pod in pods {
                let name = pod.at("metadata", "name")?.string ?? ""
                try await repository.cluster.edit("\(path)/\(name)/status", "{\"status\":\(status)}", manager: "kubelet")
            }
            if !pods.isEmpty { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw TestFailure("no pods with app=\(app) were made")
    }

    private static func container(_ state: String, isReady: Bool = false) -> String {
        #""containerStatuses":[{"name":"web","ready":\#(isReady),"restartCount":0,"image":"x","imageID":"","state":\#(state)}]"#
    }

    private static let running =
        #"{"phase":"Running","conditions":[{"type":"Ready","status":"True"}],"# + container(#"{"running":{}}"#, isReady: true) + "}"

    @Test func aHookJobIsRunToItsEnd() async throws {
        try await TestRepository.with { repository in
            try repository.manifest(
                "migrate.yaml", Self.job("{argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/hook-delete-policy: HookSucceeded}"))
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            async let applying = apply(repository, "a.plan")
            try await playKubelet(repository, app: "migrate", #"{"phase":"Succeeded"}"#)
            let applied = try await applying
            #expect(applied.code == 0, "\(applied)")
            #expect(applied.error.contains("ran        batch/Job/\(repository.namespace)/migrate"), "\(applied)")
            #expect(try repository.started() == ["migrate", "a", "migrate"])
            let after = try await repository.expect(0, "plan", "production", "--detailed-exitcode")
            #expect(after.output.contains("No changes."))
        }
    }

    @Test func aJobThatFailsIsFailed() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("migrate.yaml", Self.job())
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            async let applying = apply(repository, "a.plan")
            try await playKubelet(repository, app: "migrate", #"{"phase":"Failed"}"#)
            let applied = try await applying
            #expect(applied.code == 5, "\(applied)")
            #expect(applied.error.contains("BackoffLimitExceeded"), "\(applied)")
        }
    }

    @Test func aSuspendedJobIsNotWaitedFor() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("migrate.yaml", Self.job().replacing("backoffLimit: 0", with: "suspend: true"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let applied = try await apply(repository, "a.plan")
            #expect(applied.code == 0, "\(applied)")
        }
    }

    @Test func aDeploymentIsDoneWhenItsPodsAreReady() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("web.yaml", Samples.deployment("web"))
            try repository.manifest(
                "after.yaml",
                Samples.configMap("after", annotations: ["plumb.dev/depends-on": "apps/Deployment/\(repository.namespace)/web"]))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            async let applying = apply(repository, "a.plan")
            try await Task.sleep(for: .seconds(1))
            #expect(try await repository.setting("after", "color") == nil, "not before its pods are ready")
            try await playKubelet(repository, app: "web", Self.running)
            let applied = try await applying
            #expect(applied.code == 0, "\(applied)")
            #expect(try await repository.setting("after", "color") == "red")

            // Its deletion waits for replica set and pods.
            try repository.remove("environments/production/web.yaml")
            try repository.remove("environments/production/after.yaml")
            try repository.manifest("other.yaml", Samples.configMap("other"))
            try await repository.commit()
            try await repository.deploy()
            for path in ["/apis/apps/v1/namespaces/\(repository.namespace)/replicasets", "/api/v1/namespaces/\(repository.namespace)/pods"]
            {
                let left = try await repository.cluster.get("\(path)?labelSelector=app%3Dweb")?["items"]?.array
                #expect(left?.isEmpty == true, "\(path)")
            }
        }
    }

    @Test func podsSayWhyAndFailEarly() async throws {
        try await TestRepository.with { repository in
            try repository.configure("health: {failAfter: 1s}")
            try repository.manifest("web.yaml", Samples.deployment("web"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            async let applying = apply(repository, "a.plan")
            try await playKubelet(
                repository, app: "web",
                #"{"phase":"Pending","# + Self.container(#"{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling image"}}"#)
                    + "}")
            let applied = try await applying
            #expect(applied.code == 5, "\(applied)")
            #expect(applied.error.contains("container 'web' ImagePullBackOff: Back-off pulling image"), "\(applied)")
            #expect(!applied.error.contains("not ready within"), "\(applied)")
        }
    }

    @Test func aQuotaThatKeepsPodsAwayIsTold() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("web.yaml", Samples.deployment("web"))
            try repository.manifest(
                "quota.yaml", "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: none}\nspec: {hard: {pods: \"0\"}}\n")
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            // As long as a controller with much to do may take to come to it.
            let applied = try await repository.plumb("apply", "a.plan", "--timeout", "25s")
            #expect(applied.code == 5, "\(applied)")
            #expect(applied.error.contains("exceeded quota: none"), "\(applied)")
        }
    }

    @Test func aClaimThatWaitsForItsConsumerIsNotWaitedFor() async throws {
        try await TestRepository.with { repository in
            let storageClass = "\(repository.namespace)-late"
            try repository.manifest(
                "class.yaml",
                """
                apiVersion: storage.k8s.io/v1
                kind: StorageClass
                metadata: {name: \(storageClass)}
                provisioner: example.org/none
                volumeBindingMode: WaitForFirstConsumer

                """)
            try repository.manifest(
                "claim.yaml",
                """
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: data}
                spec: {storageClassName: \(storageClass), accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}

                """)
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let applied = try await apply(repository, "a.plan")
            #expect(applied.code == 0, "\(applied)")
            #expect(applied.error.contains("waiting    PersistentVolumeClaim/\(repository.namespace)/data: not bound yet"), "\(applied)")
            try await repository.cluster.delete("/apis/storage.k8s.io/v1/storageclasses/\(storageClass)")
        }
    }

    @Test func aNamespaceNamesTheFinalizerThatHoldsIt() async throws {
        try await TestRepository.with { repository in
            let inner = "\(repository.namespace)-inner"
            try repository.manifest("namespace.yaml", Samples.namespace(inner))
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            try await repository.deploy()
            try await repository.cluster.create(
                "/api/v1/namespaces/\(inner)/configmaps",
                #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"held","finalizers":["example.org/hold"]}}"#)
            try repository.remove("environments/production/namespace.yaml")
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "b.plan")
            try await repository.expect(5, "apply", "b.plan", "--timeout", "1s")
            // The controller says so when it comes to it: it may have many namespaces to take away.
            for _ in 0..<600 {
                let conditions = try await repository.cluster.get("/api/v1/namespaces/\(inner)")?.at("status", "conditions")?.array ?? []
                if conditions.contains(where: { $0["type"] == "NamespaceFinalizersRemaining" && $0["status"] == "True" }) { break }
                try await Task.sleep(for: .milliseconds(200))
            }
            try await repository.expect(0, "plan", "production", "--out", "c.plan")
            let held = try await repository.expect(5, "apply", "c.plan", "--timeout", "2s")
            #expect(held.error.contains("example.org/hold"), "\(held)")
            try await repository.cluster.edit("/api/v1/namespaces/\(inner)/configmaps/held", #"{"metadata":{"finalizers":null}}"#)
            try await repository.deploy()
            #expect(try await repository.cluster.get("/api/v1/namespaces/\(inner)") == nil)
        }
    }
}
