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

    private func isUnchanged(_ desired: Value, _ live: Value) -> Bool {
        UnchangedCheck.isUnchanged(desired: desired, live: live, manager: "plumb")
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
}
