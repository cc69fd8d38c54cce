import Manifests
import Testing

/// What happens to a plan file on its way to apply.
@Suite struct PlanFileTests {
    private func withPlan(_ body: (TestRepository) async throws -> Void) async throws {
        try await TestRepository.with { repository in
            try repository.manifest("settings.yaml", Samples.configMap("settings"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            try await body(repository)
            #expect(try await repository.setting("settings", "color") == nil, "nothing was changed")
        }
    }

    @Test func anAlteredPlanIsForbidden() async throws {
        try await withPlan { repository in
            try repository.write("a.plan", repository.text("a.plan").replacingOccurrences(#""red""#, #""black""#))
            let result = try await repository.expect(4, "apply", "a.plan")
            #expect(result.error.contains("a.plan"), "\(result)")
        }
    }

    @Test(arguments: [0, 1, 100, -2, -100])
    func aTruncatedPlanIsRefused(length: Int) async throws {
        try await withPlan { repository in
            let text = try repository.text("a.plan")
            try repository.write("a.plan", String(length < 0 ? text.dropLast(-length) : text.prefix(length)))
            let result = try await repository.plumb("apply", "a.plan")
            #expect(result.code == 1 || result.code == 4, "\(result)")
            #expect(result.error.contains("a.plan"), "\(result)")
        }
    }

    @Test func aMissingPlanIsAnError() async throws {
        try await TestRepository.with(hasNamespace: false) { repository in
            let result = try await repository.expect(1, "apply", "nothing.plan")
            #expect(result.error.contains("nothing.plan"), "\(result)")
        }
    }

    @Test func theSameInputsGiveTheSamePlan() async throws {
        try await withPlan { repository in
            try await repository.expect(0, "plan", "production", "--out", "b.plan")
            let first = try repository.json("a.plan"), second = try repository.json("b.plan")
            for key in ["changes", "source", "target", "inventory", "summary", "warnings"] {
                #expect(first[key] == second[key], "\(key)")
            }
        }
    }
}
