import Testing

/// What limits a plan and an apply: deletions, scope, protected objects.
@Suite struct PolicyTests {
    /// A repository with `count` ConfigMaps c0, c1 … that are applied.
    private func withApplied(_ count: Int, annotations: [String: String] = [:], _ body: (TestRepository) async throws -> Void) async throws
    {
        try await TestRepository.with { repository in
            for index in 0..<count {
                try repository.manifest("c\(index).yaml", Samples.configMap("c\(index)", annotations: annotations))
            }
            try await repository.commit()
            try await repository.deploy()
            try await body(repository)
        }
    }

    private func remove(_ indexes: Range<Int>, of repository: TestRepository) async throws {
        for index in indexes { try repository.remove("environments/production/c\(index).yaml") }
        try await repository.commit()
    }

    @Test func deletingMoreThanHalfNeedsToBeAskedFor() async throws {
        try await withApplied(8) { repository in
            try await remove(1..<8, of: repository)
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let refused = try await repository.expect(4, "apply", "a.plan")
            #expect(refused.error.contains("--max-deletes 7"), "\(refused)")
            #expect(try await repository.setting("c7", "color") == "red", "nothing was changed")
            try await repository.expect(4, "apply", "a.plan", "--max-deletes", "10%")
            try await repository.expect(0, "apply", "a.plan", "--max-deletes", "7")
            #expect(try await repository.setting("c7", "color") == nil)
            #expect(try await repository.setting("c0", "color") == "red")
        }
    }

    @Test func theConfigurationLimitsDeletions() async throws {
        try await withApplied(3) { repository in
            try repository.configure("maxDeletes: 1")
            try await remove(1..<3, of: repository)
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            try await repository.expect(4, "apply", "a.plan")
            #expect(try await repository.setting("c2", "color") == "red")
        }
    }

    @Test func targetPlansForOneObjectAlone() async throws {
        try await withApplied(2) { repository in
            try repository.manifest("c0.yaml", Samples.configMap("c0", "color", "green"))
            try repository.manifest("c1.yaml", Samples.configMap("c1", "color", "green"))
            try await repository.commit()
            let id = "ConfigMap/\(repository.namespace)/c1"
            try await repository.expect(0, "plan", "production", "--target", id, "--out", "a.plan")
            try await repository.expect(0, "apply", "a.plan")
            #expect(try await repository.setting("c0", "color") == "red")
            #expect(try await repository.setting("c1", "color") == "green")
            let wrong = try await repository.expect(1, "plan", "production", "--target", "ConfigMap/\(repository.namespace)/c2")
            #expect(wrong.error.contains("did you mean"), "\(wrong)")
            try await repository.expect(2, "plan", "production", "--detailed-exitcode")
        }
    }

    @Test func noPruneDeletesNothing() async throws {
        try await withApplied(2) { repository in
            try await remove(1..<2, of: repository)
            try await repository.expect(0, "plan", "production", "--no-prune", "--out", "a.plan")
            try await repository.expect(0, "apply", "a.plan")
            #expect(try await repository.setting("c1", "color") == "red")
            // It is still remembered: a later plan deletes it.
            try await repository.deploy()
            #expect(try await repository.setting("c1", "color") == nil)
        }
    }

    @Test(arguments: [
        ("plumb.dev/prevent-destroy", "true"), ("plumb.dev/prune", "disabled"), ("argocd.argoproj.io/sync-options", "Prune=false"),
    ])
    func protectedObjectsAreKept(key: String, value: String) async throws {
        try await withApplied(2, annotations: [key: value]) { repository in
            try await remove(1..<2, of: repository)
            let plan = try await repository.expect(0, "plan", "production", "--out", "a.plan")
            #expect(plan.output.contains("not deleted") && plan.output.contains(key), "\(plan)")
            try await repository.expect(0, "apply", "a.plan")
            #expect(try await repository.setting("c1", "color") == "red")
        }
    }

    @Test func anObjectThatIsNotOursAnyMoreIsKept() async throws {
        try await withApplied(2) { repository in
            try await repository.cluster.edit(
                repository.configMap("c1"), #"{"metadata":{"annotations":{"plumb.dev/tracking-id":null}}}"#)
            try await remove(1..<2, of: repository)
            let plan = try await repository.expect(0, "plan", "production", "--out", "a.plan")
            #expect(plan.output.contains("No changes.") && plan.output.contains("not deleted"), "\(plan)")
            try await repository.expect(0, "apply", "a.plan")
            #expect(try await repository.setting("c1", "color") == "red")
        }
    }

    @Test func anEmptyFolderIsAnErrorAndDeletesNothing() async throws {
        try await withApplied(1) { repository in
            try repository.remove("environments/production/c0.yaml")
            try repository.manifest("notes.txt", "nothing here\n")
            try await repository.commit()
            let empty = try await repository.expect(1, "plan", "production")
            #expect(empty.error.contains("plumb destroy production"), "\(empty)")
            try repository.remove("environments")
            try await repository.commit()
            try await repository.expect(1, "plan", "production")
            #expect(try await repository.setting("c0", "color") == "red")
        }
    }

    @Test func destroyPlansTheDeletionOfEverything() async throws {
        try await withApplied(3) { repository in
            let plan = try await repository.expect(0, "destroy", "production", "--out", "a.plan")
            #expect(plan.output.contains("3 to delete"), "\(plan)")
            #expect(try await repository.setting("c0", "color") == "red", "a plan, never more")
            try await repository.expect(0, "apply", "a.plan", "--max-deletes", "100%")
            #expect(try await repository.setting("c0", "color") == nil)
            let inventory = try await repository.cluster.get(repository.configMap("plumb-inventory-production"))
            #expect(inventory == nil, "nothing is left")
            let lock = try await repository.cluster.get(
                "/apis/coordination.k8s.io/v1/namespaces/\(repository.namespace)/leases/plumb-lock-production")
            #expect(lock == nil, "nothing is left")
        }
    }
}
