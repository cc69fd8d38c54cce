import Foundation
import Testing

/// Kustomizations whose bases are Git URLs.
@Suite struct RemoteBaseTests {
    /// Makes a repository with a base beside the test's own.
    /// - Returns: Its URL and its first commit.
    private func makeBase(_ repository: TestRepository) async throws -> (url: String, commit: String) {
        let path = "\(repository.folder)/remote"
        try FileManager.default.createDirectory(atPath: "\(path)/base", withIntermediateDirectories: true)
        try Data(Samples.configMap("shared").utf8).write(to: URL(fileURLWithPath: "\(path)/base/a.yaml"))
        try Data("resources: [a.yaml]\n".utf8).write(to: URL(fileURLWithPath: "\(path)/base/kustomization.yaml"))
        func git(_ arguments: String...) async throws -> String {
            let result = try await ChildProcess.run("git", arguments, environment: repository.environment, in: path)
            guard result.code == 0 else { throw TestFailure("\(result)") }
            return result.output.trimmingCharacters(in: .newlines)
        }
        _ = try await git("init", "--quiet", "--initial-branch", "main")
        _ = try await git("add", "--all", ".")
        _ = try await git("commit", "--quiet", "--message", "base")
        _ = try await git("tag", "v1")
        return ("file://\(path)", try await git("rev-parse", "HEAD"))
    }

    private func kustomize(_ repository: TestRepository, _ resource: String) async throws {
        try repository.manifest("kustomization.yaml", "namePrefix: p-\nresources:\n- \(resource)\n")
        try await repository.commit()
    }

    @Test func theyAreFetchedWhenAllowedAlone() async throws {
        try await TestRepository.with(hasNamespace: false) { repository in
            let base = try await makeBase(repository)
            try await kustomize(repository, "\(base.url)//base?ref=v1")
            let refused = try await repository.expect(1, "render", "environments/production")
            #expect(refused.error.contains("kustomization.yaml:3:3") && refused.error.contains("--allow-remote-bases"), "\(refused)")
            #expect(refused.output.isEmpty)
            let allowed = try await repository.expect(0, "render", "environments/production", "--allow-remote-bases")
            #expect(allowed.output.contains("name: p-shared"), "\(allowed)")
            #expect(allowed.error.contains(base.commit), "a tag may move: \(allowed)")
            let commit = try await repository.expect(0, "render", "production", "--ref", "HEAD", "--allow-remote-bases")
            #expect(commit.output == allowed.output)
        }
    }

    @Test func aCommitIsNoMatterOfWarning() async throws {
        try await TestRepository.with(hasNamespace: false) { repository in
            let base = try await makeBase(repository)
            try await kustomize(repository, "\(base.url)//base?ref=\(base.commit)")
            let first = try await repository.expect(0, "render", "environments/production", "--allow-remote-bases")
            #expect(first.error.isEmpty, "\(first)")
            // What is in the cache needs the other repository no more.
            try FileManager.default.removeItem(atPath: "\(repository.folder)/remote")
            let second = try await repository.expect(0, "render", "environments/production", "--allow-remote-bases")
            #expect(second.output == first.output)
        }
    }

    @Test(arguments: [
        ("//base?ref=v2", "v2"), ("//none?ref=v1", "no folder 'none'"), ("//base?ref=v1&timeout=0.000001s", "timeout"),
    ]) func faultsNameTheLine(_ suffix: String, _ word: String) async throws {
        try await TestRepository.with(hasNamespace: false) { repository in
            let base = try await makeBase(repository)
            try await kustomize(repository, base.url + suffix)
            let result = try await repository.expect(1, "render", "environments/production", "--allow-remote-bases")
            #expect(result.error.contains("kustomization.yaml:3:3") && result.error.contains(word), "\(result)")
        }
    }

    @Test func anEnvironmentMayAllowThem() async throws {
        try await TestRepository.with { repository in
            let base = try await makeBase(repository)
            try repository.configure("allowRemoteBases: true")
            try await kustomize(repository, "\(base.url)//base?ref=\(base.commit)")
            let plan = try await repository.expect(0, "plan", "production", "--out", "p.plan")
            #expect(plan.output.contains("p-shared"), "\(plan)")
            _ = try await repository.expect(0, "apply", "p.plan", "--no-wait")
            let diff = try await repository.expect(0, "diff", "HEAD", "HEAD", "production")
            #expect(!diff.error.contains("error"), "\(diff)")
        }
    }
}
