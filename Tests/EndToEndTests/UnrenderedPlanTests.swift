import Manifests
import Testing

/// Plans of environments that are as they were applied, in Git and in the target: nothing is rendered for them, and whatever is
/// otherwise is found all the same.
@Suite struct UnrenderedPlanTests {
    private func withApplied(_ body: (TestRepository) async throws -> Void) async throws {
        try await TestRepository.with { repository in
            for index in 0..<20 { try repository.manifest("c\(index).yaml", Samples.configMap("c\(index)")) }
            try repository.manifest("web.yaml", Samples.deployment("web").replacing("replicas: 2", with: "replicas: 0"))
            try repository.manifest("secret.yaml", Samples.secret("password", "hunter2"))
            try repository.write("elsewhere/note.txt", "one")
            try await repository.commit()
            try await repository.deploy()
            try await body(repository)
        }
    }

    /// Plans, and insists on whether anything was rendered.
    @discardableResult
    private func plan(
        _ repository: TestRepository, changes: Bool = false, isRendered: Bool, _ options: String...,
        at location: SourceLocation = #_sourceLocation
    ) async throws -> ProcessOutput {
        let arguments = ["plan", "production", "--detailed-exitcode", "--verbose"] + options
        let result = try await repository.expect(changes ? 2 : 0, arguments, at: location)
        #expect(isTold(result) == !isRendered, "\(result)", sourceLocation: location)
        return result
    }

    /// With a target that takes its time to answer, the objects are rendered meanwhile, and for nothing.
    private func isTold(_ result: ProcessOutput) -> Bool {
        result.error.contains("nothing was rendered") || result.error.contains("nothing had to be rendered")
    }

    /// What cannot be read cannot be rendered. A busy machine takes longer to answer than rendering waits: once is enough.
    @Test func nothingIsReadOfGit() async throws {
        try await withApplied { repository in
            let blob = try await repository.git("rev-parse", "HEAD:environments/production/c3.yaml")
            let file = ".git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))"
            try repository.remove(file)
            var result = try await repository.plumb("plan", "production", "--verbose")
            for _ in 0..<200 where result.code != 0 {
                #expect(result.code == 1 && result.error.contains("c3.yaml"), "rendered: \(result)")
                try await Task.sleep(for: .seconds(1))
                result = try await repository.plumb("plan", "production", "--verbose")
            }
            #expect(result.code == 0 && result.error.contains("nothing was rendered"), "\(result)")
            // Whoever needs the objects is told what is wrong.
            try await repository.expect(1, "plan", "production", "--out", "a.plan")
        }
    }

    @Test func whatIsAsItWasAppliedIsNotRendered() async throws {
        try await withApplied { repository in
            let result = try await plan(repository, isRendered: false)
            #expect(result.output.contains("No changes.") && result.output.contains("22 objects compared"), "\(result)")
            #expect(!result.output.contains("hunter2"))
            // Whoever wants the objects gets them, and is told the same.
            let whole = try await plan(repository, isRendered: true, "--out", "a.plan")
            func lines(_ output: ProcessOutput) -> [Substring] { output.output.split(separator: "\n").filter { !$0.contains("  made ") } }
            #expect(lines(result) == lines(whole))
            #expect(try repository.json("a.plan").at("summary", "no-op") == 22)
        }
    }

    @Test func otherFilesOfGitAreNoReasonToRender() async throws {
        try await withApplied { repository in
            try repository.write("elsewhere/note.txt", "two")
            try await repository.commit()
            try await plan(repository, isRendered: false)
            try repository.manifest("c3.yaml", Samples.configMap("c3", "color", "green"))
            try await repository.commit()
            try await plan(repository, changes: true, isRendered: true)
            try repository.manifest("c3.yaml", Samples.configMap("c3"))
            try await repository.commit()
            try await plan(repository, isRendered: false)
            try repository.remove("environments/production/c4.yaml")
            try await repository.commit()
            try await plan(repository, changes: true, isRendered: true)
        }
    }

    @Test func aBaseElsewhereIsRenderedAgain() async throws {
        try await TestRepository.with { repository in
            try repository.write("base/kustomization.yaml", "resources: [settings.yaml]\n")
            try repository.write("base/settings.yaml", Samples.configMap("settings"))
            try repository.manifest("kustomization.yaml", "resources: [../../base]\nnamePrefix: a-\n")
            try await repository.commit()
            try await repository.deploy()
            try await plan(repository, isRendered: false)
            try repository.write("base/settings.yaml", Samples.configMap("settings", "color", "green"))
            try await repository.commit()
            try await plan(repository, changes: true, isRendered: true)
        }
    }

    @Test func anotherConfigurationIsRendered() async throws {
        try await withApplied { repository in
            try repository.configure("timeout: 9m")
            try await repository.commit()
            try await plan(repository, isRendered: true)
            try repository.configure("ignoreDifferences: [{kind: ConfigMap, jsonPointers: [/data/color]}]")
            try await repository.commit()
            try await repository.cluster.edit(repository.configMap("c3"), #"{"data":{"color":"blue"}}"#)
            try await plan(repository, isRendered: true)
            try await repository.deploy()
            try await plan(repository, isRendered: true)
        }
    }

    @Test func whatIsSaidOutsideOfGitIsRendered() async throws {
        try await withApplied { repository in
            try await plan(repository, isRendered: true, "--config", "plumb.yaml")
            try await plan(repository, isRendered: true, "--target", "ConfigMap/\(repository.namespace)/c3")
            try await plan(repository, isRendered: true, "--no-prune")
            try await plan(
                repository, changes: true, isRendered: true, "--replace", "ConfigMap/\(repository.namespace)/c3", "--allow-replace", "*")
            // Applied by what is not in the commit, what the commit says tells nothing of it.
            try await repository.cluster.edit(repository.configMap("c3"), #"{"data":{"color":"blue"}}"#)
            try await repository.expect(0, "plan", "production", "--config", "plumb.yaml", "--out", "a.plan")
            try await repository.expect(0, "apply", "a.plan")
            try await plan(repository, isRendered: true)
        }
    }

    @Test func whatSomebodyChangedIsFound() async throws {
        try await withApplied { repository in
            let edits = [
                (repository.configMap("c3"), #"{"data":{"color":"blue"}}"#, "ConfigMap/\(repository.namespace)/c3"),
                (
                    "/api/v1/namespaces/\(repository.namespace)/secrets/password", #"{"data":{"password":"aHVudGVyMw=="}}"#,
                    "Secret/\(repository.namespace)/password"
                ),
                (
                    "/apis/apps/v1/namespaces/\(repository.namespace)/deployments/web",
                    #"{"metadata":{"annotations":{"plumb.dev/tracking-id":"x"}}}"#,
                    "apps/Deployment/\(repository.namespace)/web"
                ),
            ]
            for (path, patch, id) in edits {
                try await repository.cluster.edit(path, patch)
                let result = try await plan(repository, changes: true, isRendered: true)
                #expect(result.output.contains(id) && result.output.contains("1 to update"), "\(result)")
                #expect(!result.output.contains("aHVudGVyM") && !result.error.contains("aHVudGVyM"))
                // The others are not looked at twice.
                #expect(result.error.contains("1 dry run"), "\(result)")
                #expect(
                    result.error.contains("5 get"),
                    "the inventory, the cluster, two that are not listed, and what differs: \(result)")
                try await repository.deploy()
                try await plan(repository, isRendered: false)
            }
            try await repository.cluster.delete(repository.configMap("c3"))
            #expect(try await plan(repository, changes: true, isRendered: true).output.contains("1 to create"))
        }
    }

    @Test func anotherSecretInGitIsRendered() async throws {
        try await withApplied { repository in
            try repository.manifest("secret.yaml", Samples.secret("password", "hunter3"))
            try await repository.commit()
            let result = try await plan(repository, changes: true, isRendered: true)
            #expect(result.output.contains("1 to update"), "\(result)")
            try await repository.deploy()
            try await plan(repository, isRendered: false)
        }
    }

    /// What a server shows of a custom object may be otherwise without any change of the object.
    @Test func whatIsNotKnownByItsStateIsRendered() async throws {
        try await withApplied { repository in
            try repository.manifest("definition.yaml", Samples.definition(group: repository.definitionGroup))
            try repository.manifest(
                "widget.yaml", "apiVersion: \(repository.definitionGroup)/v1\nkind: Widget\nmetadata: {name: w}\nspec: {size: 1}\n")
            try await repository.commit()
            try await repository.deploy()
            try await plan(repository, isRendered: true)
        }
    }

    @Test func aPartThatWasAppliedTellsNothing() async throws {
        try await withApplied { repository in
            try repository.manifest("c3.yaml", Samples.configMap("c3", "color", "green"))
            try repository.manifest("c4.yaml", Samples.configMap("c4", "color", "green"))
            try await repository.commit()
            try await repository.expect(
                0, "plan", "production", "--target", "ConfigMap/\(repository.namespace)/c3", "--out", "a.plan")
            try await repository.expect(0, "apply", "a.plan")
            let result = try await plan(repository, changes: true, isRendered: true)
            #expect(result.output.contains("1 to update") && result.output.contains("c4"), "\(result)")
        }
    }

    /// A run remembers that a commit changes nothing, rendered or not.
    @Test func aRunNeedNotRenderEither() async throws {
        try await withApplied { repository in
            try repository.configure("syncPolicy: {automated: {prune: true, selfHeal: true}}")
            try await repository.commit()
            try await repository.expect(0, "run", "production")
            try repository.write("elsewhere/note.txt", "two")
            let commit = try await repository.commit()
            for _ in 0..<2 {
                let result = try await repository.expect(0, "run", "production", "--verbose")
                #expect(isTold(result), "\(result)")
            }
            let history = try await repository.expect(0, "history", "production", "--json")
            let applies = try JSONParser.parse(Array(history.output.utf8))["applies"]?.array ?? []
            #expect(applies.count == 3, "\(history)")
            #expect(applies.contains { $0["commit"]?.string == commit })
            try await plan(repository, isRendered: false)
            try await repository.cluster.edit(repository.configMap("c3"), #"{"data":{"color":"blue"}}"#)
            let healed = try await repository.expect(0, "run", "production", "--verbose")
            #expect(!isTold(healed))
            #expect(try await repository.setting("c3", "color") == "red")
            try await plan(repository, isRendered: false)
        }
    }
}
