import KubernetesAPI
import Manifests
import Testing

@Suite("managedFields")
struct ManagedFieldsTests {
    private let live: Value = [
        "metadata": [
            "name": "web", "finalizers": ["a/b", "c/d"], "labels": ["app.kubernetes.io/name": "web"],
            "managedFields": [
                [
                    "manager": "plumb", "operation": "Apply", "apiVersion": "apps/v1", "time": "2026-01-01T00:00:00Z",
                    "fieldsType": "FieldsV1",
                    "fieldsV1": [
                        "f:metadata": ["f:labels": ["f:app.kubernetes.io/name": [:]], "f:finalizers": ["v:\"c/d\"": [:]]],
                        "f:spec": [
                            "f:selector": [:],
                            "f:containers": [
                                "k:{\"name\":\"web\"}": [
                                    ".": [:], "f:name": [:], "f:image": [:],
                                    "f:ports": ["k:{\"containerPort\":80,\"protocol\":\"TCP\"}": [".": [:], "f:containerPort": [:]]],
                                ]
                            ],
                        ],
                    ],
                ],
                [
                    "manager": "hpa", "operation": "Update", "subresource": "scale", "apiVersion": "apps/v1",
                    "fieldsV1": ["f:spec": ["f:replicas": [:]]],
                ],
                ["manager": "broken", "operation": "Other"],
            ],
        ],
        "spec": [
            "replicas": 3, "selector": ["matchLabels": ["a": "b"]],
            "containers": [["name": "sidecar", "image": "x"], ["name": "web", "image": "y", "ports": [["containerPort": 80]]]],
        ],
    ]

    @Test("entries are read; one that cannot be is left out")
    func reading() throws {
        let entries = ManagedFieldsEntry.entries(of: live)
        #expect(entries.map(\.manager) == ["plumb", "hpa"])
        #expect(entries[1].subresource == "scale")
        #expect(entries[1].operation == .update)
        #expect(entries[0].time == "2026-01-01T00:00:00Z")
        #expect(ManagedFieldsEntry.entries(of: .null).isEmpty)
    }

    @Test(
        "who owns the field at a pointer",
        arguments: [
            ("/spec/replicas", ["hpa"]), ("/spec/containers/1/image", ["plumb"]), ("/spec/containers/0/image", []),
            ("/spec/containers/1", ["plumb"]), ("/spec/containers/0", []), ("/spec/selector/matchLabels/a", ["plumb"]),
            ("/metadata/finalizers/1", ["plumb"]), ("/metadata/finalizers/0", []),
            ("/metadata/labels/app.kubernetes.io~1name", ["plumb"]), ("/spec", ["plumb", "hpa"]), ("", ["plumb", "hpa"]),
            ("/spec/containers/9", []), ("/spec/containers/1/ports/0/containerPort", ["plumb"]), ("no pointer", []), ("/status", []),
        ] as [(String, [String])])
    func owners(pointer: String, managers: [String]) {
        let entries = ManagedFieldsEntry.entries(of: live)
        #expect(ManagedFieldsEntry.owners(of: pointer, in: live, entries: entries).map(\.manager) == managers)
    }

    @Test("set operations, and back to fieldsV1")
    func operations() throws {
        let first = FieldSet(fieldsV1: ["f:a": [:], "f:b": [".": [:], "f:c": [:]]])
        let second = FieldSet(fieldsV1: ["f:b": ["f:c": [:], "f:d": [:]]])
        #expect(first.union(second).fieldsV1 == ["f:a": [:], "f:b": [".": [:], "f:c": [:], "f:d": [:]]])
        #expect(first.subtracting(second).fieldsV1 == ["f:a": [:], "f:b": [:]])
        #expect(first.intersection(second).fieldsV1 == ["f:b": ["f:c": [:]]])
        #expect(first.contains([.field("b")]))
        #expect(!second.contains([.field("b")]))
        #expect(second.contains([.field("b"), .field("c")]))
        #expect(first.leaves == [[.field("a")], [.field("b"), .field("c")]])
        #expect(first.members.count == 3)
        #expect(first.subtracting(first).isEmpty)
        #expect(FieldSet(fieldsV1: [:]).isEmpty)
        #expect(FieldSet(fieldsV1: .null).isEmpty)
        var built = FieldSet()
        built.insert([.field("a")])
        built.insert([.field("b")])
        built.insert([.field("b"), .field("c")])
        #expect(built == first)
        #expect(FieldSet(fieldsV1: ["x:y": [:], "k:{": [:], "": [:], "i:z": [:], "f": [:]]).isEmpty)
        let keyed = FieldSet(fieldsV1: ["k:{\"b\":1,\"a\":\"x\"}": [:], "v:true": [:], "i:3": [:]])
        #expect(keyed == FieldSet(fieldsV1: ["k:{\"a\":\"x\",\"b\":1}": [:], "v:true": [:], "i:3": [:]]))
    }
}
