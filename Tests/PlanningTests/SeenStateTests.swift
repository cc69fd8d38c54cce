import KubernetesAPI
import Manifests
import Testing

@testable import Planning

@Suite struct SeenStateTests {
    private let deployment = GroupKind(group: "apps", kind: "Deployment")
    private let configMap = GroupKind(group: "", kind: "ConfigMap")

    private func live(uid: String = "u", version: String = "7", generation: Int64 = 2, labels: Value = ["a": "1", "b": "2"]) -> Value {
        [
            "metadata": [
                "name": "web", "namespace": "shop", "uid": .string(uid), "resourceVersion": .string(version),
                "generation": .int(generation),
                "labels": labels,
            ]
        ]
    }

    private let desired: Value = ["metadata": ["name": "web", "namespace": "shop", "labels": ["a": "1"]]]

    private func entry(_ kind: GroupKind, body: Value? = nil) -> InventoryEntry {
        InventoryEntry(
            apiVersion: "v1", reference: ObjectReference(group: kind.group, kind: kind.kind, namespace: "shop", name: "web"), uid: "u",
            digest: "d", seen: SeenState(of: live(), kind, body: body ?? desired))
    }

    @Test func theSameVersionIsTheSameState() {
        let entry = entry(configMap)
        #expect(entry.seen == SeenState(resourceVersion: "7"))
        #expect(entry.isSeen(live(generation: 3, labels: [:])), "whatever else it says")
        #expect(!entry.isSeen(live(version: "8")))
        #expect(!entry.isSeen(live(uid: "v")), "another object")
        #expect(!entry.isSeen([:]))
    }

    @Test func theSameGenerationIsWithTheSameMetadata() throws {
        let entry = entry(deployment)
        #expect(entry.seen.resourceVersion == "7" && entry.seen.generation?.number == 2)
        #expect(entry.isSeen(live(version: "8")))
        #expect(entry.isSeen(live(version: "8", labels: ["c": "3", "a": "1"])), "whatever else it has")
        #expect(!entry.isSeen(live(version: "8", generation: 3)))
        #expect(!entry.isSeen(live(version: "8", labels: ["a": "2"])))
        #expect(!entry.isSeen(live(version: "8", labels: [:])))
        #expect(!entry.isSeen(live(uid: "v", version: "8")))
        let finalized = self.entry(deployment, body: ["metadata": ["name": "web", "namespace": "shop", "finalizers": ["a/b"]]])
        #expect(finalized.seen.generation == nil, "what versions do not tell")
        #expect(finalized.isSeen(live()) && !finalized.isSeen(live(version: "8")))
    }

    @Test func appliedMetadataIsToldByItsDigest() throws {
        let metadata: Value = [
            "name": "web", "namespace": "shop", "labels": ["b": "2", "a": "1"], "annotations": ["example.org/a/b": "x", "e": ""],
        ]
        let applied = try #require(AppliedMetadata(of: metadata))
        #expect(applied.fields == ["annotations/e", "annotations/example.org/a/b", "labels/a", "labels/b"])
        #expect(applied.digest.utf8.count == 16)
        #expect(applied.isHeld(by: metadata))
        #expect(applied.isHeld(by: ["annotations": ["example.org/a/b": "x", "e": "", "f": "y"], "labels": ["a": "1", "b": "2"]]))
        #expect(!applied.isHeld(by: ["annotations": ["example.org/a/b": "x"], "labels": ["a": "1", "b": "2"]]), "an empty one is one")
        #expect(!applied.isHeld(by: ["annotations": ["example.org/a/b": "y", "e": ""], "labels": ["a": "1", "b": "2"]]))
        #expect(!applied.isHeld(by: ["annotations": ["example.org/a/b": "x", "e": ""], "labels": ["a": "2", "b": "1"]]))
        #expect(!applied.isHeld(by: .null))
        #expect(AppliedMetadata(decoding: applied.encoded) == applied)
        #expect(AppliedMetadata(of: ["name": "web"])?.isHeld(by: ["name": "web"]) == true, "nothing is held by all")
        #expect(AppliedMetadata(of: ["labels": ["a": 1]]) == nil)
        #expect(AppliedMetadata(of: ["ownerReferences": []]) == nil)
        #expect(AppliedMetadata(of: .null) == nil)
    }

    @Test func nothingIsKnownOfWhatMayBeShownOtherwise() {
        #expect(SeenState(of: live(), GroupKind(group: "example.org", kind: "Widget"), body: desired).isEmpty, "its schema may change")
        #expect(SeenState(of: live(), GroupKind(group: "gateway.networking.k8s.io", kind: "Gateway"), body: desired).isEmpty)
        var inventory = Inventory(environment: "e", entries: [entry(configMap)], serverVersion: "v1.36.2")
        #expect(inventory.hasSeen(inventory.entries[0], serverVersion: "v1.36.2"))
        #expect(!inventory.hasSeen(inventory.entries[0], serverVersion: "v1.37.0"), "another server")
        #expect(!inventory.hasSeen(inventory.entries[0], serverVersion: ""), "a server that does not say")
        #expect(inventory.entries[0].isToldByDigest)
        inventory.entries[0].reference.kind = "Secret"
        #expect(inventory.hasSeen(inventory.entries[0], serverVersion: "v1.36.2"))
        #expect(!inventory.entries[0].isToldByDigest, "its values are in no digest")
        inventory.entries[0] = InventoryEntry(apiVersion: "v1", reference: inventory.entries[0].reference, uid: "u", digest: "d")
        #expect(!inventory.hasSeen(inventory.entries[0], serverVersion: "v1.36.2"))
    }

    /// What admission has changed back is asked about each time.
    @Test func onlyWhatIsAsItWasAppliedIsRemembered() {
        let body: Value = ["metadata": ["name": "web"], "spec": ["replicas": 2, "args": ["x"], "limits": ["cpu": 0.5]]]
        #expect(
            UnchangedCheck.hasFields(
                of: body, ["metadata": ["name": "web"], "spec": ["replicas": 2, "args": ["x"], "limits": ["cpu": "500m"], "d": 1]]))
        #expect(
            !UnchangedCheck.hasFields(
                of: body, ["metadata": ["name": "web"], "spec": ["replicas": 3, "args": ["x"], "limits": ["cpu": "500m"]]]))
        #expect(!UnchangedCheck.hasFields(of: body, ["metadata": ["name": "web"], "spec": ["args": ["x"], "limits": ["cpu": "500m"]]]))
        #expect(
            !UnchangedCheck.hasFields(
                of: body, ["metadata": ["name": "web"], "spec": ["replicas": 2, "args": ["x", "y"], "limits": ["cpu": "500m"]]]))
    }

    @Test func versionsAreAskedForWhereTheyTell() {
        func wanted(_ resource: APIResource, seen: Int, of count: Int) -> [Observer.Wanted] {
            (0..<count).map { index in
                let reference = ObjectReference(group: resource.group, kind: resource.kind, namespace: "shop", name: "n\(index)")
                return Observer.Wanted(resource: resource, reference: reference, isSeen: index < seen)
            }
        }
        func form(_ resource: APIResource, seen: Int, of count: Int) -> ObjectForm? {
            ObservationPlaces.division(wanted(resource, seen: seen, of: count)).places.first?.form
        }
        func resource(_ group: String, _ kind: String, status: Bool) -> APIResource {
            APIResource(
                group: group, version: "v1", kind: kind, plural: kind.lowercased() + "s", isNamespaced: true, verbs: ["get", "list"],
                subresources: status ? ["status"] : [])
        }
        let configMaps = resource("", "ConfigMap", status: false)
        #expect(form(configMaps, seen: 100, of: 100) == .versions)
        #expect(form(configMaps, seen: 85, of: 100) == .versions, "the others are fetched one by one")
        #expect(form(configMaps, seen: 60, of: 100) == .whole)
        #expect(form(configMaps, seen: 0, of: 100) == .whole)
        #expect(form(configMaps, seen: 10, of: 10) == nil, "too few for a list")
        #expect(form(resource("apps", "Deployment", status: true), seen: 100, of: 100) == .versions)
        #expect(form(resource("", "Service", status: true), seen: 100, of: 100) == .versions)
        #expect(form(resource("autoscaling", "HorizontalPodAutoscaler", status: true), seen: 100, of: 100) == .whole)
    }

    @Test func anIndexFindsWhatAnInventoryNames() {
        func entry(_ name: String, _ uid: String = "") -> InventoryEntry {
            InventoryEntry(
                apiVersion: "v1", reference: ObjectReference(group: "", kind: "ConfigMap", namespace: "", name: name), uid: uid, digest: "")
        }
        func object(_ name: String) -> DesiredObject {
            DesiredObject(
                manifest: Manifest(value: .null, source: SourcePosition(file: "f")), body: .null,
                resource: APIResource(group: "", version: "v1", kind: "ConfigMap", plural: "configmaps", isNamespaced: true),
                reference: entry(name).reference, isOfPlannedKind: false, digest: "")
        }
        let index = EntryIndex([entry("d"), entry("a", "1"), entry("a", "2"), entry("c"), entry("b")])
        #expect(index[entry("a").reference]?.uid == "1", "the first")
        #expect(index[entry("z").reference] == nil)
        #expect(index.others(than: [object("a"), object("z")]).map(\.reference.name) == ["d", "c", "b"])
        #expect(index.others(than: ["a", "b", "c", "d"].map(object)).isEmpty)
        #expect(index.others(than: []).map(\.reference.name) == ["d", "a", "c", "b"])
    }
}
