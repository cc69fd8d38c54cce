import Foundation
import Manifests
import Testing

/// Several environments at once.
@Suite struct FleetTests {

    /// Environments that share a base, a component and a values-like file, and one that stands alone.
    private func withShared(_ body: (TestRepository) async throws -> Void) async throws {
        try await TestRepository.with { repository in
            var environments: [(name: String, settings: String)] = []
            for name in ["one", "two", "three", "alone"] { environments.append((name, "")) }
            try repository.fleet(environments)
            try repository.write("base/kustomization.yaml", "resources: [config.yaml]\n")
            try repository.write("base/config.yaml", Samples.configMap("shared"))
            try repository.write("base/unused.yaml", Samples.configMap("unused"))
            try repository.write(
                "components/blue/kustomization.yaml",
                "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\ncommonAnnotations: {paint: blue}\n")
            try repository.write("shared.properties", "a=1\n")
            for name in ["one", "two", "three"] {
                let component = name == "two" ? "components: [../../components/blue]\n" : ""
                let generator = name == "three" ? "configMapGenerator: [{name: three-map, files: [map.properties]}]\n" : ""
                try repository.write("environments/\(name)/map.properties", "a=1\n")
                try repository.write(
                    "environments/\(name)/kustomization.yaml",
                    "resources: [config.yaml, ../../base]\nnamePrefix: \(name)-\n\(component)\(generator)")
            }
            try await repository.commit()
            try await repository.git("tag", "before")
            try await body(repository)
        }
    }

    private func changed(_ repository: TestRepository, since: String = "before") async throws -> [String] {
        let folder = "plans-\(TestRepository.random())"
        try await repository.expect(0, ["plan", "--all", "--changed-since", since, "--out-dir", folder])
        let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(repository.path)/\(folder)")) ?? []
        return files.map { $0.replacingOccurrences(of: ".plan", with: "") }.sorted()
    }

    @Test func changesAreFollowedThroughBasesAndComponents() async throws {
        try await withShared { repository in
            #expect(try await changed(repository) == [])
            try repository.write("base/unused.yaml", Samples.configMap("unused", "size", "big"))
            try repository.write("README.md", "hello\n")
            try await repository.commit()
            #expect(try await changed(repository) == [], "nobody uses it")
            try repository.write("base/config.yaml", "# a comment\n" + Samples.configMap("shared"))
            try await repository.commit()
            #expect(try await changed(repository) == [], "it renders to the same")
            try repository.write(
                "components/blue/kustomization.yaml",
                "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\ncommonAnnotations: {paint: navy}\n")
            try await repository.commit()
            #expect(try await changed(repository) == ["two"])
            try repository.write("environments/three/map.properties", "a=2\n")
            try await repository.commit()
            #expect(try await changed(repository) == ["three", "two"])
            #expect(try await changed(repository, since: "HEAD~1") == ["three"])
            try repository.write("base/config.yaml", Samples.configMap("shared", "color", "green"))
            try await repository.commit()
            #expect(try await changed(repository) == ["one", "three", "two"])
            try repository.desire("alone", "green")
            try await repository.commit()
            #expect(try await changed(repository, since: "HEAD~1") == ["alone"])
        }
    }

    @Test func aSettingThatChangedCounts() async throws {
        try await withShared { repository in
            let text = try repository.text("plumb.yaml").replacingOccurrences(of: "- name: one\n", with: "- name: one\n    timeout: 9m\n")
            try repository.write("plumb.yaml", text)
            try repository.write("environments/new/config.yaml", Samples.configMap("new"))
            try await repository.commit()
            #expect(try await changed(repository) == ["one"])
        }
    }

    @Test func plansOneFileEachAndOneSummary() async throws {
        try await TestRepository.with { repository in
            try repository.fleet([("a", "dependsOn: [b]"), ("b", ""), ("broken", "")])
            try repository.write("environments/broken/config.yaml", "kind: [\n")
            try await repository.commit()
            let plan = try await repository.expect(1, ["plan", "--all", "--out-dir", "out/plans", "--detailed-exitcode"])
            #expect(plan.output.contains("3 environments: 2 planned, 1 failed"), "\(plan)")
            #expect(plan.error.contains("broken: error: environments/broken/config.yaml:"), "\(plan)")
            let rows = plan.output.split(separator: "\n").compactMap { $0.split(separator: " ").first }.map(String.init)
            let (b, a) = (rows.lastIndex(of: "b") ?? 0, rows.lastIndex(of: "a") ?? 0)
            #expect(b < a, "in the order of their dependencies: \(plan)")
            #expect(try repository.json("out/plans/b.plan")["environment"] == "b")
            try await repository.expect(2, "plan", "a", "b", "--detailed-exitcode")
            try await repository.expect(0, "plan", "a", "!broken")
            try await repository.expect(64, "plan")
            try await repository.expect(64, "plan", "a", "b", "--out", "x.plan")
            let wrong = try await repository.expect(1, "plan", "x*")
            #expect(wrong.error.contains("no environment matches 'x*'"), "\(wrong)")
            for name in ["a", "b"] { try await repository.expect(0, "apply", "out/plans/\(name).plan") }
            try await repository.expect(0, "plan", "a", "b", "--detailed-exitcode")
        }
    }

    @Test func shardsOfJobsCoverEverythingOnce() async throws {
        try await TestRepository.with { repository in
            let names = (0..<12).map { "e\($0)" }
            try repository.fleet(names.map { ($0, "") })
            try await repository.commit()
            var seen: [String] = []
            for index in 0..<3 {
                let run = try await repository.plumb(
                    ["plan", "--all", "--shard", "auto", "--out-dir", "shards"],
                    with: ["JOB_COMPLETION_INDEX": "\(index)", "JOB_COMPLETIONS": "3"])
                let same = try await repository.plumb(["plan", "--all", "--shard", "\(index + 1)/3"])
                #expect(run.code == 0 && same.code == 0, "\(run)\(same)")
                // Below the plans, which tell their times.
                let table = { (text: String) in text.components(separatedBy: "\nenvironment ").last ?? "" }
                #expect(table(run.output) == table(same.output))
                seen += table(run.output).split(separator: "\n").compactMap { $0.split(separator: " ").first }.map(String.init).filter(
                    names.contains)
            }
            #expect(Set(seen) == Set(names) && seen.count == names.count, "\(seen)")
            let unknown = try await repository.plumb(["plan", "--all", "--shard", "auto"])
            #expect(unknown.code == 64 && unknown.error.contains("PLUMB_SHARD_INDEX"), "\(unknown)")
            try await repository.expect(64, "plan", "--all", "--shard", "4/3")
        }
    }

    @Test func aRepositoryAndABranchPerEnvironment() async throws {
        try await TestRepository.with { repository in
            let other = "\(repository.folder)/other"
            try repository.fleet([
                ("folder", ""), ("branch", "ref: production\npath: environments/branch"),
                ("elsewhere", "repository: \(other)\nref: stable\npath: deploy"),
            ])
            try await repository.commit()
            try await repository.git("checkout", "--quiet", "-b", "production")
            try repository.desire("branch", "green")
            let production = try await repository.commit()
            try await repository.git("checkout", "--quiet", "main")
            try await repository.git("init", "--quiet", "--initial-branch", "stable", other)
            try FileManager.default.createDirectory(atPath: "\(other)/deploy", withIntermediateDirectories: true)
            try Samples.configMap("elsewhere-config", "color", "blue").write(
                toFile: "\(other)/deploy/c.yaml", atomically: true, encoding: .utf8)
            try await repository.git("-C", other, "add", ".")
            try await repository.git("-C", other, "commit", "--quiet", "--message", "one")
            try await repository.expect(0, ["plan", "--all", "--out-dir", "plans"])
            #expect(try repository.json("plans/branch.plan").at("source", "commit")?.string == production)
            #expect(try repository.json("plans/elsewhere.plan").at("source", "repository")?.string == other)
            for name in ["folder", "branch", "elsewhere"] { try await repository.expect(0, "apply", "plans/\(name).plan") }
            #expect(try await repository.color("folder") == "red")
            #expect(try await repository.color("branch") == "green")
            #expect(try await repository.color("elsewhere") == "blue")
            let list = try await repository.expect(0, "environments", "--drift")
            #expect(list.output.contains("(\(other)@stable)") && list.output.contains("(@production)"), "\(list)")
        }
    }

    @Test func listsEnvironments() async throws {
        try await TestRepository.with { repository in
            try repository.fleet([("a", "syncPolicy: {automated: {prune: true}}\napprovals: {required: 2}"), ("b", "context: nowhere")])
            let commit = try await repository.commit()
            try await repository.expect(0, "plan", "a", "--out", "a.plan")
            try await repository.expect(4, "apply", "a.plan")
            try repository.fleet([("a", "syncPolicy: {automated: {prune: true}}"), ("b", "context: nowhere")])
            let second = try await repository.commit()
            try await repository.expect(0, "run", "a")
            try await repository.paint("a", "pink")
            let offline = try await repository.expect(0, "environments", "--offline")
            #expect(offline.output.contains("a     environments/a  current  automated, prune"), "\(offline)")
            let list = try await repository.expect(1, "environments", "--drift", "--json")
            let all = try JSONParser.parse(Array(list.output.utf8))
            #expect(all["environments"]?.array?[0].at("lastApply", "commit")?.string == second)
            #expect(all["environments"]?.array?[0].at("lastApply", "commit")?.string != commit)
            #expect(all["environments"]?.array?[0].at("differences", "drift")?.int == 1)
            #expect(all["environments"]?.array?[1]["error"]?.string?.contains("nowhere") == true, "\(list)")
            let text = try await repository.expect(0, "environments", "a", "--drift")
            #expect(text.output.contains("1 drifted"), "\(text)")
            // Folders are found without a file.
            try repository.remove("plumb.yaml")
            try repository.write("clusters/eu/c.yaml", Samples.configMap("eu"))
            try await repository.commit()
            let found = try await repository.expect(0, "environments", "--offline")
            #expect(found.output.contains("clusters/eu") && found.output.contains("environments/a"), "\(found)")
        }
    }

    @Test func checksTheConfiguration() async throws {
        try await TestRepository.with(hasNamespace: false) { repository in
            try repository.write(
                "plumb.yaml",
                "apiVersion: plumb.dev/v1alpha1\nkind: Configuration\nenvironments:\n  - name: a\n    contxt: b\n    dependsOn: [c]\n    timeout: soon\n"
            )
            let check = try await repository.expect(1, "config", "check")
            #expect(check.error.contains("plumb.yaml:5:5: unknown key 'contxt'\n  did you mean 'context'?"), "\(check)")
            #expect(check.error.contains("plumb.yaml:7:5: 'timeout' must be a duration"), "every fault at once: \(check)")
            try repository.write(
                "plumb.yaml",
                "apiVersion: plumb.dev/v1alpha1\nkind: Configuration\nenvironments:\n  - {name: a, dependsOn: [b]}\n  - {name: b, dependsOn: [a]}\n"
            )
            let circle = try await repository.expect(1, "config", "check")
            #expect(circle.error.contains("goes round in a circle: a → b → a"), "\(circle)")
            try repository.write("environments/a/config.yaml", Samples.configMap("a"))
            try repository.write(
                "plumb.yaml", "apiVersion: plumb.dev/v1alpha1\nkind: Configuration\nenvironments: [{name: a}, {name: aa}]\n")
            let missing = try await repository.expect(1, "config", "check")
            #expect(missing.error.contains("environment 'aa': there is no folder 'environments/aa'"), "\(missing)")
            try await repository.expect(0, "config", "schema", "--of-policy")
            let schema = try await repository.expect(0, "config", "schema")
            #expect(
                try JSONParser.parse(Array(schema.output.utf8)).at("properties", "environments", "items", "properties", "syncPolicy") != nil
            )
            let version = try await repository.expect(0, "version", "--json")
            let libraries = try JSONParser.parse(Array(version.output.utf8))["libraries"]
            for name in ["libgit2", "libcurl", "libyaml"] { #expect(libraries?[name]?.string?.isEmpty == false, "\(version)") }
        }
    }

    // MARK: CI

    @Test func writesWhatGitHubReads() async throws {
        try await TestRepository.with { repository in
            try repository.fleet([("a", ""), ("bad", "")])
            try repository.write("environments/bad/config.yaml", "a: 1\nkind: [\n")
            try await repository.commit()
            let summary = "\(repository.folder)/summary.md"
            let variables = ["GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": summary]
            let plan = try await repository.expect(1, ["plan", "--all", "--ci"], with: variables)
            #expect(plan.output.contains("::group::Plan for a\n") && plan.output.contains("\n::endgroup::\n"), "\(plan)")
            #expect(plan.error.contains("::error file=environments/bad/config.yaml,line="), "\(plan)")
            let markdown = try String(contentsOfFile: summary, encoding: .utf8)
            #expect(markdown.contains("| a | planned | 1 |") && markdown.contains("| bad | failed |"), "\(markdown)")
            let plain = try await repository.expect(1, ["plan", "--all"], with: variables)
            #expect(!plain.output.contains("::group::") && !plain.error.contains("::error"), "only when asked: \(plain)")
            #expect(try String(contentsOfFile: summary, encoding: .utf8) == markdown)
        }
    }

    @Test func writesWhatGitLabReads() async throws {
        try await TestRepository.with { repository in
            try repository.fleet([("a", "")])
            try await repository.commit()
            let plan = try await repository.expect(0, ["plan", "a", "--ci"], with: ["GITLAB_CI": "true"])
            #expect(plan.output.contains("\u{1B}[0Ksection_start:") && plan.output.contains(":plan-a\r\u{1B}[0KPlan for a\n"), "\(plan)")
            #expect(plan.output.contains("section_end:"), "\(plan)")
        }
    }
}
