import Foundation
import Manifests
import Testing

/// What plumb may delete, whose environment it is, and how an inventory is read and repaired.
@Suite struct OwnershipTests {
    @Test func twoRepositoriesWithOneEnvironment() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit("ours")
            try await repository.deploy()
            // A clone of it somewhere else, without its history, is the same repository by its remote.
            try await repository.git("remote", "add", "origin", "https://example.org/acme/shop.git")

            let other = "\(repository.folder)/other"
            try FileManager.default.createDirectory(atPath: "\(other)/environments/production", withIntermediateDirectories: true)
            try Data(Samples.configMap("b").utf8).write(to: URL(fileURLWithPath: "\(other)/environments/production/b.yaml"))
            try Data(try repository.text("plumb.yaml").utf8).write(to: URL(fileURLWithPath: "\(other)/plumb.yaml"))
            for arguments in [
                ["init", "--quiet", "--initial-branch", "main"], ["add", "."], ["commit", "--quiet", "--message", "theirs"],
            ] {
                let result = try await ChildProcess.run("git", arguments, environment: repository.environment, in: other)
                #expect(result.code == 0, "\(result)")
            }
            let refused = try await repository.expect(1, "plan", "production", "--repo", other, "--out", "b.plan")
            #expect(refused.error.contains("belongs to another repository") && refused.error.contains("--take-over"), "\(refused)")
            try await repository.expect(1, "destroy", "production", "--repo", other)
            #expect(try await repository.setting("a", "color") == "red")

            let taken = try await repository.expect(0, "plan", "production", "--repo", other, "--take-over", "--out", "b.plan")
            #expect(taken.output.contains("takes the environment over") || taken.error.contains("takes the environment over"), "\(taken)")
            // Its commit is no descendant of the one applied last.
            try await repository.expect(0, "apply", "b.plan", "--repo", other, "--allow-rollback")
            #expect(try await repository.setting("a", "color") == nil)
            #expect(try await repository.setting("b", "color") == "red")
            try await repository.expect(0, "plan", "production", "--repo", other, "--detailed-exitcode")
            // And now it is the first one that is refused.
            try await repository.expect(1, "plan", "production")
        }
    }

    @Test func aRepositoryThatMovedIsTheSame() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try await repository.commit()
            try await repository.git("remote", "add", "origin", "git@old.example.org:acme/shop.git")
            try await repository.deploy()
            try await repository.git("remote", "set-url", "origin", "https://new.example.org/acme/shop")
            try await repository.expect(0, "plan", "production", "--detailed-exitcode")
            // A shallow clone knows neither the commit applied last nor the first: the remote's URL tells.
            try repository.manifest("b.yaml", Samples.configMap("b"))
            try await repository.commit()
            let clone = "\(repository.folder)/clone"
            try await repository.git("clone", "--quiet", "--depth", "1", "file://\(repository.path)", clone)
            let set = try await ChildProcess.run(
                "git", ["remote", "set-url", "origin", "ssh://git@old.example.org/acme/shop"], environment: repository.environment,
                in: clone)
            #expect(set.code == 0)
            let plan = try await repository.plumb("plan", "production", "--repo", clone, "--detailed-exitcode")
            #expect(plan.code == 2, "\(plan)")
        }
    }

    static let keepers = [
        "plumb.dev/prevent-destroy": "true", "plumb.dev/prune": "disabled", "kustomize.toolkit.fluxcd.io/prune": "Disabled",
        "argocd.argoproj.io/sync-options": "Replace=true,Prune=false", "helm.sh/resource-policy": "keep",
        "cli-utils.sigs.k8s.io/on-remove": "keep", "client.lifecycle.config.k8s.io/deletion": "detach",
    ]

    @Test func whatAsksToBeKeptIsKeptAndReported() async throws {
        try await TestRepository.with { repository in
            for (index, keeper) in Self.keepers.sorted(by: { $0.key < $1.key }).enumerated() {
                try repository.manifest("k\(index).yaml", Samples.configMap("k\(index)", annotations: [keeper.key: keeper.value]))
            }
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try repository.manifest("owned.yaml", Samples.configMap("owned"))
            try repository.manifest("stay.yaml", Samples.configMap("stay"))
            try await repository.commit()
            try await repository.deploy()
            let owner = try await repository.cluster.get(repository.configMap("stay"))?.at("metadata", "uid")?.string ?? ""
            try await repository.cluster.edit(
                repository.configMap("owned"),
                #"{"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"stay","uid":"\#(owner)","controller":true}]}}"#
            )
            for index in 0..<Self.keepers.count { try repository.remove("environments/production/k\(index).yaml") }
            for name in ["a", "owned"] { try repository.remove("environments/production/\(name).yaml") }
            try await repository.commit()
            for _ in 0..<2 {
                // The second plan says the same: what is kept stays in the inventory.
                let plan = try await repository.expect(0, "plan", "production", "--out", "b.plan")
                for keeper in Self.keepers { #expect(plan.output.contains("its \(keeper.key) is '\(keeper.value)'"), "\(plan)") }
                #expect(plan.output.contains("ConfigMap 'stay' owns it"), "\(plan)")
                try await repository.expect(0, "apply", "b.plan")
                #expect(try await repository.setting("a", "color") == nil)
                for index in 0..<Self.keepers.count { #expect(try await repository.setting("k\(index)", "color") == "red") }
                #expect(try await repository.setting("owned", "color") == "red")
            }
        }
    }

    /// Restored from a backup it has another UID: whose it is, is not ours to say, now or at the next plan.
    @Test func anotherObjectOfTheSameNameIsNeverDeleted() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try repository.manifest("b.yaml", Samples.configMap("b"))
            try await repository.commit()
            try await repository.deploy()
            let path = repository.configMap("b")
            let tracking = try await repository.cluster.get(path)?.at("metadata", "annotations", "plumb.dev/tracking-id")?.string ?? ""
            try await repository.cluster.delete(path)
            try await repository.cluster.create(
                "/api/v1/namespaces/\(repository.namespace)/configmaps",
                #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b","annotations":{"plumb.dev/tracking-id":"\#(tracking)"}},"data":{"color":"gold"}}"#
            )
            try repository.remove("environments/production/b.yaml")
            try await repository.commit()
            for _ in 0..<3 {
                let plan = try await repository.expect(0, "plan", "production", "--out", "b.plan")
                #expect(plan.output.contains("another object of the same name"), "\(plan)")
                try await repository.expect(0, "apply", "b.plan")
                #expect(try await repository.setting("b", "color") == "gold")
            }
        }
    }

    @Test func someoneAsksToKeepItAfterThePlanWasMade() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try repository.manifest("b.yaml", Samples.configMap("b"))
            try await repository.commit()
            try await repository.deploy()
            try repository.remove("environments/production/b.yaml")
            try await repository.commit()
            try await repository.expect(0, "plan", "production", "--out", "b.plan")
            try await repository.cluster.edit(
                repository.configMap("b"), #"{"metadata":{"annotations":{"plumb.dev/prevent-destroy":"true"}}}"#)
            let stale = try await repository.expect(3, "apply", "b.plan")
            #expect(stale.error.contains("asked since to keep it"), "\(stale)")
            #expect(try await repository.setting("b", "color") == "red")
        }
    }

    @Test func anInventoryThatWasLostIsRebuilt() async throws {
        try await TestRepository.with { repository in
            let name = "lost-\(repository.namespace)"
            try repository.configure("path: environments/production", name: name)
            for map in ["a", "b", "c"] { try repository.manifest("\(map).yaml", Samples.configMap(map)) }
            try repository.manifest("web.yaml", Samples.deployment("web"))
            try await repository.commit()
            try await repository.expect(0, "plan", name, "--out", "deploy.plan")
            // A cluster without nodes never makes the deployment ready.
            try await repository.expect(0, "apply", "deploy.plan", "--no-wait")
            // A copy that some controller made carries the annotation of what it was copied from.
            let tracking = try await repository.cluster.get(repository.configMap("a"))?.at(
                "metadata", "annotations", "plumb.dev/tracking-id")?.string
            try await repository.cluster.create(
                "/api/v1/namespaces/\(repository.namespace)/configmaps",
                #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"copy","annotations":{"plumb.dev/tracking-id":"\#(tracking ?? "")"}}}"#
            )
            let text = try await repository.expect(0, "inventory", name)
            #expect(text.output.contains("4 objects") && text.output.contains("apps/Deployment/\(repository.namespace)/web  "), "\(text)")
            try await repository.expect(0, "inventory", name, "--rebuild")

            // Changed by hand into nonsense, and then lost as a whole.
            let path = repository.configMap("plumb-inventory-\(name)")
            for damage in [#"{"data":{"inventory":"{}"}}"#, nil] {
                if let damage { try await repository.cluster.edit(path, damage) } else { try await repository.cluster.delete(path) }
                if damage != nil {
                    let broken = try await repository.expect(1, "plan", name)
                    #expect(broken.error.contains("--rebuild"), "\(broken)")
                }
                let asked = try await repository.expect(1, "inventory", name, "--rebuild")
                #expect(asked.error.contains("--yes") && asked.output.contains("a  in the target, and not in the inventory"), "\(asked)")
                #expect(asked.output.contains("copy  left out"), "\(asked)")
                try await repository.expect(0, "inventory", name, "--rebuild", "--yes")
                let plan = try await repository.expect(0, "plan", name, "--detailed-exitcode")
                #expect(plan.output.contains("No changes."), "\(plan)")
                let found = try JSONParser.parse(Array(try await repository.expect(0, "inventory", name, "--json").output.utf8))
                #expect(
                    found["entries"]?.array?.count == 4
                        && found["entries"]?.array?.allSatisfy { $0["uid"]?.string?.isEmpty == false } == true)
            }
            // What was rebuilt is pruned as if it had never been lost.
            try repository.remove("environments/production/c.yaml")
            try await repository.commit()
            try await repository.deploy(name)
            #expect(try await repository.setting("c", "color") == nil)
            #expect(try await repository.cluster.get(repository.configMap("copy")) != nil)
            let log = try await repository.expect(0, "audit", "show", "plumb-audit.jsonl")
            #expect(log.output.contains("inventory \(name) --rebuild"), "\(log)")
            try await repository.expect(0, "audit", "verify", "plumb-audit.jsonl")
        }
    }

    @Test func anObjectThatMovesToAnotherEnvironmentIsForgotten() async throws {
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
                try await repository.expect(0, "plan", name, "--out", "x.plan")
                try await repository.expect(0, "apply", "x.plan")
            }
            try repository.remove("one/b.yaml")
            try repository.write("two/b.yaml", Samples.configMap("b"))
            try await repository.commit()
            for name in ["two", "one"] {
                try await repository.expect(0, "plan", name, "--out", "x.plan")
                try await repository.expect(0, "apply", "x.plan")
            }
            #expect(try await repository.setting("b", "color") == "red")
            let one = try await repository.expect(0, "inventory", "one")
            #expect(!one.output.contains("/b "), "\(one)")
            try await repository.expect(0, "plan", "one", "two", "--detailed-exitcode")
        }
    }
}
