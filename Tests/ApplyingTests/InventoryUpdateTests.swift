import Manifests
import Planning
import Testing

@testable import Applying

/// The states in which an inventory remembers its objects.
@Suite struct InventoryUpdateTests {
    private func reference(_ name: String) -> ObjectReference {
        ObjectReference(group: "", kind: "ConfigMap", namespace: "shop", name: name)
    }

    private func plan(_ changes: [Change], serverVersion: String) -> Plan {
        Plan(
            plumbVersion: "0", runID: "r", createdAt: "t", environment: "e",
            source: PlanSource(repository: "r", ref: "HEAD", commit: "c", path: "p", author: "a", committedAt: "t"),
            target: PlanTarget(server: "s", clusterUID: "u", serverVersion: serverVersion),
            inventory: PlanInventory(namespace: "n", name: "i", resourceVersion: "1", commit: ""), isRollback: false, changes: changes,
            warnings: [], settings: PlanSettings())
    }

    private func standing(_ name: String, seen: SeenState = SeenState(), digest: String = "d") -> Change {
        var change = Change(
            apiVersion: "v1", reference: reference(name), action: .noOp,
            precondition: .present(uid: "u-\(name)", resourceVersion: "", digest: digest))
        change.seen = seen
        return change
    }

    private func updated(_ name: String) -> Change {
        Change(
            apiVersion: "v1", reference: reference(name), action: .update,
            precondition: .present(uid: "u-\(name)", resourceVersion: "1", digest: "x"), desired: ["data": ["a": "b"]])
    }

    private func stored(_ name: String, version: String, digest: String = "d", uid: String? = nil) -> InventoryEntry {
        InventoryEntry(
            apiVersion: "v1", reference: reference(name), uid: uid ?? "u-\(name)", digest: digest,
            seen: SeenState(resourceVersion: version))
    }

    /// The versions after a run, by name.
    private func versions(
        _ changes: [Change], stored: [InventoryEntry], before: String = "v1", planned: String = "v1", now: String = "v1",
        results: [String: ChangeResult] = [:]
    ) -> [String: String] {
        let inventory = Inventory(environment: "e", entries: stored, serverVersion: before)
        let narrowed = InventoryUpdate(plan(changes, serverVersion: planned), serverVersion: now).narrowed(
            inventory, results: results,
            record: ApplyRecord(time: "t", runID: "r", commit: "c", actor: "a", result: "succeeded"),
            outcome: ApplyOutcome(counts: [:], failures: [], signal: nil))
        #expect(narrowed.serverVersion == now)
        return Dictionary(uniqueKeysWithValues: narrowed.entries.map { ($0.reference.name, $0.seen.resourceVersion) })
    }

    private func result(_ name: String, seen: SeenState) -> [String: ChangeResult] {
        var result = ChangeResult(.succeeded, resourceVersionAfter: "9", uid: "u-\(name)")
        result.seen = seen
        return [reference(name).id: result]
    }

    @Test func whatWasAppliedIsRememberedAsItWasAnswered() {
        let seen = SeenState(resourceVersion: "9")
        #expect(versions([updated("a")], stored: [stored("a", version: "1")], results: result("a", seen: seen)) == ["a": "9"])
        #expect(
            versions([updated("a")], stored: [stored("a", version: "1")], results: result("a", seen: SeenState())) == ["a": ""],
            "not as it was applied")
        #expect(
            versions([updated("a")], stored: [stored("a", version: "1")], now: "", results: result("a", seen: seen)) == ["a": ""],
            "a server that does not say what it is")
    }

    @Test func whatStandsIsRememberedAsThePlanFoundIt() {
        let found = standing("a", seen: SeenState(resourceVersion: "5"))
        #expect(versions([found], stored: [stored("a", version: "1")]) == ["a": "5"])
        #expect(versions([standing("a")], stored: [stored("a", version: "1")]) == ["a": "1"], "what was known still holds")
        #expect(versions([standing("a")], stored: [stored("a", version: "1", digest: "e")]) == ["a": ""], "of another manifest")
        #expect(versions([standing("a")], stored: [stored("a", version: "1", uid: "v")]) == ["a": ""], "of another object")
    }

    /// A run that dies leaves the old manifest's digest, and nobody knows in what state the object is.
    @Test func whatIsAboutToChangeIsInNoKnownState() {
        var deleted = updated("c")
        deleted.action = .delete
        let inventory = Inventory(
            environment: "e", entries: ["a", "b", "c"].map { stored($0, version: "1") }, serverVersion: "v1")
        let changes = [standing("a"), updated("b"), deleted]
        let update = InventoryUpdate(plan(changes, serverVersion: "v1"), serverVersion: "v1")
        let widened = update.widened(inventory, run: PendingRun(runID: "r", planDigest: "p", commit: "c", since: "t"))
        #expect(widened.entries.map(\.seen.resourceVersion) == ["1", "", ""])
        #expect(widened.entries.map(\.digest) == ["d", "d", "d"])
        // What failed may have been done all the same.
        let failed = [reference("b").id: ChangeResult(.failed)]
        #expect(versions(changes, stored: widened.entries, results: failed) == ["a": "1", "b": "", "c": ""])
    }

    @Test func whatAnotherServerHasShownIsForgotten() {
        let found = standing("a", seen: SeenState(resourceVersion: "5"))
        #expect(versions([standing("a")], stored: [stored("a", version: "1")], before: "v0") == ["a": ""])
        #expect(versions([found], stored: [stored("a", version: "1")], before: "v0") == ["a": "5"])
        #expect(versions([found], stored: [stored("a", version: "1")], before: "v0", planned: "v0") == ["a": ""])
    }

    /// The record after a run that applied a plan of a commit that says it all.
    private func record(
        _ changes: [Change], stored: [InventoryEntry] = [], isFromCommitAlone: Bool = true, results: [String: ChangeResult] = [:],
        signal: Int32? = nil, failures: [(id: String, error: String)] = []
    ) -> RenderingRecord? {
        var plan = plan(changes, serverVersion: "v1")
        plan.settings.isFromCommitAlone = isFromCommitAlone
        plan.settings.defaultNamespace = "shop"
        var inventory = Inventory(environment: "e", entries: stored, serverVersion: "v1")
        inventory.rendering = RenderingRecord(plumbVersion: "-1", defaultNamespace: "shop")
        let update = InventoryUpdate(plan, serverVersion: "v1")
        let widened = update.widened(inventory, run: PendingRun(runID: "r", planDigest: "p", commit: "c", since: "t"))
        #expect(widened.rendering == nil, "a run that dies leaves what nobody has rendered as it is")
        return update.narrowed(
            widened, results: results, record: ApplyRecord(time: "t", runID: "r", commit: "c", actor: "a", result: "succeeded"),
            outcome: ApplyOutcome(counts: [:], failures: failures, signal: signal)
        ).rendering
    }

    @Test func whatTheCommitSaysIsRememberedAsSuch() {
        let expected = RenderingRecord(plumbVersion: "0", defaultNamespace: "shop")
        let entries = [stored("a", version: "1"), stored("b", version: "1")]
        let changes = [standing("a"), updated("b")]
        let results = result("b", seen: SeenState(resourceVersion: "9"))
        #expect(record(changes, stored: entries, results: results) == expected)
        #expect(record(changes, stored: entries, isFromCommitAlone: false, results: results) == nil)
        #expect(record(changes, stored: entries, results: results, signal: 15) == nil)
        #expect(record(changes, stored: entries, results: results, failures: [("b", "refused")]) == nil)
        #expect(record(changes, stored: entries + [stored("c", version: "1")], results: results) == nil, "what is left of another plan")
    }

    @Test func whatIsDeletedAndWhatIsRunIsNoPartOfIt() {
        var deleted = updated("c")
        deleted.action = .delete
        let gone = [reference("c").id: ChangeResult(.succeeded)]
        #expect(record([standing("a"), deleted], stored: [stored("a", version: "1"), stored("c", version: "1")], results: gone) != nil)
        #expect(
            record([standing("a"), deleted], stored: [stored("a", version: "1"), stored("c", version: "1")]) == nil, "it is there yet")
        var hook = updated("h")
        hook.hook = Hook(deletePolicies: [.beforeHookCreation], isRepeated: false)
        #expect(
            record([standing("a"), hook], stored: [stored("a", version: "1")], results: result("h", seen: SeenState())) == nil, "it stays")
    }
}
