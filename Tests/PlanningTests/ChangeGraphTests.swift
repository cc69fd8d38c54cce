import Manifests
import Planning
import Testing

@Suite struct ChangeGraphTests {
    private func reference(_ kind: String, _ name: String, group: String = "", namespace: String = "shop") -> ObjectReference {
        ObjectReference(group: group, kind: kind, namespace: namespace, name: name)
    }

    @Test func kindsComeInTheirStages() throws {
        let namespace = reference("Namespace", "shop", namespace: "")
        let deployment = reference("Deployment", "web", group: "apps")
        let config = reference("ConfigMap", "c")
        let graph = try ChangeGraph([
            OrderedObject(reference: deployment, needs: [config, namespace]), OrderedObject(reference: config, needs: [namespace]),
            OrderedObject(reference: namespace, needs: []),
        ])
        #expect(graph.ordered == [namespace, config, deployment])
        #expect(graph.needs[deployment] == [namespace, config])
    }

    @Test func aStatedNeedWinsOverTheStageOfTheKind() throws {
        let config = reference("ConfigMap", "c")
        let job = reference("Job", "migrate", group: "batch")
        let graph = try ChangeGraph([OrderedObject(reference: config, needs: [job]), OrderedObject(reference: job, needs: [])])
        #expect(graph.ordered == [job, config])
    }

    @Test func whatIsNotInThePlanIsNotWaitedFor() throws {
        let config = reference("ConfigMap", "c")
        let graph = try ChangeGraph([OrderedObject(reference: config, needs: [reference("Secret", "elsewhere"), config])])
        #expect(graph.needs.isEmpty)
    }

    @Test func aCycleIsShown() {
        let (a, b, c) = (reference("ConfigMap", "a"), reference("ConfigMap", "b"), reference("ConfigMap", "c"))
        let error = #expect(throws: Diagnostic.self) {
            try ChangeGraph([
                OrderedObject(reference: a, needs: [b]), OrderedObject(reference: b, needs: [c]), OrderedObject(reference: c, needs: [b]),
            ])
        }
        #expect(error?.message.contains("ConfigMap/shop/b needs ConfigMap/shop/c needs ConfigMap/shop/b") == true)
    }

    @Test func longChainsDoNotOverflow() throws {
        let objects = (0..<20_000).map { index in
            OrderedObject(
                reference: reference("ConfigMap", "c\(index)"), needs: index > 0 ? [reference("ConfigMap", "c\(index - 1)")] : [])
        }
        #expect(try ChangeGraph(objects.reversed()).ordered == objects.map(\.reference))
    }

    @Test func referencesOfAPodAreInferred() {
        let pod: Value = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["namespace": "shop"],
            "spec": [
                "template": [
                    "spec": [
                        "serviceAccountName": "sa", "volumes": [["configMap": ["name": "v"]], ["secret": ["secretName": "s"]]],
                        "containers": [["envFrom": [["configMapRef": ["name": "e"]]]]],
                    ]
                ]
            ],
        ]
        #expect(
            Set(InferredReferences.references(in: pod).map(\.id))
                == ["ServiceAccount/shop/sa", "ConfigMap/shop/v", "Secret/shop/s", "ConfigMap/shop/e"])
    }

    @Test func statedDependenciesAreRead() throws {
        let manifest = Manifest(
            value: [
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": [
                    "name": "a", "annotations": ["config.kubernetes.io/depends-on": "apps/namespaces/shop/Deployment/web, /Namespace/shop"],
                ],
            ], source: SourcePosition(file: "a.yaml", line: 1))
        #expect(try DependsOn.references(of: manifest).map(\.id) == ["apps/Deployment/shop/web", "Namespace/shop"])
        var bad = manifest
        bad.value = [
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "a", "annotations": ["plumb.dev/depends-on": "web"]],
        ]
        #expect(throws: Diagnostic.self) { try DependsOn.references(of: bad) }
    }
}
