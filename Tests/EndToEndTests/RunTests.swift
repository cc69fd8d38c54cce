import Foundation
import Manifests
import Testing

/// What `plumb run` does on its own, and what it leaves to people.
@Suite struct RunTests {
    /// The same drift, the same commits and the same deletion under four policies: four outcomes.
    @Test func everyPolicyDoesWhatItAllowsAndNothingMore() async throws {
        try await TestRepository.with { repository in
            let policies = [
                (name: "watched", settings: ""), (name: "applied", settings: "syncPolicy: {automated: {}}"),
                (name: "pruned", settings: "syncPolicy: {automated: {prune: true}}"),
                (name: "healed", settings: "syncPolicy: {automated: {prune: true, selfHeal: true}}"),
            ]
            try repository.fleet(policies)
            let names = policies.map(\.name)
            for name in names {
                for other in ["drifts", "changes", "goes", "both"] {
                    try repository.write("environments/\(name)/\(other).yaml", Samples.configMap("\(name)-\(other)"))
                }
            }
            try await repository.commit()
            try await repository.expect(0, ["plan", "--all", "--out-dir", "first"])
            for name in names { try await repository.expect(0, "apply", "first/\(name).plan") }
            for name in names {
                for drifted in ["drifts", "both"] {
                    try await repository.cluster.edit(repository.configMap("\(name)-\(drifted)"), #"{"data":{"color":"pink"}}"#)
                }
                try repository.write("environments/\(name)/changes.yaml", Samples.configMap("\(name)-changes", "color", "green"))
                try repository.write("environments/\(name)/both.yaml", Samples.configMap("\(name)-both") + "  size: big\n")
                try repository.remove("environments/\(name)/goes.yaml")
            }
            try await repository.commit()
            let run = try await repository.expect(2, ["run", "--all", "--json"])
            let summary = try JSONParser.parse(Array(run.output.utf8))
            func result(_ name: String) -> Value? { summary["environments"]?.array?.first { $0["name"]?.string == name } }
            func live(_ name: String) async throws -> [String?] {
                var found: [String?] = []
                for other in ["drifts", "changes", "goes"] { found.append(try await repository.setting("\(name)-\(other)", "color")) }
                found.append(try await repository.setting("\(name)-both", "size"))
                return found
            }
            #expect(try await live("watched") == ["pink", "red", "red", nil])
            #expect(try await live("applied") == ["pink", "green", "red", nil])
            #expect(try await live("pruned") == ["pink", "green", nil, nil])
            #expect(try await live("healed") == ["red", "green", nil, "big"])
            #expect(names.map { result($0)?["withheld"]?.array?.count ?? 0 } == [4, 3, 2, 0], "\(run)")
            #expect(names.map { result($0)?["result"]?.string } == ["withheld", "withheld", "withheld", "applied"])
            #expect(names.map { result($0)?["exitCode"]?.int } == [2, 2, 2, 0])
            #expect(run.error.contains("pruned-both") && run.error.contains("Git changed it and so did others"), "\(run)")
            // Said once more, and done no more.
            try await repository.expect(2, "run", "pruned")
            try await repository.expect(0, "run", "healed")
            try await repository.expect(0, "audit", "verify", "plumb-audit.jsonl")
        }
    }

    @Test func aDeletedObjectComesBackOnlyWithSelfHeal() async throws {
        try await TestRepository.with { repository in
            try repository.fleet([("a", "syncPolicy: {automated: {}}"), ("b", "syncPolicy: {automated: {selfHeal: true}}")])
            try await repository.commit()
            try await repository.expect(0, ["run", "--all"])
            for name in ["a", "b"] { try await repository.cluster.delete(repository.configMap("\(name)-config")) }
            try await repository.expect(2, ["run", "--all"])
            #expect(try await repository.color("a") == nil)
            #expect(try await repository.color("b") == "red")
        }
    }

    @Test func dependenciesComeFirstAndTheirFailureHoldsOthersBack() async throws {
        try await TestRepository.with { repository in
            let automated = "syncPolicy: {automated: {}}\n"
            try repository.fleet([
                ("last", automated + "dependsOn: [middle]"), ("middle", automated + "dependsOn: [first]"), ("first", automated),
                ("other", automated),
            ])
            try await repository.commit()
            let run = try await repository.expect(0, ["run", "--all"])
            let order = ["first", "middle", "last"].map { name in run.error.range(of: "Applied: \(name) at")?.lowerBound }
            #expect(order[0] != nil && order[1] != nil && order[2] != nil, "\(run)")
            if let first = order[0], let middle = order[1], let last = order[2] { #expect(first < middle && middle < last, "\(run)") }

            // What the server refuses stops what depends on it, and nothing else.
            for name in ["first", "middle", "last", "other"] { try repository.desire(name, "green") }
            try repository.write("environments/middle/service.yaml", Samples.service("bad", port: 99_999))
            try await repository.commit()
            let failed = try await repository.expect(5, ["run", "--all"])
            #expect(try await repository.color("first") == "green")
            #expect(try await repository.color("other") == "green")
            #expect(try await repository.color("middle") == "red", "\(failed)")
            #expect(try await repository.color("last") == "red", "\(failed)")
            #expect(failed.output.contains("it depends on middle, which is failed"), "\(failed)")
        }
    }

    /// What Git changed and nobody may apply holds back what comes after it.
    @Test func withheldChangesHoldDependentsBack() async throws {
        try await TestRepository.with { repository in
            try repository.fleet([("base", ""), ("app", "syncPolicy: {automated: {}}\ndependsOn: [base]")])
            try await repository.commit()
            let run = try await repository.expect(2, ["run", "--all"])
            #expect(try await repository.color("app") == nil)
            #expect(run.output.contains("it depends on base, whose changes are withheld"), "\(run)")
            try await repository.expect(0, "plan", "base", "--out", "base.plan")
            try await repository.expect(0, "apply", "base.plan")
            try await repository.expect(0, ["run", "--all"])
            #expect(try await repository.color("app") == "red")
        }
    }

    @Test func approvalsAreNotGoneAround() async throws {
        try await TestRepository.with { repository in
            try repository.fleet([("a", "syncPolicy: {automated: {}}\napprovals: {required: 1}")])
            try await repository.commit()
            let run = try await repository.expect(2, ["run", "a", "--out-dir", "plans"])
            #expect(run.error.contains("needs an approval"), "\(run)")
            #expect(try await repository.color("a") == nil)
            try await repository.expect(4, "apply", "plans/a.plan")
        }
    }

    @Test(.disabled(if: TestCluster.isReal, "faults on demand are the sandbox's")) func failuresAreTriedAgain() async throws {
        try await TestRepository.with { repository in
            let retry = "syncPolicy: {automated: {}, retry: {limit: 2, backoff: {duration: 100ms}}}"
            try repository.fleet([("a", retry), ("b", "syncPolicy: {automated: {}}")])
            try await repository.commit()
            for name in ["a", "b"] {
                let path = "/api/v1/namespaces/\(repository.namespace)/configmaps/\(name)-config"
                try await repository.cluster.addFault(#"PATCH \#(path)\?(?!.*dryRun).*: 403 x1"#)
            }
            let run = try await repository.expect(5, ["run", "--all"])
            #expect(run.output.contains("2 attempts"), "\(run)")
            #expect(try await repository.color("a") == "red")
            #expect(try await repository.color("b") == nil)
            // A file that is wrong is wrong the next time too.
            try repository.write("environments/a/config.yaml", "a: [\n")
            try await repository.commit()
            let broken = try await repository.expect(1, "run", "a")
            #expect(!broken.error.contains("attempt 1 failed"), "\(broken)")
        }
    }

    @Test func anOlderRunDoesNotUndoANewerOne() async throws {
        try await TestRepository.with { repository in
            try repository.fleet([("a", "syncPolicy: {automated: {prune: true, selfHeal: true}}")])
            let older = try await repository.commit()
            try repository.desire("a", "green")
            let newer = try await repository.commit()
            try await repository.expect(0, "run", "a", "--ref", newer)
            let late = try await repository.expect(4, "run", "a", "--ref", older)
            #expect(late.error.contains("an older run does not undo a newer one"), "\(late)")
            #expect(try await repository.color("a") == "green")
            // A plan that was made before the newer apply is stale when it comes late.
            try repository.desire("a", "blue")
            let third = try await repository.commit()
            try await repository.expect(0, "plan", "a", "--ref", third, "--out", "late.plan")
            try repository.desire("a", "white")
            try await repository.commit()
            try await repository.expect(0, "run", "a")
            try await repository.expect(3, "apply", "late.plan")
            #expect(try await repository.color("a") == "white")
            try await repository.expect(0, "run", "a", "--ref", older, "--allow-rollback")
            #expect(try await repository.color("a") == "red")
        }
    }
}
