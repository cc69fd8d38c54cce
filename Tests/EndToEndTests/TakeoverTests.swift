import Manifests
import Testing

/// Objects that another tool has managed until now: what they say and the repository does not is removed.
@Suite struct TakeoverTests {
    private struct Tool: Sendable, CustomTestStringConvertible {
        /// How a plan calls it.
        let name: String
        let manager: String
        /// Whether it applies on the server's side.
        let applies: Bool
        var annotations: [(String, String)] = []
        var labels: [(String, String)] = []

        var testDescription: String { name }
    }

    private static let tools = [
        Tool(
            name: "kubectl apply", manager: "kubectl-client-side-apply", applies: false,
            annotations: [("kubectl.kubernetes.io/last-applied-configuration", "{}")]),
        Tool(name: "field manager 'kubectl'", manager: "kubectl", applies: true),
        Tool(
            name: "Argo CD's application 'shop'", manager: "argocd-controller", applies: true,
            annotations: [("argocd.argoproj.io/tracking-id", "shop:/ConfigMap:x/a")]),
        Tool(
            name: "Flux's Kustomization 'apps'", manager: "kustomize-controller", applies: true,
            labels: [("kustomize.toolkit.fluxcd.io/name", "apps")]),
        Tool(
            name: "Helm's release 'web'", manager: "helm", applies: false, annotations: [("meta.helm.sh/release-name", "web")]),
    ]

    /// Makes a Service as a tool does: with two ports, one of which the repository will not have.
    private func make(_ tool: Tool, in repository: TestRepository) async throws -> String {
        func json(_ pairs: [(String, String)]) -> String {
            "{" + pairs.map { "\"\($0.0)\":\"\($0.1.replacing("\"", with: "\\\""))\"" }.joined(separator: ",") + "}"
        }
        let body = """
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"a","annotations":\(json(tool.annotations + [("only", "there")])),\
            "labels":\(json(tool.labels))},"spec":{"selector":{"app":"a"},"sessionAffinity":"ClientIP",\
            "ports":[{"name":"web","port":80},{"name":"old","port":81}]}}
            """
        let collection = "/api/v1/namespaces/\(repository.namespace)/services"
        if tool.applies {
            let (status, answer) = try await repository.cluster.request(
                "PATCH", "\(collection)/a?fieldManager=\(tool.manager)", body: body, contentType: "application/apply-patch+yaml")
            #expect(status == 201, "\(answer)")
        } else {
            let (status, answer) = try await repository.cluster.request("POST", "\(collection)?fieldManager=\(tool.manager)", body: body)
            #expect(status == 201, "\(answer)")
        }
        return "\(collection)/a"
    }

    @Test(arguments: tools) private func whatOnlyTheToolHadIsRemoved(tool: Tool) async throws {
        try await TestRepository.with { repository in
            let path = try await make(tool, in: repository)
            // A field that somebody else owns is nobody's to remove.
            try await repository.cluster.edit(path, #"{"metadata":{"annotations":{"somebody":"else"}}}"#, manager: "kubectl-annotate")
            try repository.manifest(
                "a.yaml",
                "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  selector: {app: a}\n  ports: [{name: web, port: 80}]\n")
            try await repository.commit()
            let plan = try await repository.expect(0, "plan", "production", "--out", "a.plan")
            #expect(plan.output.contains("it is taken over from \(tool.name)"), "\(plan)")
            let change = try #require(repository.json("a.plan")["changes"]?.array?.first)
            #expect(change.at("takeover", "managers") == [.string(tool.manager)], "\(change)")
            let differing = (change["diff"]?.array ?? []).compactMap { $0["path"]?.string }
            #expect(differing.contains("/metadata/annotations/only"), "\(differing)")
            #expect(differing.contains("/spec/sessionAffinity"), "back to its default: \(differing)")
            #expect(differing.contains { $0.hasPrefix("/spec/ports/") }, "\(differing)")
            #expect(!differing.contains("/metadata/annotations/somebody"), "\(differing)")
            try await repository.expect(0, "apply", "a.plan")
            let live = try #require(await repository.cluster.get(path))
            #expect(live.at("metadata", "annotations", "only") == nil)
            #expect(live.at("metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration") == nil)
            #expect(live.at("metadata", "annotations", "somebody")?.string == "else")
            #expect(live.at("spec", "sessionAffinity")?.string == "None")
            #expect(live.at("spec", "ports")?.array?.count == 1)
            let managers = (live.at("metadata", "managedFields")?.array ?? []).compactMap { $0["manager"]?.string }
            #expect(!managers.contains(tool.manager), "\(managers)")
            let second = try await repository.expect(0, "plan", "production", "--detailed-exitcode")
            #expect(second.output.contains("No changes."), "\(second)")
        }
    }

    @Test func anotherEnvironmentsObjectIsNamed() async throws {
        try await TestRepository.with { repository in
            try repository.manifest("a.yaml", Samples.configMap("a"))
            try repository.write("environments/other/a.yaml", Samples.configMap("a"))
            try await repository.commit()
            try await repository.deploy()
            let plan = try await repository.expect(0, "plan", "environments/other", "--namespace", repository.namespace)
            #expect(plan.output.contains("it is taken over from plumb's environment 'production'"), "\(plan)")
        }
    }

    @Test func aTakeoverWithFieldsLeftOut() async throws {
        try await TestRepository.with { repository in
            let path = try await make(Self.tools[0], in: repository)
            try repository.manifest(
                "a.yaml",
                "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  selector: {app: b}\n  ports: [{name: web, port: 80}]\n")
            // Conflicts with the tool that hands the object over are none.
            try repository.configure("conflicts: fail")
            try await repository.commit()
            try await repository.deploy()
            #expect(try await repository.cluster.get(path)?.at("spec", "selector", "app")?.string == "b")
        }
    }
}
