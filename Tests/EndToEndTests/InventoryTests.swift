import Manifests
import Testing

/// Inventory, lock, several environments.
@Suite struct InventoryTests {
    @Test func twoEnvironmentsDoNotTouchEachOther() async throws {
        try await TestRepository.with { repository in
            try repository.write(
                "plumb.yaml",
                """
                apiVersion: plumb.dev/v1alpha1
                kind: Configuration
                environments:
                  - {name: one, path: one, namespace: \(repository.namespace)}
                  - {name: two, path: two, namespace: \(repository.namespace)}
                """)
            try repository.write("one/a.yaml", Samples.configMap("a"))
            try repository.write("one/b.yaml", Samples.configMap("b"))
            try repository.write("two/c.yaml", Samples.configMap("c"))
            try await repository.commit()
            for name in ["one", "two"] {
                try await repository.expect(0, "plan", name, "--out", "\(name).plan")
                try await repository.expect(0, "apply", "\(name).plan")
            }
            let both = try await repository.expect(0, "plan", "one", "two", "--detailed-exitcode")
            #expect(both.output.contains("Plan for one") && both.output.contains("Plan for two"), "\(both)")
            try repository.remove("one/b.yaml")
            try await repository.commit()
            try await repository.expect(0, "plan", "one", "--out", "one.plan")
            try await repository.expect(0, "apply", "one.plan")
            #expect(try await repository.setting("b", "color") == nil)
            #expect(try await repository.setting("c", "color") == "red")

            // What one has, two may not take without a word.
            try repository.write("two/a.yaml", Samples.configMap("a"))
            try await repository.commit()
            let taking = try await repository.expect(0, "plan", "two")
            #expect(taking.output.contains("plumb's environment 'one'"), "\(taking)")
            let misspelt = try await repository.expect(1, "plan", "onne")
            #expect(misspelt.error.contains("'one'"), "\(misspelt)")
        }
    }

    @Test func anInventoryInAFile() async throws {
        try await TestRepository.with { repository in
            try repository.configure("inventory: {file: state/inventory.json}")
            try repository.write("state/.gitignore", "*\n")
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try repository.manifest("b.yaml", Samples.configMap("b"))
            try await repository.commit()
            try await repository.deploy()
            #expect(try await repository.cluster.get(repository.configMap("plumb-inventory-production")) == nil)
            #expect(try repository.text("state/inventory.json").contains("\"b\""))
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
            try repository.remove("environments/production/b.yaml")
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "stale.plan")
            try await repository.deploy()
            #expect(try await repository.setting("b", "color") == nil)
            try await repository.expect(3, "apply", "stale.plan")
            let history = try await repository.expect(0, "history", "production")
            #expect(history.output.split(separator: "\n").count == 2, "\(history)")
        }
    }

    @Test func anotherRunHoldsTheLock() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            let path = "/apis/coordination.k8s.io/v1/namespaces/\(repository.namespace)/leases"
            try await repository.cluster.create(
                path,
                """
                {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"plumb-lock-production",
                "annotations":{"plumb.dev/actor":"grace","plumb.dev/host":"ci-7"}},"spec":{"holderIdentity":"run-of-grace",
                "leaseDurationSeconds":30,"acquireTime":"2100-01-01T00:00:00.000000Z","renewTime":"2100-01-01T00:00:00.000000Z"}}
                """)
            let locked = try await repository.expect(6, "apply", "a.plan")
            #expect(locked.error.contains("grace") && locked.error.contains("ci-7"), "\(locked)")
            #expect(try await repository.setting("a", "color") == nil)
            // A plan needs no lock.
            try await repository.expect(0, "plan", "production")
            // One that has run out is taken over.
            try await repository.cluster.edit(
                "\(path)/plumb-lock-production",
                #"{"spec":{"acquireTime":"2020-01-01T00:00:00.000000Z","renewTime":"2020-01-01T00:00:00.000000Z"}}"#)
            try await repository.expect(0, "apply", "a.plan")
            #expect(try await repository.setting("a", "color") == "red")
            #expect(try await repository.cluster.get("\(path)/plumb-lock-production") == nil, "the lock is given back")
        }
    }

    @Test func twoAppliesAtOnce() async throws {
        try await TestRepository.with { repository in
            for index in 0..<5 { try repository.manifest("c\(index).yaml", Samples.configMap("c\(index)")) }
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "a.plan")
            async let first = repository.plumb("apply", "a.plan", "--audit-log", "one.jsonl")
            async let second = repository.plumb("apply", "a.plan", "--audit-log", "two.jsonl")
            let codes = [try await first.code, try await second.code].sorted()
            // One wins; the other finds it locked, or already applied.
            #expect(codes == [0, 3] || codes == [0, 6], "\(codes)")
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
        }
    }

    @Test func historyOfWhatWasNeverApplied() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            let history = try await repository.expect(0, "history", "production")
            #expect(history.output.isEmpty && history.error.contains("never applied"), "\(history)")
        }
    }
}
