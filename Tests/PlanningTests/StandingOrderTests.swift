import KubernetesAPI
import Manifests
import Testing

@testable import Planning

/// The order of what stays as it is, told before it is looked at.
struct StandingOrderTests {
    private static func object(_ kind: String, _ name: String, dependsOn: String? = nil) -> DesiredObject {
        var metadata: Value = ["name": .string(name), "namespace": "shop"]
        if let dependsOn {
            metadata = ["name": .string(name), "namespace": "shop", "annotations": ["config.kubernetes.io/depends-on": .string(dependsOn)]]
        }
        let body: Value = ["apiVersion": "v1", "kind": .string(kind), "metadata": metadata]
        return DesiredObject(
            manifest: Manifest(value: body, source: SourcePosition(file: "\(name).yaml", line: 1)), body: body,
            resource: APIResource(group: "", version: "v1", kind: kind, plural: kind.lowercased() + "s", isNamespaced: true),
            reference: ObjectReference(group: "", kind: kind, namespace: "shop", name: name), isOfPlannedKind: false, digest: "")
    }

    private static func changes(_ objects: [DesiredObject]) -> [Change] {
        objects.map { Change(apiVersion: "v1", reference: $0.reference, action: .noOp, precondition: .absent, source: $0.manifest.source) }
    }

    private static let objects = [
        object("Service", "b"), object("ConfigMap", "z", dependsOn: "/namespaces/shop/Service/b"), object("ConfigMap", "a"),
        object("ConfigMap", "lost", dependsOn: "/namespaces/shop/Service/nowhere"),
    ]

    @Test func itIsTheOrderThatAPlanWouldHave() throws {
        let order = ChangeOrder(desired: Self.objects, live: [:])
        var warnings: [String] = []
        let expected = try order.order(Self.changes(Self.objects), deletions: [], warnings: &warnings)
        let standing = try #require(order.standing(Self.objects))
        let found = try #require(standing.ordered(Self.changes(Self.objects)))
        #expect(found.map(\.reference) == expected.map(\.reference))
        #expect(found.map(\.reference) != Self.objects.map(\.reference), "it puts something in order")
        #expect(found.map(\.place) == expected.map(\.place))
        #expect(found.allSatisfy { $0.dependsOn.isEmpty } && expected.allSatisfy { $0.dependsOn.isEmpty })
        #expect(standing.warnings == warnings && warnings.count == 1, "\(warnings)")
    }

    @Test func itIsForTheSameObjectsAloneAndWhenNothingIsMade() throws {
        let standing = try #require(ChangeOrder(desired: Self.objects, live: [:]).standing(Self.objects))
        for action in [ChangeAction.create, .replace] {
            var changed = Self.changes(Self.objects)
            changed[1].action = action
            #expect(standing.ordered(changed) == nil, "what does not exist yet moves to where it is needed")
        }
        #expect(standing.ordered(Self.changes(Array(Self.objects.dropLast()))) == nil)
        #expect(standing.ordered(Self.changes(Self.objects.reversed())) == nil)
    }

    @Test func itIsThatOfChangesInPlaceToo() throws {
        let standing = try #require(ChangeOrder(desired: Self.objects, live: [:]).standing(Self.objects))
        // All of them, and one that waits for what stays.
        for changed in [[0, 1, 2, 3], [1]] {
            var changes = Self.changes(Self.objects)
            for index in changed { changes[index].action = .update }
            var warnings: [String] = []
            let expected = try ChangeOrder(desired: Self.objects, live: [:]).order(changes, deletions: [], warnings: &warnings)
            let found = try #require(standing.ordered(changes))
            #expect(found.map(\.reference) == expected.map(\.reference) && found.map(\.place) == expected.map(\.place))
            #expect(found.map(\.dependsOn) == expected.map(\.dependsOn))
            #expect(found.contains { !$0.dependsOn.isEmpty } == (changed.count > 1))
        }
    }

    /// A rule of kapp's holds for what is changed alone.
    @Test func aChangeRuleIsLeftToThePlan() throws {
        let body: Value = [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": [
                "name": "r", "namespace": "shop", "annotations": ["kapp.k14s.io/change-rule": "upsert after upserting x"],
            ],
        ]
        let ruled = DesiredObject(
            manifest: Manifest(value: body, source: SourcePosition(file: "r.yaml", line: 1)), body: body,
            resource: APIResource(group: "", version: "v1", kind: "ConfigMap", plural: "configmaps", isNamespaced: true),
            reference: ObjectReference(group: "", kind: "ConfigMap", namespace: "shop", name: "r"), isOfPlannedKind: false, digest: "")
        let objects = Self.objects + [ruled]
        let standing = try #require(ChangeOrder(desired: objects, live: [:]).standing(objects))
        var changes = Self.changes(objects)
        #expect(standing.ordered(changes) != nil)
        changes[0].action = .update
        #expect(standing.ordered(changes) == nil)
    }

    @Test func aCycleIsLeftToThePlan() {
        let objects = [
            Self.object("ConfigMap", "a", dependsOn: "/namespaces/shop/ConfigMap/b"),
            Self.object("ConfigMap", "b", dependsOn: "/namespaces/shop/ConfigMap/a"),
        ]
        #expect(ChangeOrder(desired: objects, live: [:]).standing(objects) == nil)
    }
}
