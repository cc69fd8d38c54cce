import KubernetesAPI
import Manifests
import Testing

@Suite("Discovery")
struct DiscoveryTests {
    private func value(_ json: String) throws -> Value { try JSONParser.parse(Array(json.utf8)) }

    @Test("the aggregated form: kinds, scopes, subresources, preferred versions, groups that are down")
    func aggregated() throws {
        let list = try value(
            """
            {"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","items":[
             {"metadata":{"name":"apps"},"versions":[{"version":"v1","freshness":"Current","resources":[
               {"resource":"deployments","responseKind":{"group":"apps","version":"","kind":"Deployment"},"scope":"Namespaced",
                "verbs":["get","list","patch"],"subresources":[{"subresource":"status","verbs":["get"]},{"subresource":"scale","verbs":["get"]}]}]}]},
             {"metadata":{"name":"batch"},"versions":[
               {"version":"v2","resources":[{"resource":"jobs","responseKind":{"kind":"Job"},"scope":"Namespaced","verbs":["get"]}]},
               {"version":"v1","resources":[{"resource":"jobs","responseKind":{"kind":"Job"},"scope":"Namespaced","verbs":["get"]},
                 {"resource":"nodes","responseKind":{"kind":"Node"},"scope":"Cluster","verbs":["get"]},{"resource":"broken"}]}]},
             {"metadata":{"name":"metrics.k8s.io"},"versions":[{"version":"v1beta1","freshness":"Stale"}]}]}
            """)
        var discovery = Discovery()
        DiscoveryDocuments.addAggregated(list, to: &discovery)
        let deployment = try #require(discovery.resource(for: GroupVersionKind(group: "apps", version: "v1", kind: "Deployment")))
        #expect(deployment.isNamespaced)
        #expect(deployment.subresources == ["status", "scale"])
        #expect(deployment.path(namespace: "shop", name: "web") == "/apis/apps/v1/namespaces/shop/deployments/web")
        #expect(discovery.resource(for: GroupKind(group: "batch", kind: "Job"))?.version == "v2")
        #expect(discovery.resource(for: GroupVersionKind(group: "batch", version: "v1", kind: "Node"))?.isNamespaced == false)
        #expect(discovery.resource(for: GroupKind(group: "batch", kind: "Nope")) == nil)
        #expect(discovery.isServed(group: "apps"))
        #expect(!discovery.isServed(group: "metrics.k8s.io"))
        #expect(discovery.failedGroups.keys.sorted() == ["metrics.k8s.io/v1beta1"])
        #expect(discovery.failure(ofGroup: "metrics.k8s.io") != nil)
        #expect(discovery.failure(ofGroup: "apps") == nil)
    }

    @Test("the old form")
    func legacy() throws {
        let groups = try value(
            """
            {"kind":"APIGroupList","groups":[{"name":"autoscaling","versions":[{"groupVersion":"autoscaling/v1"},{"groupVersion":"autoscaling/v2"}],
            "preferredVersion":{"groupVersion":"autoscaling/v2"}}]}
            """)
        #expect(DiscoveryDocuments.groupVersions(groups) == ["autoscaling/v2", "autoscaling/v1"])
        #expect(DiscoveryDocuments.groupVersions(try value(#"{"kind":"APIVersions","versions":["v1"]}"#)) == ["v1"])
        var discovery = Discovery()
        DiscoveryDocuments.addResourceList(
            try value(
                """
                {"kind":"APIResourceList","resources":[{"name":"pods","namespaced":true,"kind":"Pod","verbs":["get"]},
                {"name":"pods/eviction","namespaced":true,"kind":"Eviction","verbs":["create"]},{"name":"","kind":""}]}
                """), groupVersion: "v1", to: &discovery)
        let pod = try #require(discovery.resource(for: GroupKind(group: "", kind: "Pod")))
        #expect(pod.subresources == ["eviction"])
        #expect(pod.path(namespace: "a b", name: "x/y") == "/api/v1/namespaces/a%20b/pods/x%2Fy")
        #expect(pod.path() == "/api/v1/pods")
        #expect(discovery.resources.count == 1)
    }

    @Test("a custom resource definition's own resources can be added")
    func definitions() throws {
        var discovery = Discovery()
        discovery.add(
            customResourceDefinition: [
                "spec": [
                    "group": "ex.org", "scope": "Cluster", "names": ["kind": "Widget", "plural": "widgets"],
                    "versions": [
                        ["name": "v1alpha1", "served": true], ["name": "v1", "served": true, "subresources": ["status": [:]]],
                        ["name": "v2", "served": false],
                    ],
                ]
            ])
        let widget = try #require(discovery.resource(for: GroupKind(group: "ex.org", kind: "Widget")))
        #expect(widget.version == "v1")
        #expect(widget.subresources == ["status"])
        #expect(!widget.isNamespaced)
        #expect(discovery.resource(for: GroupVersionKind(group: "ex.org", version: "v2", kind: "Widget")) == nil)
        discovery.add(customResourceDefinition: .null)
    }

    @Test("versions are preferred as the server prefers them")
    func versions() {
        let sorted = ["foo10", "v1", "v11alpha2", "v3beta1", "v10", "foo1", "v12alpha1", "v11beta2", "v2", "v10beta3"].sorted {
            VersionOrder.isPreferred($0, over: $1)
        }
        #expect(sorted == ["v10", "v2", "v1", "v11beta2", "v10beta3", "v3beta1", "v12alpha1", "v11alpha2", "foo1", "foo10"])
    }
}
