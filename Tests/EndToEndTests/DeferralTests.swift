import Manifests
import Testing

/// Objects that the server cannot be asked about yet, because the same plan makes what they need.
@Suite struct DeferralTests {
    @Test func aMissingNamespaceIsToldOnce() async throws {
        try await TestRepository.with(hasNamespace: false) { repository in
            for name in ["a", "b", "c"] { try repository.manifest("\(name).yaml", Samples.configMap(name)) }
            try await repository.commit()
            let result = try await repository.expect(1, "plan", "production")
            #expect(result.error.contains("there is no namespace '\(repository.namespace)' for it and 2 more objects"), "\(result)")
            #expect(result.error.contains("environments/production/a.yaml:1"), "\(result)")
            #expect(result.error.split(separator: "\n").count == 2, "one error and its advice: \(result)")
        }
    }

    @Test func whatIsInAPlannedNamespaceIsCheckedAgainstTheSchema() async throws {
        try await TestRepository.with(hasNamespace: false) { repository in
            try repository.manifest("namespace.yaml", Samples.namespace(repository.namespace))
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            let plan = try await repository.expect(0, "plan", "production", "--out", "a.plan")
            #expect(plan.output.contains("not validated by the server yet: its namespace"), "\(plan)")
            let changes = try #require(repository.json("a.plan")["changes"]?.array)
            #expect(changes.last?.at("validation", "schema")?.string == "the schema of Kubernetes 1.36")
            try repository.manifest("b.yaml", "# One.\n" + Samples.deployment("b").replacingOccurrences("replicas: 2", "replica: 2"))
            try repository.manifest("c.yaml", Samples.deployment("c").replacingOccurrences("image:", "images:"))
            try repository.manifest("d.yaml", Samples.service("d").replacingOccurrences("port: 80", "port: eighty"))
            try await repository.commit()
            let refused = try await repository.expect(1, "plan", "production")
            #expect(
                refused.error.contains("environments/production/b.yaml:2: apps/Deployment/\(repository.namespace)/b: spec.replica"),
                "\(refused)")
            #expect(refused.error.contains("did you mean 'replicas'?"), "\(refused)")
            #expect(refused.error.contains("spec.template.spec.containers[0].images is no field"), "\(refused)")
            #expect(refused.error.contains("d.yaml:1") && refused.error.contains("spec.ports[0].port must be a whole number"), "\(refused)")
        }
    }

    @Test func aPlannedDefinitionChecksItsObjects() async throws {
        try await TestRepository.with { repository in
            let group = repository.definitionGroup
            let widget = "apiVersion: \(group)/v1\nkind: Widget\nmetadata: {name: a}\nspec: {size: 3}\n"
            try repository.manifest("definition.yaml", Samples.definition(group: group))
            try repository.manifest("a.yaml", widget)
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let changes = try #require(repository.json("a.plan")["changes"]?.array)
            #expect(changes.last?.at("validation", "schema")?.string == "the definition in this plan")
            try repository.manifest("a.yaml", widget.replacingOccurrences("size: 3", "size: three, color: red"))
            try await repository.commit()
            let refused = try await repository.expect(1, "plan", "production")
            #expect(refused.error.contains("environments/production/a.yaml:1"), "\(refused)")
            #expect(refused.error.contains("spec.size must be a whole number, and this is a string"), "\(refused)")
            #expect(refused.error.contains("spec.color is no field of this kind"), "\(refused)")
            // Once the definition is there, and the namespace is not.
            try repository.remove("environments/production/a.yaml")
            try await repository.commit()
            try await repository.deploy()
            let namespace = "\(repository.namespace)-new"
            try repository.manifest("namespace.yaml", Samples.namespace(namespace))
            try repository.manifest("a.yaml", widget.replacingOccurrences("name: a", "name: a, namespace: \(namespace)"))
            try repository.remove("environments/production/definition.yaml")
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--no-prune", "--out", "b.plan")
            let created = try #require(repository.json("b.plan")["changes"]?.array?.first { $0.at("object", "kind")?.string == "Widget" })
            #expect(created.at("validation", "schema")?.string == "the definition in the target", "\(created)")
        }
    }
}
