import Manifests
import Testing

/// Objects that need more than one request: definitions, namespaces, dependencies, finalizers, refusals.
@Suite struct ObjectTests {
    @Test func aRefusedObjectIsNamedWithTheServersWords() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("good.yaml", Samples.configMap("good"))
            try repository.manifest("bad.yaml", "# A comment.\n" + Samples.service("bad", port: 70000))
            try repository.manifest("unknown.yaml", Samples.configMap("unknown") + "sizes: {}\n")
            try await repository.commit()
            let result = try await repository.expect(1, "plan", "production", "--out", "a.plan")
            #expect(result.error.contains("environments/production/bad.yaml:"), "\(result)")
            #expect(result.error.contains("must be between 1 and 65535"), "the server's words: \(result)")
            #expect(result.error.contains("environments/production/unknown.yaml:"), "all refusals at once: \(result)")
            #expect((try? repository.bytes("a.plan")) == nil)
        }
    }

    @Test func anUnknownKindIsNamed() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("widget.yaml", "apiVersion: nowhere.example/v1\nkind: Widget\nmetadata: {name: a}\n")
            try await repository.commit()
            let result = try await repository.expect(1, "plan", "production")
            #expect(result.error.contains("environments/production/widget.yaml:1"), "\(result)")
            #expect(result.error.contains("Widget") && result.error.contains("nowhere.example"), "\(result)")
        }
    }

    @Test func aDefinitionAndItsObject() async throws {
        try await TestRepository.with { repository in
            let group = repository.definitionGroup
            try repository.manifest(
                "a-widget.yaml", "apiVersion: \(group)/v1\nkind: Widget\nmetadata: {name: first}\nspec: {size: 3}\n")
            try repository.manifest("definition.yaml", Samples.definition(group: group))
            try await repository.commit()
            try await repository.deploy()
            let path = "/apis/\(group)/v1/namespaces/\(repository.namespace)/widgets/first"
            #expect(try await repository.cluster.get(path)?.at("spec", "size")?.int == 3)
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
            try await repository.expect(0, "destroy", "production", "--out", "d.plan")
            // Without its kind it could not be deleted any more.
            let changes = try repository.json("d.plan")["changes"]?.array ?? []
            #expect(changes.last?.at("object", "kind") == "CustomResourceDefinition")
            #expect(changes.last?["dependsOn"] == [.string("\(group)/Widget/\(repository.namespace)/first")])
            try await repository.expect(0, "apply", "d.plan", "--max-deletes", "100%")
            #expect(try await repository.cluster.get(path) == nil)
        }
    }

    /// What stays in Git is deleted all the same with its namespace, or with its kind.
    @Test func whatIsDeletedWithItsSupportIsTold() async throws {
        try await TestRepository.with { repository in
            let (group, inner) = (repository.definitionGroup, "\(repository.namespace)-inner")
            try repository.manifest("namespace.yaml", Samples.namespace(inner))
            for name in ["a", "b"] {
                try repository.manifest(
                    "\(name).yaml", Samples.configMap(name).replacing("metadata:", with: "metadata:\n  namespace: \(inner)"))
            }
            try repository.manifest("definition.yaml", Samples.definition(group: group))
            try repository.manifest("widget.yaml", "apiVersion: \(group)/v1\nkind: Widget\nmetadata: {name: w}\nspec: {size: 3}\n")
            try await repository.commit()
            try await repository.deploy()
            try repository.remove("environments/production/namespace.yaml")
            try repository.remove("environments/production/definition.yaml")
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let warnings = (try repository.json("a.plan")["warnings"]?.array ?? []).compactMap(\.string)
            #expect(
                warnings == [
                    "Namespace/\(inner): it is deleted, and ConfigMap/\(inner)/a (environments/production/a.yaml:1) and 1 more object, "
                        + "which stay in Git, cannot be without it",
                    "apiextensions.k8s.io/CustomResourceDefinition/widgets.\(group): it is deleted, and \(group)/Widget/\(repository.namespace)/w "
                        + "(environments/production/widget.yaml:1), which stays in Git, cannot be without it",
                ])
            try await repository.expect(0, "plan", "production", "--no-prune", "--out", "b.plan")
            let unpruned = (try repository.json("b.plan")["warnings"]?.array ?? []).compactMap(\.string)
            #expect(!unpruned.contains { $0.contains("cannot be without it") }, "\(unpruned)")
            try await repository.cluster.delete("/api/v1/namespaces/\(inner)")
        }
    }

    @Test func aNamespaceAndItsContent() async throws {
        try await TestRepository.with(hasNamespace: false) { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try repository.manifest("namespace.yaml", Samples.namespace(repository.namespace))
            try await repository.commit()
            let plan = try await repository.expect(0, "plan", "production", "--out", "a.plan")
            #expect(plan.output.contains("2 to create"), "\(plan)")
            let applied = try await repository.expect(0, "apply", "a.plan")
            #expect(applied.error.contains("2 succeeded"), "\(applied)")
            #expect(try await repository.setting("a", "color") == "red")
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
        }
    }

    @Test func aFinalizerHoldsADeletion() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try repository.manifest("b.yaml", Samples.configMap("b"))
            try await repository.commit()
            try await repository.deploy()
            try await repository.cluster.edit(repository.configMap("b"), #"{"metadata":{"finalizers":["example.org/hold"]}}"#)
            try repository.remove("environments/production/b.yaml")
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let held = try await repository.expect(5, "apply", "a.plan", "--timeout", "1s")
            #expect(held.error.contains("example.org/hold"), "\(held)")
            try await repository.cluster.edit(repository.configMap("b"), #"{"metadata":{"finalizers":null}}"#)
            try await repository.deploy()
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
            #expect(try await repository.setting("b", "color") == nil)
        }
    }

    @Test func aFailureSkipsWhatDependsOnIt() async throws {
        try await TestRepository.with(hasNamespace: false) { repository in
            let dependency = ["config.kubernetes.io/depends-on": "/namespaces/\(repository.namespace)/Service/bad"]
            try repository.manifest("namespace.yaml", Samples.namespace(repository.namespace))
            // Refused no earlier than in the apply: before that its namespace is not there.
            try repository.manifest("bad.yaml", Samples.service("bad", port: 70000))
            try repository.manifest("dependent.yaml", Samples.configMap("dependent", annotations: dependency))
            try repository.manifest("other.yaml", Samples.configMap("other"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let result = try await repository.expect(5, "apply", "a.plan")
            #expect(result.error.contains("Service/\(repository.namespace)/bad"), "\(result)")
            #expect(result.error.contains("must be between 1 and 65535"), "\(result)")
            #expect(result.error.contains("which it depends on, failed"), "\(result)")
            #expect(try await repository.setting("dependent", "color") == nil)
            #expect(try await repository.setting("other", "color") == "red", "what does not depend on it goes on")
            let history = try await repository.expect(0, "history", "production")
            #expect(history.output.contains("failed"), "\(history)")
            try await repository.expect(0, "audit", "verify", "plumb-audit.jsonl")
            // Mended, it is completed.
            try repository.manifest("bad.yaml", Samples.service("bad"))
            try await repository.commit()
            try await repository.deploy()
            #expect(try await repository.setting("dependent", "color") == "red")
        }
    }

    @Test(.disabled(if: TestCluster.isReal, "needs the sandbox's faults"))
    func aServerInTroubleIsAskedAgain() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try repository.manifest("b.yaml", Samples.configMap("b"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let path = "/api/v1/namespaces/\(repository.namespace)/configmaps"
            try await repository.cluster.addFault("PATCH \(path)/a.*: 503 x2 retry-after=1")
            try await repository.cluster.addFault("PATCH \(path)/b.*: reset-after x1")
            try await repository.expect(0, "apply", "a.plan")
            #expect(try await repository.setting("a", "color") == "red")
            #expect(try await repository.setting("b", "color") == "red")
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
        }
    }
}
