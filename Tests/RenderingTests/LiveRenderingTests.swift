import Manifests
import Rendering
import Synchronization
import Testing

/// `lookup` with a target that answers.
@Suite struct LiveRenderingTests {
    /// A target of the objects that it is given, which counts what it is asked.
    private final class Objects: LiveObjects {
        let objects: [LiveQuestion: Value]
        let asked = Mutex<[LiveQuestion]>([])

        init(_ objects: [LiveQuestion: Value]) { self.objects = objects }

        func answer(_ question: LiveQuestion) async throws -> Value {
            asked.withLock { $0.append(question) }
            if question.kind == "Forbidden" { throw Diagnostic("it is forbidden") }
            return objects[question] ?? .object(Object())
        }
    }

    private static func question(_ kind: String, _ name: String) -> LiveQuestion {
        LiveQuestion(apiVersion: "v1", kind: kind, namespace: "n", name: name)
    }

    private static let objects: [LiveQuestion: Value] = [
        question("ConfigMap", "first"): ["apiVersion": "v1", "kind": "ConfigMap", "data": ["next": "second"], "spec": ["count": 3]],
        question("ConfigMap", "second"): ["apiVersion": "v1", "kind": "ConfigMap", "data": ["color": "blue"]],
        // "correct-horse" and "admin".
        question("Secret", "db"): [
            "apiVersion": "v1", "kind": "Secret", "data": ["password": "Y29ycmVjdC1ob3JzZQ==", "user": "YWRtaW4="],
        ],
        LiveQuestion(apiVersion: "v1", kind: "Secret", namespace: "n", name: ""): [
            "apiVersion": "v1", "kind": "SecretList",
            "items": [["apiVersion": "v1", "kind": "Secret", "data": ["password": "Y29ycmVjdC1ob3JzZQ=="]]],
        ],
    ]

    private func render(_ template: String, _ target: Objects = Objects(objects)) async throws -> RenderedEnvironment {
        let tree = MemoryFileTree(["c/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n", "c/templates/t.yaml": template])
        let release = ChartRelease(location: .path("c"), name: "web", namespace: "n")
        var options = ChartOptions(releases: [release], isFolderOptional: true)
        options.live = target
        return try await EnvironmentRenderer.render(tree: tree, folder: "e", charts: options)
    }

    private func settings(_ data: String) -> String { "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {\(data)}\n" }

    @Test func whatAnObjectLeadsToIsLookedUpToo() async throws {
        let target = Objects(Self.objects)
        let rendered = try await render(
            "{{ $first := lookup \"v1\" \"ConfigMap\" \"n\" \"first\" }}{{ if $first }}{{ $second := lookup \"v1\" \"ConfigMap\" \"n\" $first.data.next }}"
                + settings("color: {{ $second.data.color }}, type: {{ kindOf $first.spec.count }}")
                + "{{ else }}{{ fail \"none\" }}{{ end }}",
            target)
        #expect(rendered.manifests[0].value.at("data", "color")?.string == "blue")
        #expect(rendered.manifests[0].value.at("data", "type")?.string == "int64")
        #expect(rendered.lookups.map(\.question) == [Self.question("ConfigMap", "first"), Self.question("ConfigMap", "second")])
        #expect(target.asked.withLock { $0.count } == 2)
    }

    @Test func whatIsNotThereIsEmpty() async throws {
        let rendered = try await render(settings("found: {{ lookup \"v1\" \"ConfigMap\" \"n\" \"none\" | empty | quote }}"))
        #expect(rendered.manifests[0].value.at("data", "found")?.string == "true")
    }

    @Test func aFaultIsTheTemplates() async throws {
        let template = settings("x: {{ lookup \"v1\" \"Forbidden\" \"n\" \"x\" | toJson | quote }}")
        let error = await #expect(throws: Diagnostic.self) { try await render(template) }
        #expect(error?.message.contains("error calling lookup: it is forbidden") == true, "\(error?.message ?? "")")
    }

    @Test func endlessNamesEnd() async throws {
        let template =
            "{{ define \"next\" }}{{ if lookup \"v1\" \"ConfigMap\" \"n\" . }}{{ include \"next\" (print . \"x\") }}{{ end }}{{ end }}{{ include \"next\" \"x\" }}"
        final class Everything: LiveObjects {
            func answer(_ question: LiveQuestion) async throws -> Value { ["kind": "ConfigMap"] }
        }
        let tree = MemoryFileTree(["c/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n", "c/templates/t.yaml": template])
        var options = ChartOptions(releases: [ChartRelease(location: .path("c"), name: "web", namespace: "n")], isFolderOptional: true)
        options.live = Everything()
        let error = await #expect(throws: Diagnostic.self) {
            try await EnvironmentRenderer.render(tree: tree, folder: "e", charts: options)
        }
        #expect(error?.message.contains("in more than") == true)
    }

    private static let secret = "{{ $s := lookup \"v1\" \"Secret\" \"n\" \"db\" }}"

    /// A value of a Secret gets nowhere but into Secrets, whatever is made of it.
    @Test(arguments: [
        "{{ $s.data.password }}", "{{ b64dec $s.data.password }}", "{{ b64dec $s.data.password | upper }}",
        "{{ b64dec $s.data.password | trunc 3 }}", "{{ $s | toJson | b64enc }}", "url-{{ b64dec $s.data.user }}",
        "{{ (index (lookup \"v1\" \"Secret\" \"n\" \"\").items 0).data.password }}", "{{ $s.data.password | sha256sum | trunc 10 }}",
        "{{ randAlphaNum 5 }}{{ $s.data.password }}",
    ])
    func secretsStayInSecrets(_ expression: String) async throws {
        let error = await #expect(throws: Diagnostics.self) {
            try await render(Self.secret + settings("x: {{ print \"\" }}\(expression)"))
        }
        let text = error?.description ?? ""
        #expect(text.contains("ConfigMap/settings: /data/x is made of what 'lookup' found in v1/Secret n/"), "\(text)")
        #expect(!text.contains("correct-horse"))
    }

    @Test(arguments: [
        // A digest, other values beside it, a random value, what merely looks the same.
        "{{ $s.data.password | sha256sum }}", "{{ len $s.data }}", "{{ if $s }}there{{ end }}", "{{ randAlphaNum 12 }}", "admin",
        "{{ keys $s.data | sortAlpha | join \"-\" }}",
    ])
    func whatIsNoSecretIsAllowed(_ expression: String) async throws {
        let rendered = try await render(Self.secret + settings("x: {{ print \"\" }}\(expression)"))
        #expect(rendered.manifests.count == 1)
    }

    @Test func aSecretMayHoldIt() async throws {
        let rendered = try await render(
            Self.secret + "apiVersion: v1\nkind: Secret\nmetadata: {name: copy}\ndata: {p: {{ $s.data.password }}}\n")
        #expect(rendered.manifests[0].value.at("data", "p")?.string == "Y29ycmVjdC1ob3JzZQ==")
        let error = await #expect(throws: Diagnostics.self) {
            try await render(
                Self.secret + "apiVersion: v1\nkind: Secret\nmetadata: {name: copy, labels: {p: {{ b64dec $s.data.password }}}}\n")
        }
        #expect(error?.description.contains("/metadata/labels/p") == true)
    }

    /// A name is told in every message, and a key in every path.
    @Test(arguments: [
        "metadata: {name: \"n-{{ b64dec $s.data.password }}\"}", "metadata: {name: \"n-{{ b64dec $s.data.password | upper | lower }}\"}",
        "metadata: {name: n}\ndata: {\"{{ b64dec $s.data.password }}\": x}",
        // Taken apart, so that no other value can be shown in its place.
        "metadata: {name: n}\ndata: {\"{{ b64dec $s.data.password }}\": x, y: \"{{ index (splitList \"-\" (b64dec $s.data.password)) 1 }}\"}",
    ])
    func namesAndKeysTellNoSecret(_ text: String) async throws {
        let error = await #expect(throws: Diagnostics.self) {
            try await render(Self.secret + "apiVersion: v1\nkind: ConfigMap\n\(text)\n")
        }
        #expect(error?.description.contains("is made of what 'lookup' found") == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("correct-horse") == false, "\(error?.description ?? "")")
    }

    @Test func errorsTellNoSecret() async throws {
        let error = await #expect(throws: Diagnostic.self) {
            try await render(Self.secret + "{{ fail (printf \"%s %v\" (b64dec $s.data.password) $s) }}")
        }
        #expect(error?.message.contains("(sensitive)") == true)
        for form in ["correct-horse", "Y29ycmVjdC1ob3JzZQ=="] { #expect(error?.message.contains(form) == false) }
    }
}
