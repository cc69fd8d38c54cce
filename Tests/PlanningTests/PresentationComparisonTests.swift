import Manifests
import Testing

@testable import Planning

struct PresentationComparisonTests {
    private func manifest(_ value: Value, line: Int = 1) -> Manifest {
        Manifest(value: value, source: SourcePosition(file: "all.yaml", line: line))
    }

    private func secret(_ data: Object, annotations: Object = Object()) -> Manifest {
        manifest([
            "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "db", "annotations": .object(annotations)],
            "stringData": .object(data),
            "type": "Opaque",
        ])
    }

    private func configMap(_ name: String, _ data: Object) -> Manifest {
        manifest(["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name)], "data": .object(data)])
    }

    private func deployment(image: String) -> Manifest {
        manifest([
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"],
            "spec": [
                "template": ["spec": ["containers": [["name": "log", "image": "log:1"], ["name": "web", "image": .string(image)]]]]
            ],
        ])
    }

    private func text(_ comparison: RevisionComparison) -> String {
        PresentationText(isColored: false).text(
            Presentation(before: .init(ref: "a", commit: "1"), after: .init(ref: "b", commit: "2"), environments: [comparison]))
    }

    @Test func objectsThatComeGoAndChange() {
        let comparison = RevisionComparison(
            environment: "test", before: [deployment(image: "web:1"), configMap("old", ["a": "1"]), configMap("same", [:])],
            after: [deployment(image: "web:2"), configMap("new", ["b": "2"]), configMap("same", [:])])
        #expect(comparison.changes.map(\.reference.id) == ["ConfigMap/new", "ConfigMap/old", "apps/Deployment/web"])
        #expect(comparison.unchangedCount == 1)
        let text = text(comparison)
        #expect(text.contains("~ spec.template.spec.containers[name=web].image: \"web:1\" -> \"web:2\""))
        #expect(text.contains("        - data:\n        -   a: \"1\"\n"))
        #expect(text.hasSuffix("Differences: 1 added, 1 changed, 1 removed, 1 the same.\n"))
    }

    @Test func secretsAreWithheld() {
        let comparison = RevisionComparison(
            environment: "test",
            before: [
                secret(
                    ["password": "hunter2", "same": "topsecret", "gone": "sesame"],
                    annotations: ["kubectl.kubernetes.io/last-applied-configuration": "hunter2"])
            ],
            after: [secret(["password": "swordfish", "same": "topsecret", "fresh": "abracadabra"], annotations: ["note": "x"])])
        let texts = [text(comparison), String(decoding: JSONWriter.pretty(comparison.encoded), as: UTF8.self)]
        for text in texts {
            for secret in ["hunter2", "swordfish", "sesame", "topsecret", "abracadabra"] { #expect(!text.contains(secret)) }
        }
        #expect(texts[0].contains("~ stringData.password: (sensitive) -> (another sensitive value)"))
        #expect(texts[0].contains("+ stringData.fresh") && texts[0].contains("- stringData.gone") && !texts[0].contains("stringData.same"))
        #expect(texts[0].contains("metadata.annotations.note"))
        let whole = RevisionComparison(environment: "test", before: [], after: [secret(["password": "swordfish"])])
        #expect(!text(whole).contains("swordfish") && text(whole).contains("password: (sensitive)"))
    }

    @Test(arguments: [
        ["data": ["hunter2"]] as Value, ["data": "hunter2"], ["stringData": ["a": ["b": "hunter2"]]], ["data": ["a": ["hunter2", 1]]],
    ])
    func secretsOfNoSuchFormAreWithheldToo(_ content: Value) {
        func secret(_ content: Value) -> Manifest {
            manifest(
                .object(
                    Object(
                        (content.object ?? Object()).members + [
                            Member(key: "apiVersion", value: "v1"), Member(key: "kind", value: "Secret"),
                            Member(key: "metadata", value: ["name": "db"]),
                        ])))
        }
        for other in [["data": ["a": "other"]] as Value, ["data": ["other"]], [:]] {
            for pair in [(content, other), (other, content)] {
                let comparison = RevisionComparison(environment: "test", before: [secret(pair.0)], after: [secret(pair.1)])
                #expect(!text(comparison).contains("hunter2"))
                #expect(comparison.changes.count == 1)
            }
        }
    }

    @Test func generatedNamesAreFollowed() {
        let comparison = RevisionComparison(
            environment: "test", before: [configMap("settings-6ct58987ht", ["level": "debug"])],
            after: [configMap("settings-b2dh9g5f4k", ["level": "info"])])
        #expect(comparison.changes.count == 1)
        let text = text(comparison)
        #expect(text.contains("~ ConfigMap/settings-b2dh9g5f4k") && text.contains("was named settings-6ct58987ht"))
        #expect(text.contains("~ data.level: \"debug\" -> \"info\""))
    }

    @Test func plansAreCompared() {
        var (before, after) = (bigPlan(changes: 20), bigPlan(changes: 20))
        #expect(!PlanComparison(before, after).hasDifferences)
        after.source.commit = String(repeating: "b", count: 40)
        after.inventory.resourceVersion = "2"
        let gone = after.changes.remove(at: 1)
        before.changes.remove(at: 2)
        let index = after.changes.firstIndex { $0.reference.kind == "Deployment" } ?? 0
        after.changes[index].differences[0].after = "registry.example.com/web:3"
        let comparison = PlanComparison(before, after)
        #expect(comparison.facts.map(\.name) == ["commit", "inventory"])
        #expect(comparison.changes.count == 3)
        let text = PresentationText(isColored: false).text(Presentation(comparison))
        #expect(text.contains("no longer planned") && text.contains(gone.id))
        #expect(
            text.contains(
                "- ~ spec.template.spec.containers[name=web].image: \"registry.example.com/web:1\" -> \"registry.example.com/web:2\""))
        #expect(
            text.contains(
                "+ ~ spec.template.spec.containers[name=web].image: \"registry.example.com/web:1\" -> \"registry.example.com/web:3\""))
        #expect(text.hasSuffix("Differences: 1 planned now, 1 planned otherwise, 1 no longer planned, 17 the same.\n"))
    }
}
