import Foundation
import Manifests
import Testing

/// The files in `ci/` that people copy: they parse, keep the rules of their systems, and their steps work.
@Suite struct CIFilesTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    private func documents(_ file: String) throws -> [Value] {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(Self.root)/ci/\(file)"))
        return try YAMLLoader.load(Array(bytes), file: file).map(\.value)
    }

    /// A script of a step, run by bash where plumb is in the path.
    private func run(_ script: String, _ repository: TestRepository, _ variables: [String: String]) async throws -> ProcessOutput {
        let plumb = try Binaries.plumb()
        let folder = plumb.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        var environment = repository.environment.merging(variables) { $1 }
        environment["PATH"] = "\(folder):\(TestRepository.searchPath)"
        return try await ChildProcess.run("bash", ["-e", "-o", "pipefail", "-c", script], environment: environment, in: repository.path)
    }

    // MARK: GitHub

    private func steps(_ workflow: Value, _ job: String) throws -> [Value] {
        try #require(workflow.at("jobs", job, "steps")?.array)
    }

    @Test(arguments: [("github/plan.yml", "plan"), ("github/apply.yml", "apply")])
    func workflowsAreSafe(file: String, job: String) async throws {
        let workflow = try #require(documents(file).first)
        // YAML 1.1 would read the key 'on' as true.
        #expect(workflow["on"] != nil || workflow["true"] != nil)
        #expect(workflow["permissions"]?.object != nil, "no more than what is named")
        #expect(workflow.at("jobs", job, "timeout-minutes")?.int != nil)
        #expect(workflow["concurrency"] != nil)
        for step in try steps(workflow, job) {
            #expect((step["run"] == nil) != (step["uses"] == nil), "\(step)")
            if let uses = step["uses"]?.string { #expect(uses.contains("@v") || uses.contains("@sha256:"), "a version is named: \(uses)") }
            guard let script = step["run"]?.string else { continue }
            #expect(!script.contains("${{"), "what others write must not become a part of a script: \(script)")
            let check = try await ChildProcess.run("bash", ["-n"], environment: ["PATH": TestRepository.searchPath], in: "/", input: script)
            #expect(check.code == 0, "\(check)")
        }
    }

    /// Plan on the request, comment, and apply of that very artifact after the merge.
    @Test func theWorkflowsStepsPlanAndApplyTheSamePlan() async throws {
        let plan = try steps(#require(documents("github/plan.yml").first), "plan")
        let apply = try steps(#require(documents("github/apply.yml").first), "apply")
        func script(_ steps: [Value], _ id: String) throws -> String {
            try #require(steps.first { $0["id"]?.string == id }?["run"]?.string)
        }
        try await TestRepository.with { repository in
            try repository.fleet([("a", ""), ("b", "")])
            try await repository.commit()
            try await repository.git("update-ref", "refs/remotes/origin/main", "HEAD")
            try await repository.git("checkout", "--quiet", "-b", "topic")
            try repository.desire("a", "green")
            let head = try await repository.commit()
            let variables = [
                "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "\(repository.folder)/summary.md", "BASE": "origin/main",
                "HEAD_COMMIT": head,
            ]
            let planned = try await run(script(plan, "plan"), repository, variables)
            #expect(planned.code == 0 && planned.output.contains("::group::Plan for a"), "\(planned)")
            #expect(!planned.output.contains("Plan for b"), "only what changed: \(planned)")
            let comment = try await run(script(plan, "comment"), repository, variables)
            #expect(comment.code == 0, "\(comment)")
            #expect(try repository.text("comment.md").contains("a-config"))
            // Not merged yet.
            let early = try await run(script(apply, "apply"), repository, variables)
            #expect(early.code == 1, "\(early)")
            try await repository.git("checkout", "--quiet", "main")
            try await repository.git("merge", "--quiet", "--no-ff", "--message", "merge", "topic")
            try await repository.git("update-ref", "refs/remotes/origin/main", "HEAD")
            let applied = try await run(script(apply, "apply"), repository, variables)
            #expect(applied.code == 0, "\(applied)")
            #expect(try await repository.color("a") == "green")
            #expect(try await repository.color("b") == nil)
            let summary = try String(contentsOfFile: "\(repository.folder)/summary.md", encoding: .utf8)
            #expect(summary.contains("### Applied: a at `\(head.prefix(12))`"), "\(summary)")
            let again = try await run(script(apply, "apply"), repository, variables)
            #expect(again.code == 3, "the plan was used: \(again)")
        }
    }

    // MARK: GitLab

    @Test func thePipelinesStepsWork() async throws {
        let pipeline = try #require(documents("gitlab-ci.yml").first)
        let stages = try #require(pipeline["stages"]?.array)
        func script(_ job: String) throws -> String {
            try #require(pipeline[job]?["script"]?.array).compactMap(\.string).joined(separator: "\n")
        }
        for job in ["plan:request", "plan", "apply"] {
            #expect(stages.contains(pipeline[job]?["stage"] ?? .null))
            #expect(pipeline[job]?["extends"] == ".plumb" && pipeline[job]?["rules"]?.array?.isEmpty == false)
        }
        #expect(pipeline["apply"]?["rules"]?.array?.first?["when"] == "manual")
        #expect(pipeline["apply"]?["resource_group"] != nil && pipeline["apply"]?["needs"] == ["plan"])
        try await TestRepository.with { repository in
            try repository.fleet([("a", ""), ("b", ""), ("c", "")])
            let base = try await repository.commit()
            try repository.desire("a", "green")
            let head = try await repository.commit()
            let variables = ["GITLAB_CI": "true", "CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "CI_COMMIT_SHA": head]
            let request = try await run(script("plan:request"), repository, variables)
            #expect(request.code == 0 && request.output.contains("section_start:"), "\(request)")
            #expect(FileManager.default.fileExists(atPath: "\(repository.path)/plans/a.plan"))
            #expect(!FileManager.default.fileExists(atPath: "\(repository.path)/plans/b.plan"))
            let count = try #require(pipeline["plan"]?["parallel"]?.int)
            for index in 1...count {
                let node = variables.merging(["CI_NODE_INDEX": "\(index)", "CI_NODE_TOTAL": "\(count)"]) { $1 }
                let plan = try await run(script("plan"), repository, node)
                #expect(plan.code == 0, "\(plan)")
            }
            let applied = try await run(script("apply"), repository, variables)
            #expect(applied.code == 0, "\(applied)")
            for (name, color) in [("a", "green"), ("b", "red"), ("c", "red")] { #expect(try await repository.color(name) == color) }
        }
    }

    // MARK: Kubernetes

    private static let manifests = ["kubernetes/rbac.yaml", "kubernetes/cronjob.yaml", "kubernetes/indexed-job.yaml"]

    /// The server's own schema says what is wrong with them: plumb plans them as it plans anything.
    @Test func theManifestsAreWhatTheServerTakes() async throws {
        try await TestRepository.with { repository in
            for file in Self.manifests {
                let text = try String(contentsOfFile: "\(Self.root)/ci/\(file)", encoding: .utf8)
                // In a namespace of the test's own.
                try repository.manifest(
                    file.split(separator: "/").last.map(String.init) ?? file,
                    text.replacingOccurrences(of: "namespace: plumb\n", with: "namespace: \(repository.namespace)\n")
                        .replacingOccurrences(of: "name: plumb\n  labels", with: "name: \(repository.namespace)\n  labels"))
            }
            try await repository.commit()
            let plan = try await repository.expect(0, "plan", "production")
            #expect(plan.output.contains("CronJob/") && !plan.output.contains("warning"), "\(plan)")
        }
    }

    @Test(arguments: ["kubernetes/cronjob.yaml", "kubernetes/indexed-job.yaml"]) func jobsAreRestricted(file: String) throws {
        let job = try #require(documents(file).first { $0["kind"] == "CronJob" }?["spec"])
        #expect(job["concurrencyPolicy"] == "Forbid")
        let pod = try #require(job.at("jobTemplate", "spec", "template", "spec"))
        #expect(pod["restartPolicy"] == "Never" && pod["serviceAccountName"] == "plumb")
        #expect(
            pod.at("securityContext", "runAsNonRoot") == true && pod.at("securityContext", "seccompProfile", "type") == "RuntimeDefault")
        let container = try #require(pod["containers"]?.array?.first)
        #expect(container.at("securityContext", "readOnlyRootFilesystem") == true)
        #expect(container.at("securityContext", "allowPrivilegeEscalation") == false)
        #expect(container.at("securityContext", "capabilities", "drop") == ["ALL"])
        let mounts = Set((container["volumeMounts"]?.array ?? []).compactMap { $0["name"]?.string })
        #expect(mounts == Set((pod["volumes"]?.array ?? []).compactMap { $0["name"]?.string }))
    }

    @Test func noRoleAsksForEverything() throws {
        for document in try documents("kubernetes/rbac.yaml") {
            for rule in document["rules"]?.array ?? [] {
                for key in ["apiGroups", "resources", "verbs"] {
                    #expect(rule[key]?.array?.contains("*") == false, "\(document["metadata"]?["name"] ?? .null)")
                }
            }
        }
    }

    /// The containers' own arguments, as the pods of the Indexed Job run them.
    @Test func theJobsArgumentsRun() async throws {
        let jobs = try documents("kubernetes/indexed-job.yaml")
        let spec = try #require(jobs.first?.at("spec", "jobTemplate", "spec"))
        let container = try #require(spec.at("template", "spec", "containers")?.array?.first)
        let completions = try #require(spec["completions"]?.int)
        var own: [String: String] = [:]
        for variable in container["env"]?.array ?? [] { own[variable["name"]?.string ?? ""] = variable["value"]?.string }
        #expect(own["JOB_COMPLETIONS"] == "\(completions)", "what Kubernetes does not tell pods")
        try await TestRepository.with { repository in
            let names = (0..<10).map { "e\($0)" }
            try repository.fleet(names.map { ($0, "syncPolicy: {automated: {}}") })
            try await repository.commit()
            let arguments = (container["args"]?.array ?? []).compactMap(\.string).map { text in
                text == "$(PLUMB_REPOSITORY)"
                    ? repository.path : text.replacingOccurrences(of: "/var/lib/plumb", with: repository.folder)
            }
            for index in 0..<completions {
                let variables = ["JOB_COMPLETION_INDEX": "\(index)", "JOB_COMPLETIONS": own["JOB_COMPLETIONS"] ?? ""]
                let pod = try await repository.plumb(arguments, with: variables)
                // A pod whose shard is empty has nothing to do.
                #expect(pod.code == 0, "\(pod)")
            }
            for name in names { #expect(try await repository.color(name) == "red") }
        }
    }

    // MARK: systemd

    @Test func theUnitsAreWellFormedAndTheirCommandRuns() async throws {
        func unit(_ file: String) throws -> [String: [(String, String)]] {
            let text = try String(contentsOfFile: "\(Self.root)/ci/systemd/\(file)", encoding: .utf8)
            var sections: [String: [(String, String)]] = [:]
            var section = ""
            for line in text.split(separator: "\n") where !line.hasPrefix("#") {
                if line.hasPrefix("[") {
                    section = String(line)
                } else {
                    let pair = line.split(separator: "=", maxSplits: 1).map(String.init)
                    try #require(pair.count == 2 && !section.isEmpty, "\(line)")
                    sections[section, default: []].append((pair[0], pair[1]))
                }
            }
            return sections
        }
        let (service, timer) = (try unit("plumb.service"), try unit("plumb.timer"))
        #expect(timer["[Timer]"]?.contains { $0 == ("Unit", "plumb.service") } == true)
        #expect(timer["[Timer]"]?.contains { $0.0 == "OnCalendar" } == true && timer["[Install]"] != nil)
        #expect(service["[Service]"]?.contains { $0 == ("Type", "oneshot") } == true)
        #expect(service["[Service]"]?.contains { $0 == ("SuccessExitStatus", "2") } == true)
        let command = try #require(service["[Service]"]?.first { $0.0 == "ExecStart" }?.1)
        try await TestRepository.with { repository in
            try repository.fleet([("a", "syncPolicy: {automated: {}}")])
            try await repository.commit()
            let words = command.split(separator: " ").dropFirst().map { word in
                word == "${PLUMB_REPOSITORY}" ? repository.path : word.replacingOccurrences(of: "/var/lib/plumb", with: repository.folder)
            }
            try await repository.expect(0, words)
            #expect(try await repository.color("a") == "red")
        }
    }
}
