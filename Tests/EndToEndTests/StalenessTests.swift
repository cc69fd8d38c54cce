import Testing

/// A plan whose assumptions do not hold any more is refused with 3, and only such a plan.
@Suite struct StalenessTests {
    /// A repository whose object is applied and whose next commit changes it; the plan for that is in `next.plan`.
    private func withPlannedUpdate(_ body: (TestRepository) async throws -> Void) async throws {
        try await TestRepository.with { repository in
            try repository.manifest("settings.yaml", Samples.configMap("settings"))
            try await repository.commit()
            try await repository.deploy()
            try repository.manifest("settings.yaml", Samples.configMap("settings", "color", "green"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "next.plan")
            try await body(repository)
        }
    }

    @Test func aPlannedFieldWasChanged() async throws {
        try await withPlannedUpdate { repository in
            try await repository.cluster.edit(repository.configMap("settings"), #"{"data":{"color":"blue"}}"#)
            let result = try await repository.expect(3, "apply", "next.plan")
            #expect(result.error.contains("stale"), "\(result)")
            #expect(result.error.contains("ConfigMap/\(repository.namespace)/settings"), "\(result)")
            #expect(result.error.contains("kubectl-edit"), "\(result)")
            #expect(try await repository.setting("settings", "color") == "blue", "nothing was changed")
        }
    }

    @Test func anUnrelatedFieldOfAnotherManagerDoesNotMatter() async throws {
        try await withPlannedUpdate { repository in
            try await repository.cluster.edit(
                repository.configMap("settings"), #"{"metadata":{"labels":{"seen":"yes"}},"data":{"other":"kept"}}"#)
            try await repository.expect(0, "apply", "next.plan")
            #expect(try await repository.setting("settings", "color") == "green")
            #expect(try await repository.setting("settings", "other") == "kept")
        }
    }

    @Test func anotherApplyCameBetween() async throws {
        try await withPlannedUpdate { repository in
            try repository.manifest("more.yaml", Samples.configMap("more"))
            try await repository.commit()
            try await repository.deploy()
            let result = try await repository.expect(3, "apply", "next.plan")
            #expect(result.error.contains("was applied since the plan was made"), "\(result)")
        }
    }

    @Test func theObjectWasCreatedMeanwhile() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("settings.yaml", Samples.configMap("settings"))
            try repository.manifest("second.yaml", Samples.configMap("second"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            try await repository.cluster.create(
                "/api/v1/namespaces/\(repository.namespace)/configmaps",
                #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings"},"data":{"color":"mine"}}"#)
            let result = try await repository.expect(3, "apply", "a.plan")
            #expect(result.error.contains("it exists by now"), "\(result)")
            #expect(try await repository.setting("settings", "color") == "mine")
            #expect(try await repository.setting("second", "color") == nil, "nothing was changed, other objects neither")
        }
    }

    @Test func theObjectWasDeletedMeanwhile() async throws {
        try await withPlannedUpdate { repository in
            try await repository.cluster.delete(repository.configMap("settings"))
            let result = try await repository.expect(3, "apply", "next.plan")
            #expect(result.error.contains("it is gone"), "\(result)")
        }
    }

    @Test func anAppliedPlanCannotBeAppliedAgain() async throws {
        try await withPlannedUpdate { repository in
            try await repository.expect(0, "apply", "next.plan")
            try await repository.expect(3, "apply", "next.plan")
            try await repository.expect(0, "audit", "verify", "plumb-audit.jsonl")
        }
    }
}
