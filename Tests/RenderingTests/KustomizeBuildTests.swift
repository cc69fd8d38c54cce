import Manifests
import Testing

@testable import Rendering

/// What the golden cases do not show: limits, places, the ways that only code takes.
@Suite struct KustomizeBuildTests {
    private func build(
        _ files: [String: String], folder: String = "", options: KustomizeOptions = KustomizeOptions()
    ) async throws -> KustomizeResult {
        try await KustomizeBuild.build(tree: MemoryFileTree(files), folder: folder, options: options)
    }

    private func fault(_ files: [String: String], options: KustomizeOptions = KustomizeOptions()) async -> Diagnostic? {
        do {
            _ = try await build(files, options: options)
            return nil
        } catch {
            return error as? Diagnostic
        }
    }

    private func account(_ name: String) -> String {
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: \(name)}\n"
    }

    @Test func manifestsKnowTheirPlace() async throws {
        let result = try await build(["kustomization.yaml": "resources: [a.yaml]", "a.yaml": account("a") + "---\n" + account("b")])
        #expect(result.manifests.map(\.source.description) == ["a.yaml:1", "a.yaml:5"])
    }

    @Test func filesOutsideAreReadWhenAllowed() async throws {
        let files = ["base/kustomization.yaml": "resources: [../a.yaml]", "a.yaml": account("a")]
        let refused = try? await build(files, folder: "base")
        #expect(refused == nil)
        let result = try await build(files, folder: "base", options: KustomizeOptions(loadRestrictor: .none))
        #expect(result.manifests.count == 1)
    }

    @Test func nothingOutsideTheTreeIsRead() async {
        let options = KustomizeOptions(loadRestrictor: .none)
        let fault = await fault(["kustomization.yaml": "resources: [../../etc/passwd]"], options: options)
        #expect(fault?.message == "the path '../../etc/passwd' leads out of the repository")
    }

    @Test func remoteBasesAreRefused() async {
        let fault = await fault(["kustomization.yaml": "resources:\n- https://user:secret@example.org/a/b//c?ref=v1"])
        #expect(fault?.message == "the remote base 'https://…@example.org/a/b//c?ref=v1' is not fetched")
        #expect(fault?.position?.line == 2)
    }

    @Test func remoteBasesAreFetchedWhenAllowed() async throws {
        struct Provider: RemoteBaseProvider {
            func file(_ url: String) async throws -> RemoteFile {
                url.hasSuffix("/a.yaml")
                    ? .content(Array("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: f}\n".utf8)) : .absent("status 404")
            }

            func base(_ url: RemoteBaseURL) async throws -> RemoteBase {
                let tree = MemoryFileTree([
                    "c/kustomization.yaml": "namePrefix: \(url.revision ?? "")-\nresources: [a.yaml]",
                    "c/a.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n",
                ])
                return RemoteBase(tree: tree, folder: url.folder, identity: "\(url.repository)@\(url.revision ?? "")")
            }
        }
        let result = try await build(
            ["kustomization.yaml": "resources: [\"https://example.org/a/b//c?ref=v1\"]"],
            options: KustomizeOptions(remoteBases: Provider()))
        #expect(result.manifests.map(\.name) == ["v1-a"])
    }

    @Test func foldersWithoutKustomizationAreRenderedAsFluxDoes() async throws {
        let files = [
            "apps/a.yaml": account("a"), "apps/deep/b.yml": account("b"), "apps/own/kustomization.yaml": "resources: [c.yaml]",
            "apps/own/c.yaml": account("c"), "apps/own/not-listed.yaml": account("d"), "apps/notes.txt": "none",
        ]
        let plain = try? await build(files, folder: "apps")
        #expect(plain == nil)
        let result = try await build(files, folder: "apps", options: KustomizeOptions(generatesKustomization: true))
        #expect(result.manifests.map(\.name) == ["a", "b", "c"])
    }

    @Test func generatedKustomizationsLeaveOutWhatFluxDoes() async throws {
        let files = [
            "apps/.github/workflows/ci.yaml": "on: push", "apps/.sops.yaml": "creation_rules: []", "apps/cloudbuild.yaml": "steps: []",
            "apps/.hidden/a.yaml": account("hidden"), "apps/own/kustomization.yaml": "resources: [../../shared/b.yaml]",
            "shared/b.yaml": account("b"), "apps/a.json": "{}",
        ]
        let rendered = try await EnvironmentRenderer.render(tree: MemoryFileTree(files), folder: "apps")
        // Flux lets kustomizations read all of the source.
        #expect(rendered.manifests.map(\.name) == ["hidden", "b"])
    }

    @Test func sharedBasesMeetOnlyOnce() async throws {
        let files = [
            "kustomization.yaml": "resources: [one, two]", "one/kustomization.yaml": "namePrefix: one-\nresources: [../base]",
            "two/kustomization.yaml": "namePrefix: two-\nresources: [../base]", "base/kustomization.yaml": "resources: [a.yaml]",
            "base/a.yaml": account("a"),
        ]
        let result = try await build(files)
        #expect(result.manifests.map(\.name) == ["one-a", "two-a"])
    }

    @Test func deprecatedFieldsWarn() async throws {
        let result = try await build([
            "kustomization.yaml": "commonLabels: {a: b}\nresources: []\nbases: [b]", "b/kustomization.yaml": "resources: []",
        ])
        #expect(result.warnings.map(\.message) == ["'bases' is deprecated", "'commonLabels' is deprecated"])
        #expect(result.warnings.map { $0.position?.line } == [3, 1])
    }

    @Test func numbersThatAreNotFiniteAreRefused() async throws {
        let files = ["kustomization.yaml": "resources: [a.yaml]", "a.yaml": account("a") + "x: .inf\n"]
        let fault = await #expect(throws: Diagnostic.self) { try await build(files) }
        #expect(fault?.position == SourcePosition(file: "a.yaml", line: 4, column: 4))
    }

    @Test func numbersThatReplacementsMakeMustBeFinite() async throws {
        let replacement = "replacements: [{sourceValue: '.inf', targets: [{select: {name: a}, fieldPaths: [x]}]}]"
        let result = try await build([
            "kustomization.yaml": "resources: [a.yaml]\n\(replacement)", "a.yaml": account("a") + "x: 1.5\n",
        ])
        #expect(throws: Diagnostic.self) { try KustomizeBuild.yaml(result.manifests) }
    }

    @Test(
        arguments: [
            ("https://github.com/org/repo//path/to?ref=v1&timeout=30s", "https://github.com/org/repo", "path/to", "v1"),
            ("github.com/org/repo/path", "https://github.com/org/repo", "path", nil),
            ("git@github.com:org/repo.git/path?version=x", "git@github.com:org/repo.git", "/path", "x"),
            ("ssh://git@host:22/a/b.git//c", "ssh://git@host:22/a/b.git", "c", nil),
        ] as [(String, String, String, String?)])
    func gitURLs(_ text: String, _ repository: String, _ folder: String, _ revision: String?) {
        let url = RemoteBaseURL(text)
        #expect(url?.repository == repository)
        #expect(url?.folder == folder.split(separator: "/").joined(separator: "/"))
        #expect(url?.revision == revision)
    }

    @Test(arguments: ["base", "../base", "./a/b.yaml", "/abs/path", "a.b/c"]) func pathsAreNoURLs(_ text: String) {
        #expect(RemoteBaseURL(text) == nil)
    }
}
