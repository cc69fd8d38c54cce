import Manifests
import Testing

/// What a plan marks, names and refuses before anybody can overlook it.
@Suite struct DangerTests {
    @Test func theDeletionOfWhatTakesOthersWithItIsMarked() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try repository.manifest("b.yaml", Samples.configMap("b"))
            try repository.manifest("namespace.yaml", Samples.namespace("\(repository.namespace)-more"))
            try repository.manifest("definition.yaml", Samples.definition(group: repository.definitionGroup))
            try repository.manifest(
                "claim.yaml",
                "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c}\nspec: {accessModes: [ReadWriteOnce], "
                    + "storageClassName: none, resources: {requests: {storage: 1Gi}}}\n")
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            try await repository.expect(0, "apply", "a.plan", "--no-wait")
            for file in ["namespace", "definition", "claim"] { try repository.remove("environments/production/\(file).yaml") }
            let commit = try await repository.commit("tidy up")
            let plan = try await repository.expect(0, "plan", "production", "--out", "b.plan")
            #expect(plan.output.contains("! Deletes Namespace/\(repository.namespace)-more: everything in the namespace"), "\(plan)")
            #expect(plan.output.contains("all objects of its kind are deleted with it"), "\(plan)")
            #expect(plan.output.contains("the data on its volume is lost"), "\(plan)")
            for change in try #require(repository.json("b.plan")["changes"]?.array) where change["action"]?.string == "delete" {
                #expect(change["dangers"]?.array?.isEmpty == false, "\(change)")
                #expect(change.at("source", "commit")?.string == commit, "the commit that took it out: \(change)")
                #expect(change.at("source", "summary")?.string == "tidy up")
            }
            try await repository.expect(0, "apply", "b.plan", "--no-wait")
        }
    }

    @Test func tooManyDeletionsAreMarkedAndRefused() async throws {
        try await TestRepository.with { repository in
            try repository.configure("maxDeletes: 1")
            for name in ["a", "b", "c"] { try repository.manifest("\(name).yaml", Samples.configMap(name)) }
            try await repository.commit()
            try await repository.deploy()
            for name in ["a", "b"] { try repository.remove("environments/production/\(name).yaml") }
            try await repository.commit()
            let plan = try await repository.expect(0, "plan", "production", "--out", "b.plan")
            #expect(plan.output.contains("It deletes 2 of 3 objects, and 1 are allowed"), "\(plan)")
            #expect(try repository.json("b.plan")["dangers"]?.array?.count == 1)
            try await repository.expect(4, "apply", "b.plan")
            try await repository.expect(0, "apply", "b.plan", "--max-deletes", "2")
        }
    }

    /// A mistake in the repository, or in the configuration, must never become a plan that deletes everything.
    @Test func anEmptyOrMissingFolderIsAnErrorAndNoPlan() async throws {
        try await TestRepository.with { repository in
            for name in ["a", "b"] { try repository.manifest("\(name).yaml", Samples.configMap(name)) }
            try await repository.commit()
            try await repository.deploy()
            try repository.remove("environments/production/b.yaml")
            try repository.write("environments/production/a.yaml", "# Nothing.\n")
            try await repository.commit("empty")
            let empty = try await repository.expect(1, "plan", "production", "--out", "b.plan")
            #expect(empty.error.contains("renders to no object at all") && empty.error.contains("plumb destroy production"), "\(empty)")
            try repository.remove("environments/production/a.yaml")
            try repository.write("environments/staging/a.yaml", Samples.configMap("a"))
            try await repository.commit("gone")
            try await repository.expect(1, "plan", "production", "--out", "b.plan")
            #expect(throws: (any Error).self, "no plan was written") { try repository.text("b.plan") }
            #expect(try await repository.cluster.get(repository.configMap("b")) != nil)
        }
    }

    @Test func aRollbackNamesTheCommitsItUndoes() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            let first = try await repository.commit("first")
            var later: [String] = []
            for color in ["green", "blue"] {
                try repository.manifest("a.yaml", Samples.configMap("a", "color", color))
                later.append(try await repository.commit("make it \(color)"))
            }
            try await repository.deploy()
            let back = try await repository.expect(0, "plan", "production", "--ref", first, "--out", "back.plan")
            #expect(back.output.contains("This is a rollback") && back.output.contains("undoes 2 commits"), "\(back)")
            #expect(back.output.contains("Undoes \(later[1].prefix(12)) \"make it blue\" by Ada"), "\(back)")
            let undone = try #require(repository.json("back.plan")["undoes"]?.array)
            #expect(undone.compactMap { $0["commit"]?.string } == Array(later.reversed()))
            try await repository.expect(4, "apply", "back.plan")
        }
    }

    @Test func eachChangeSaysWhereAndInWhichCommitItWasMade() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            let first = try await repository.commit("first")
            try repository.manifest("b.yaml", "# The second.\n" + Samples.configMap("b"))
            let second = try await repository.commit("second")
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let changes = try #require(repository.json("a.plan")["changes"]?.array)
            #expect(changes.compactMap { $0.at("source", "commit")?.string } == [first, second])
            #expect(changes.compactMap { $0.at("source", "line")?.int } == [1, 2])
            #expect(changes[1].at("source", "author")?.string == "Ada <ada@example.org>")
        }
    }

    @Test func plansMadeTwiceAreTheSameBytes() async throws {
        try await TestRepository.with { repository in
            for index in 0..<20 { try repository.manifest("c\(index).yaml", Samples.configMap("c\(index)")) }
            try repository.manifest("web.yaml", Samples.deployment("web"))
            try repository.manifest("s.yaml", Samples.secret("s", "hunter2"))
            try repository.manifest("svc.yaml", Samples.service("svc"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "first.plan")
            try await repository.expect(0, "plan", "production", "--out", "again.plan")
            #expect(try constant(repository, "first.plan") == constant(repository, "again.plan"))
            try await repository.expect(0, "apply", "first.plan", "--no-wait")
            // All kinds of changes.
            for index in 0..<5 { try repository.manifest("c\(index).yaml", Samples.configMap("c\(index)", "color", "green")) }
            for index in 15..<20 { try repository.remove("environments/production/c\(index).yaml") }
            try repository.manifest("svc.yaml", Samples.service("svc", port: 81))
            try await repository.cluster.edit(repository.configMap("c7"), #"{"data":{"color":"blue"}}"#)
            try await repository.commit()
            for name in ["first.plan", "again.plan"] {
                try await repository.expect(0, "plan", "production", "--replace", "ConfigMap/\(repository.namespace)/c8", "--out", name)
            }
            #expect(try constant(repository, "first.plan") == constant(repository, "again.plan"))
            for action in ["update", "replace", "delete", "no-op"] {
                #expect(try #require(repository.json("first.plan").at("summary", action)?.int) > 0, "\(action)")
            }
        }
    }

    /// A plan without what differs from run to run.
    private func constant(_ repository: TestRepository, _ file: String) throws -> String {
        var plan = try repository.json(file)
        for key in ["createdAt", "runID", "digest"] { plan[key] = nil }
        return String(decoding: JSONWriter.pretty(plan), as: UTF8.self)
    }
}
