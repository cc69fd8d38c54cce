import Manifests
import Planning
import Testing

@Suite struct UnchangedCheckTests {
    private func live(_ fields: Value, spec: Value) -> Value {
        [
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": [
                "name": "web", "namespace": "shop", "uid": "u", "annotations": ["a": "1", "b": "other's"],
                "managedFields": [
                    ["manager": "plumb", "operation": "Apply", "apiVersion": "apps/v1", "fieldsV1": fields],
                    ["manager": "m", "operation": "Update", "apiVersion": "apps/v1", "fieldsV1": ["f:status": [:]]],
                ],
            ],
            "spec": spec,
        ]
    }

    private func desired(_ spec: Value) -> Value {
        [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web", "namespace": "shop", "annotations": ["a": "1"]],
            "spec": spec,
        ]
    }

    private let fields: Value = [
        "f:metadata": ["f:annotations": ["f:a": [:]]],
        "f:spec": ["f:replicas": [:], "f:containers": ["k:{\"name\":\"web\"}": [".": [:], "f:name": [:], "f:image": [:]]], "f:args": [:]],
    ]
    private let spec: Value = ["replicas": 2, "containers": [["name": "web", "image": "1"]], "args": ["x"]]
    private let liveSpec: Value = [
        "replicas": 2, "containers": [["name": "web", "image": "1", "pullPolicy": "Always"], ["name": "sidecar"]], "args": ["x"], "d": 1,
    ]

    private func isUnchanged(_ desired: Value, _ live: Value, isAsApplied: Bool = false) -> Bool {
        UnchangedCheck(manager: "plumb", isAsApplied: isAsApplied).isUnchanged(desired: desired, live: live)
    }

    @Test func defaultsAndOthersFieldsDoNotMatter() {
        #expect(isUnchanged(desired(spec), live(fields, spec: liveSpec)))
    }

    static let changes: [(name: String, spec: Value)] = [
        ("another value", ["replicas": 3, "containers": [["name": "web", "image": "1"]], "args": ["x"]]),
        ("a field less", ["containers": [["name": "web", "image": "1"]], "args": ["x"]]),
        ("a field more", ["replicas": 2, "containers": [["name": "web", "image": "1"]], "args": ["x"], "d": 1]),
        ("another item", ["replicas": 2, "containers": [["name": "api", "image": "1"]], "args": ["x"]]),
        ("an item more", ["replicas": 2, "containers": [["name": "web", "image": "1"], ["name": "sidecar"]], "args": ["x"]]),
        ("an atomic list", ["replicas": 2, "containers": [["name": "web", "image": "1"]], "args": ["x", "y"]]),
        ("null", ["replicas": nil, "containers": [["name": "web", "image": "1"]], "args": ["x"]]),
    ]

    @Test(arguments: changes) func everyDifferenceIsLeftToTheServer(name: String, spec: Value) {
        #expect(!isUnchanged(desired(spec), live(fields, spec: liveSpec)), "\(name)")
    }

    @Test func aLostOwnershipIsLeftToTheServer() {
        let lost: Value = ["f:metadata": ["f:annotations": ["f:a": [:]]], "f:spec": ["f:replicas": [:]]]
        #expect(!isUnchanged(desired(spec), live(lost, spec: liveSpec)))
    }

    @Test func anotherVersionIsLeftToTheServer() {
        var other = desired(spec)
        other["apiVersion"] = "apps/v1beta1"
        #expect(!isUnchanged(other, live(fields, spec: liveSpec)))
    }

    /// A server's form of an atomic list's item, and the set that owns the list as a whole.
    private func tolerations(_ items: Value) -> Value {
        live(["f:metadata": ["f:annotations": ["f:a": [:]]], "f:spec": ["f:tolerations": [:]]], spec: ["tolerations": items])
    }

    @Test func whatAManifestNoLongerHasInAnAtomicListIsAChange() {
        let live = tolerations([["key": "dedicated", "effect": "NoSchedule"]])
        #expect(!isUnchanged(desired(["tolerations": [["key": "dedicated"]]]), live))
        #expect(
            isUnchanged(desired(["tolerations": [["key": "dedicated"]]]), live, isAsApplied: true), "the manifest of then: it is a default")
        #expect(isUnchanged(desired(["tolerations": [["key": "dedicated", "effect": "NoSchedule"]]]), live))
    }

    @Test func anEmptiedFieldIsAChange() {
        let live = tolerations([["key": "dedicated"]])
        for empty in [Value.null, [], [:]] {
            #expect(!isUnchanged(desired(["tolerations": empty]), live), "\(empty)")
        }
        #expect(isUnchanged(desired(["tolerations": nil]), tolerations([])))
    }

    static let writings: [(Value, String)] = [
        ("0.1", "100m"), (0.1, "100m"), (1, "1"), ("1000m", "1"), ("1024Mi", "1Gi"), (134_217_728, "134217728"), ("0.5Gi", "512Mi"),
    ]

    @Test(arguments: writings) func theWritingOfAQuantityDoesNotMatter(desired quantity: Value, live text: String) {
        let fields: Value = ["f:metadata": ["f:annotations": ["f:a": [:]]], "f:spec": ["f:limits": ["f:cpu": [:]], "f:name": [:]]]
        let spec: Value = ["limits": ["cpu": quantity], "name": "1"]
        #expect(isUnchanged(desired(spec), live(fields, spec: ["limits": ["cpu": .string(text)], "name": "1"])))
        #expect(!isUnchanged(desired(spec), live(fields, spec: ["limits": ["cpu": "7"], "name": "1"])))
        let other: Value = ["limits": ["cpu": .string(text)], "name": "1000m"]
        #expect(!isUnchanged(desired(other), live(fields, spec: ["limits": ["cpu": .string(text)], "name": "1"])), "a text is a text")
    }

    @Test func aPortWithoutProtocolIsTCP() {
        let fields: Value = [
            "f:metadata": ["f:annotations": ["f:a": [:]]],
            "f:spec": ["f:ports": ["k:{\"port\":80,\"protocol\":\"TCP\"}": [".": [:], "f:port": [:]]]],
        ]
        let live = live(fields, spec: ["ports": [["port": 80, "protocol": "TCP"]]])
        #expect(isUnchanged(desired(["ports": [["port": 80]]]), live))
        #expect(!isUnchanged(desired(["ports": [["port": 80, "protocol": "UDP"]]]), live))
    }
}
