import Manifests
import Planning
import Testing

@Suite struct PlanFileTests {
    static let plan: Plan = {
        var plan = bare
        plan.undoes = [LastChange(commit: "d", committedAt: "t", author: "a", summary: "s")]
        plan.statistics = PlanStatistics(get: 2, list: 1, dryRun: 4)
        plan.changes[0].replacement = Replacement(reason: "spec.selector: field is immutable", fields: ["spec.selector"])
        plan.changes[0].takeover = Takeover(owner: "kubectl apply", managers: ["kubectl-client-side-apply"])
        plan.changes[0].left = ["/spec/replicas"]
        plan.changes[0].lastChange = LastChange(commit: "e", committedAt: "t", author: "a", summary: "s")
        plan.changes[0].differences[0].forcesReplacement = true
        return plan
    }()

    private static let bare = Plan(
        plumbVersion: "1", runID: "r", createdAt: "2026-01-01T00:00:00Z", environment: "production",
        source: PlanSource(repository: "/r", ref: "HEAD", commit: "c", path: "p", author: "a", committedAt: "t"),
        target: PlanTarget(server: "https://x", clusterUID: "u", serverVersion: "v"),
        inventory: PlanInventory(namespace: "n", name: "i", resourceVersion: "1", commit: ""), isRollback: false,
        changes: [
            Change(
                apiVersion: "apps/v1", reference: ObjectReference(group: "apps", kind: "Deployment", namespace: "shop", name: "web"),
                action: .update, causes: [.drift, .git], dependsOn: ["Namespace/shop"],
                precondition: .present(uid: "u", resourceVersion: "7", digest: "d"), desired: ["a": 1],
                differences: [
                    FieldDifference(
                        path: "/spec/replicas", before: 1, after: 2, cause: .drift,
                        writer: FieldWriter(manager: "m", subresource: "scale", time: "t")),
                    FieldDifference(path: "/spec/x", before: nil, after: nil, cause: .git),
                ], source: SourcePosition(file: "f", line: 3), sensitive: ["/data/a"],
                validation: .deferred(reason: "why", schema: "a schema"))
        ], warnings: ["w"], settings: PlanSettings(maxDeletes: "10%", timeoutSeconds: 5, inventoryCount: 3, context: "c"))

    @Test func readsBackToTheSameBytes() async throws {
        let bytes = Self.plan.fileBytes
        #expect(try await PlanFile.read(bytes, file: "p").plan.fileBytes == bytes)
        #expect(bytes.last == 0x0A)
    }

    @Test func everyAlteredValueIsFound() async throws {
        let text = String(decoding: Self.plan.fileBytes, as: UTF8.self)
        for (old, new) in [
            ("\"action\": \"update\"", "\"action\": \"delete\""), ("shop/web", "shop/wob"), ("sha256:", "sha256:0"),
            ("\"isRollback\": false", "\"isRollback\": true"),
        ] {
            let altered = Array(text.split(separator: old, omittingEmptySubsequences: false).joined(separator: new).utf8)
            #expect(altered != Self.plan.fileBytes)
            let error = await #expect(throws: PlanFileError.self) { try await PlanFile.read(altered, file: "p") }
            guard case .altered = error else {
                Issue.record("\(old) → \(new): \(String(describing: error))")
                continue
            }
        }
    }

    @Test func everyTruncationIsFound() async throws {
        let bytes = Self.plan.fileBytes
        // Without its last newline a plan is still whole.
        for count in stride(from: 0, to: bytes.count - 1, by: 7) {
            await #expect(throws: PlanFileError.self) { try await PlanFile.read(Array(bytes[..<count]), file: "p") }
        }
    }

    @Test(arguments: [0, 1, 3, 64, 65, 400]) func theFileIsTheSameHoweverItIsWritten(count: Int) async throws {
        var plan = Self.plan
        plan.changes = (0..<count).map { index in
            var change = Self.plan.changes[0]
            change.reference.name = "web-\(index)"
            return change
        }
        let bytes = plan.fileBytes
        let value = try JSONParser.parse(bytes)
        #expect(try await plan.fileBytesSideBySide() == bytes)
        #expect(String(decoding: JSONWriter.pretty(value), as: UTF8.self) == String(decoding: bytes, as: UTF8.self))
        #expect(value["digest"]?.string == plan.digest)
        #expect(value["changes"]?.array?.count == count)
        #expect(try await PlanFile.read(bytes, file: "p").plan.changes.map(\.id) == plan.changes.map(\.id))
    }

    @Test func anotherFormatIsRefused() async throws {
        var value = try JSONParser.parse(Self.plan.fileBytes)
        value["formatVersion"] = "2.0"
        let error = await #expect(throws: PlanFileError.self) { try await PlanFile.read(JSONWriter.pretty(value), file: "p") }
        guard case .unreadable(let diagnostic) = error else {
            Issue.record("not unreadable")
            return
        }
        #expect(diagnostic.message.contains("format 2.0"))
    }

    @Test func secretsAreMasked() {
        let secret: Value = [
            "apiVersion": "v1", "kind": "Secret",
            "metadata": ["name": "s", "annotations": ["kubectl.kubernetes.io/last-applied-configuration": "{hunter2}", "a": "b"]],
            "data": ["password": "aHVudGVyMg=="], "stringData": ["plain": "hunter2"], "type": "Opaque",
        ]
        let text = String(decoding: JSONWriter.canonical(Sensitivity.masked(secret)), as: UTF8.self)
        #expect(!text.contains("hunter2"))
        #expect(!text.contains("aHVudGVyMg"))
        #expect(text.contains("password"))
        #expect(
            Sensitivity.pointers(in: secret) == [
                "/data/password", "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration", "/stringData/plain",
            ])
        #expect(Sensitivity.redacted("bad value hunter2 (aHVudGVyMg==)", of: secret) == "bad value (sensitive) ((sensitive))")
    }

    @Test func theInventoryReadsBack() throws {
        let inventory = Inventory(
            environment: "production", commit: "c",
            entries: [
                InventoryEntry(
                    apiVersion: "apps/v1", reference: ObjectReference(group: "apps", kind: "Deployment", namespace: "shop", name: "web"),
                    uid: "u", digest: "d")
            ], pending: PendingRun(runID: "r", planDigest: "p", commit: "c", since: "s"),
            applies: [ApplyRecord(time: "t", runID: "r", commit: "c", actor: "a", result: "succeeded")])
        let read = try Inventory(decoding: inventory.encoded, at: "x")
        #expect(read.encoded == inventory.encoded)
        #expect(read.entries == inventory.entries)
        #expect(throws: Diagnostic.self) { try Inventory(decoding: ["formatVersion": 2], at: "x") }
    }
}
