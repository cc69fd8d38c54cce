import Manifests
import Testing

/// Waves, rules and dependencies, as the log tells in which order they were carried out.
@Suite struct OrderTests {
    @Test func wavesAreCarriedOutOneAfterTheOther() async throws {
        try await TestRepository.with { repository in
            func wave(_ name: String, _ wave: String) throws {
                try repository.manifest(
                    "\(name).yaml", Samples.configMap(name, annotations: ["argocd.argoproj.io/sync-wave": wave]))
            }
            try wave("a-last", "5")
            try wave("z-first", "-1")
            try repository.manifest("middle.yaml", Samples.configMap("middle"))
            try await repository.commit()
            let plan = try await repository.expect(0, "plan", "production", "--out", "a.plan")
            #expect(plan.output.contains("Wave -1"), "\(plan)")
            #expect(plan.output.contains("Wave 5"), "\(plan)")
            try await repository.expect(0, "apply", "a.plan")
            #expect(try repository.started() == ["z-first", "middle", "a-last"])

            // Deletions run the waves backwards.
            for file in ["a-last", "z-first", "middle"] { try repository.remove("environments/production/\(file).yaml") }
            try repository.manifest("other.yaml", Samples.configMap("other"))
            try await repository.commit()
            let removal = try await repository.expect(0, "plan", "production", "--out", "b.plan")
            #expect(removal.output.contains("Deletions of wave 5"), "\(removal)")
            try await repository.expect(0, "apply", "b.plan")
            #expect(try repository.started().suffix(3) == ["a-last", "middle", "z-first"])
        }
    }

    @Test func kappsRulesAreFollowed() async throws {
        try await TestRepository.with { repository in
            try repository.manifest(
                "a.yaml", Samples.configMap("a", annotations: ["kapp.k14s.io/change-rule": "upsert after upserting database"]))
            try repository.manifest("z.yaml", Samples.configMap("z", annotations: ["kapp.k14s.io/change-group": "database"]))
            try await repository.commit()
            let plan = try await repository.expect(0, "plan", "production", "--out", "a.plan")
            #expect(plan.output.contains("after ConfigMap/\(repository.namespace)/z"), "\(plan)")
            try await repository.expect(0, "apply", "a.plan")
            #expect(try repository.started() == ["z", "a"])
        }
    }

    @Test func aCycleIsShownWithItsReasons() async throws {
        try await TestRepository.with { repository in
            let place = "/namespaces/\(repository.namespace)/ConfigMap/"
            try repository.manifest(
                "a.yaml", Samples.configMap("a", annotations: ["config.kubernetes.io/depends-on": place + "b"]))
            try repository.manifest(
                "b.yaml", Samples.configMap("b", annotations: ["plumb.dev/depends-on": "ConfigMap/\(repository.namespace)/a"]))
            try await repository.commit()
            let result = try await repository.expect(1, "plan", "production")
            let (a, b) = ("ConfigMap/\(repository.namespace)/a", "ConfigMap/\(repository.namespace)/b")
            #expect(result.error.contains("\(a) needs \(b): its annotation config.kubernetes.io/depends-on"), "\(result)")
            #expect(result.error.contains("\(b) needs \(a): its annotation plumb.dev/depends-on"), "\(result)")
            #expect(result.error.contains("environments/production/b.yaml"), "\(result)")
        }
    }

    @Test func aDependencyThatIsNotThereIsTold() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a", annotations: ["plumb.dev/depends-on": "ConfigMap/elsewhere/b"]))
            try await repository.commit()
            let plan = try await repository.expect(0, "plan", "production")
            #expect(plan.output.contains("ConfigMap/elsewhere/b") && plan.output.contains("not waited for"), "\(plan)")
        }
    }

    @Test func badAnnotationsAreRefusedWithTheirLine() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a", annotations: ["plumb.dev/timeout": "soon"]))
            try repository.manifest("b.yaml", Samples.configMap("b", annotations: ["plumb.dev/propagation": "later"]))
            try await repository.commit()
            let result = try await repository.expect(1, "plan", "production")
            #expect(result.error.contains("environments/production/a.yaml") && result.error.contains("plumb.dev/timeout"), "\(result)")
            #expect(result.error.contains("environments/production/b.yaml"), "all at once: \(result)")
        }
    }
}

extension TestRepository {
    /// The names of the objects in the order in which the log says that their changes were started.
    func started(log file: String = "plumb-audit.jsonl") throws -> [String] {
        try log(file).filter { $0["type"]?.string == "change-started" }.compactMap {
            $0["object"]?.string?.split(separator: "/").last.map(String.init)
        }
    }

    func log(_ file: String = "plumb-audit.jsonl") throws -> [Value] {
        try text(file).split(separator: "\n").map { try JSONParser.parse(Array($0.utf8)) }
    }

    func jobPath(_ name: String) -> String { "/apis/batch/v1/namespaces/\(namespace)/jobs/\(name)" }
}
