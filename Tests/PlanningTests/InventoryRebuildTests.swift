import Manifests
import Planning
import Testing

@Suite struct InventoryRebuildTests {
    private func entry(_ name: String, kind: String = "ConfigMap", uid: String = "u", digest: String = "") -> InventoryEntry {
        InventoryEntry(
            apiVersion: "v1", reference: ObjectReference(group: "", kind: kind, namespace: "shop", name: name), uid: uid, digest: digest)
    }

    @Test func whatIsInTheTargetDecides() {
        var old = Inventory(
            environment: "production", commit: "c",
            entries: [
                entry("same", digest: "d"), entry("gone"), entry("remade", uid: "old"), entry("made", uid: ""),
                entry("hidden", kind: "Secret"),
            ])
        old.rendering = RenderingRecord(plumbVersion: "0", defaultNamespace: "shop")
        var found = InventorySurvey.Found()
        found.entries = [entry("same"), entry("remade", uid: "new"), entry("made", uid: "m"), entry("added")]
        found.unread = [(GroupKind(group: "", kind: "Secret"), "forbidden")]
        let rebuilt = InventoryRebuild(old, environment: "production", found: found)
        #expect(rebuilt.changesAnything)
        #expect(rebuilt.added.map(\.name) == ["added"])
        #expect(rebuilt.gone.map(\.name) == ["gone"])
        #expect(rebuilt.remade.map(\.name) == ["remade"])
        #expect(rebuilt.kept.map(\.name) == ["hidden"], "what could not be looked for is not taken for gone")
        #expect(rebuilt.inventory.commit == "c" && rebuilt.inventory.rendering == nil)
        #expect(rebuilt.inventory.entries.map(\.reference.name).sorted() == ["added", "hidden", "made", "remade", "same"])
        #expect(rebuilt.inventory.entries.first { $0.reference.name == "same" }?.digest == "d")
        #expect(rebuilt.inventory.entries.first { $0.reference.name == "remade" }?.uid == "new")
    }

    @Test func withoutAnInventoryEverythingIsFound() {
        var found = InventorySurvey.Found()
        found.entries = [entry("a"), entry("b")]
        let rebuilt = InventoryRebuild(nil, environment: "production", found: found)
        #expect(rebuilt.inventory.environment == "production" && rebuilt.inventory.entries.count == 2 && rebuilt.added.count == 2)
    }

    @Test func whatIsRightIsLeftAlone() {
        var found = InventorySurvey.Found()
        found.entries = [entry("a")]
        let inventory = Inventory(environment: "production", entries: [entry("a", digest: "d")])
        #expect(!InventoryRebuild(inventory, environment: "production", found: found).changesAnything)
    }
}
