import Manifests
import Testing

@testable import Rendering

/// What follows from kustomize's working on nodes of YAML: quotes that stay, nodes that stand in two places, annotations
/// that it keeps for itself.
@Suite struct KustomizeNodeTests {
    private func text(_ files: [String: String]) async throws -> String {
        let result = try await KustomizeBuild.build(tree: MemoryFileTree(files), folder: "", options: KustomizeOptions())
        return String(decoding: try KustomizeBuild.yaml(result.manifests), as: UTF8.self)
    }

    private let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\nspec: {}\n"

    @Test func scalarsOverQuotedTextBecomeText() async throws {
        let built = try await text([
            "kustomization.yaml": """
            resources: [a.yaml]
            patches:
            - patch: |-
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: a}
                data: {number: 5, word: 1.50, plain: 7, block: true, new: 1}
            """,
            "a.yaml": """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: a}
            data:
              number: "1"
              word: 'abc'
              plain: abc
              block: |
                abc
            """,
        ])
        #expect(
            built == """
                apiVersion: v1
                data:
                  block: "true"
                  new: 1
                  number: "5"
                  plain: 7
                  word: "1.50"
                kind: ConfigMap
                metadata:
                  name: a

                """)
    }

    @Test func replicasKeepTheirQuotes() async throws {
        let built = try await text([
            "kustomization.yaml": "resources: [a.yaml]\nreplicas: [{name: a, count: 5}]\n",
            "a.yaml": deployment.replacing("spec: {}", with: "spec: {replicas: \"3\"}"),
        ])
        #expect(built.contains("replicas: \"5\""))
    }

    @Test func whoChangesASharedLabelChangesItEverywhere() async throws {
        let built = try await text([
            "kustomization.yaml": "resources: [base]\nlabels: [{pairs: {app: over}}]\n",
            "base/kustomization.yaml": "resources: [a.yaml]\ncommonLabels: {app: base, other: base}\n", "base/a.yaml": deployment,
        ])
        #expect(built.components("app: over") == 3 && built.components("app: base") == 0, "\(built)")
        #expect(built.components("other: base") == 3)
    }

    @Test func labelsThatWereThereAreNotShared() async throws {
        let built = try await text([
            "kustomization.yaml": "resources: [base]\nlabels: [{pairs: {app: over}}]\n",
            "base/kustomization.yaml": "resources: [a.yaml]\ncommonLabels: {app: base}\n",
            "base/a.yaml": deployment.replacing("name: a", with: "name: a\n  labels: {app: own}"),
        ])
        // The label in `metadata` has a node of its own; those of selector and template are one.
        #expect(built.components("app: over") == 1 && built.components("app: base") == 2, "\(built)")
    }

    @Test func annotationsMayBeAddedWhereThereAreNone() async throws {
        let built = try await text([
            "kustomization.yaml": """
            resources: [a.yaml]
            patches:
            - target: {kind: Deployment}
              patch: '[{"op": "add", "path": "/metadata/annotations/x", "value": "y"}]'
            """, "a.yaml": deployment,
        ])
        #expect(built.contains("annotations:\n    x: \"y\"\n"))
    }

    @Test(arguments: [(false, "0777", "~"), (true, "511", "null")])
    func annotationsThatAreNoText(_ isPatched: Bool, _ number: String, _ nothing: String) async throws {
        let patch = "patches:\n- target: {kind: Deployment}\n  patch: '[{\"op\": \"add\", \"path\": \"/spec/x\", \"value\": 1}]'\n"
        let built = try await text([
            "kustomization.yaml": "resources: [a.yaml]\n" + (isPatched ? patch : "namePrefix: p-\n"),
            "a.yaml": deployment.replacing("name: a", with: "name: a\n  annotations: {a: 0777, b: ~}"),
        ])
        #expect(built.contains("a: \"\(number)\"\n    b: \"\(nothing)\"\n"), "\(built)")
    }

    @Test func generatorsMergeTheTextsOfTheSource() async throws {
        let built = try await text([
            "kustomization.yaml":
                "resources: [a.yaml]\nconfigMapGenerator: [{name: a, behavior: merge, literals: [x=y]}]\n",
            "a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: 1E5, b: -.5}\n",
        ])
        #expect(built.contains("a: \"1E5\"\n  b: \"-.5\"\n"), "\(built)")
    }

    @Test func slashesInKeysOfTheBuiltInTable() async throws {
        let built = try await text([
            "kustomization.yaml":
                "resources: [a.yaml]\nnamePrefix: p-\nsecretGenerator: [{name: tls}]\ngeneratorOptions: {disableNameSuffixHash: true}\n",
            "a.yaml":
                "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i, annotations: {nginx.ingress.kubernetes.io/auth-secret: tls}}\n",
        ])
        #expect(built.contains("auth-secret: p-tls\n"), "\(built)")
    }

    @Test func variablesOfMappingsStay() async throws {
        let built = try await text([
            "kustomization.yaml": """
            resources: [a.yaml]
            vars: [{name: V, objref: {apiVersion: apps/v1, kind: Deployment, name: a}, fieldref: {fieldpath: metadata.labels}}]
            """,
            "a.yaml": """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: a, labels: {x: z}}
            spec: {template: {spec: {containers: [{name: c, args: [$(V)]}]}}}
            """,
        ])
        #expect(built.contains("- $(V)"), "\(built)")
    }
}

extension String {
    fileprivate func replacing(_ part: String, with other: String) -> String {
        split(separator: part, omittingEmptySubsequences: false).joined(separator: other)
    }

    /// How often a part occurs.
    fileprivate func components(_ part: String) -> Int { split(separator: part, omittingEmptySubsequences: false).count - 1 }
}
