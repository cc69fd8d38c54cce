import Manifests
import Testing

@testable import Planning

@Suite struct HookTests {
    private func manifest(_ annotations: String, metadata: String = "name: a") throws -> Manifest {
        let text = "{apiVersion: batch/v1, kind: Job, metadata: {\(metadata), annotations: {\(annotations)}}}"
        return Manifest(
            value: try #require(YAMLLoader.load(Array(text.utf8), file: "a.yaml").first).value,
            source: SourcePosition(file: "a.yaml", line: 4))
    }

    private static func always(_ phases: ChangePhase...) -> [HookMoment] { phases.map { HookMoment(phase: $0, occasion: .always) } }

    @Test(arguments: [
        ("", HookReading.ordinary),
        ("argocd.argoproj.io/hook: PreSync", .hook(moments: always(.preSync), deletePolicies: [.beforeHookCreation])),
        (
            "argocd.argoproj.io/hook: \"PostSync, SyncFail\", argocd.argoproj.io/hook-delete-policy: \"HookSucceeded,HookFailed\"",
            .hook(moments: always(.postSync, .syncFail), deletePolicies: [.hookSucceeded, .hookFailed])
        ),
        ("argocd.argoproj.io/hook: Skip", .skipped),
        (
            "argocd.argoproj.io/hook: \"PostDelete,PreDelete,PostSync\"",
            .hook(
                moments: [
                    HookMoment(phase: .postDelete, occasion: .destruction), HookMoment(phase: .preDelete, occasion: .destruction),
                    HookMoment(phase: .postSync, occasion: .always),
                ], deletePolicies: [.beforeHookCreation])
        ),
        (
            "helm.sh/hook: \"pre-delete,post-rollback\"",
            .hook(moments: [HookMoment(phase: .preDelete, occasion: .destruction)], deletePolicies: [.beforeHookCreation])
        ),
        (
            "helm.sh/hook: \"pre-install,pre-upgrade\"",
            .hook(
                moments: [HookMoment(phase: .preSync, occasion: .first), HookMoment(phase: .preSync, occasion: .later)],
                deletePolicies: [.beforeHookCreation])
        ),
        (
            "helm.sh/hook: post-install, helm.sh/hook-delete-policy: hook-succeeded",
            .hook(moments: [HookMoment(phase: .postSync, occasion: .first)], deletePolicies: [.hookSucceeded])
        ),
        ("helm.sh/hook: test", .skipped), ("helm.sh/hook: pre-rollback", .skipped), ("helm.sh/hook: crd-install", .ordinary),
        ("helm.sh/hook: test, argocd.argoproj.io/hook: Sync", .hook(moments: always(.sync), deletePolicies: [.beforeHookCreation])),
    ])
    func annotationsAreRead(annotations: String, reading: HookReading) throws {
        #expect(try HookReading.read(manifest(annotations)) == reading)
    }

    @Test(arguments: [
        "argocd.argoproj.io/hook: Presync", "helm.sh/hook: preinstall",
        "argocd.argoproj.io/hook: Sync, argocd.argoproj.io/hook-delete-policy: x",
    ])
    func unknownWordsAreRefused(annotations: String) throws {
        let error = try #require(throws: Diagnostic.self) { try HookReading.read(manifest(annotations)) }
        #expect(error.position?.line == 4)
    }

    @Test func aGeneratedNameIsTheSameInEachRun() throws {
        let one = try manifest("argocd.argoproj.io/hook: PreSync", metadata: "generateName: migrate-")
        let named = HookNames.named([one, one])
        #expect(named.map(\.name) == ["migrate-presync", "migrate-presync-2"])
        #expect(named[0].value.at("metadata", "generateName") == nil)
        #expect(HookNames.named([one, one]).map(\.name) == named.map(\.name))
        let ordinary = try manifest("", metadata: "generateName: x-")
        #expect(HookNames.named([ordinary])[0].name.isEmpty)
    }

    @Test(arguments: [
        ("argocd.argoproj.io/sync-wave: \"-5\"", -5), ("helm.sh/hook: pre-install, helm.sh/hook-weight: \"7\"", 7),
        ("helm.sh/hook-weight: \"7\"", 0), ("argocd.argoproj.io/sync-wave: \"2\", helm.sh/hook: test, helm.sh/hook-weight: \"7\"", 2),
        ("", 0),
    ])
    func wavesAreRead(annotations: String, wave: Int) throws {
        #expect(try SyncWave.wave(of: manifest(annotations)) == wave)
    }

    @Test(arguments: ["one", "99999999999999999999", "1.5", ""]) func whatIsNoWaveIsRefused(text: String) throws {
        #expect(throws: Diagnostic.self) { try SyncWave.wave(of: manifest("argocd.argoproj.io/sync-wave: \"\(text)\"")) }
    }

    @Test func hooksAndPlacesSurviveThePlanFile() async throws {
        var change = Change(
            apiVersion: "batch/v1", reference: ObjectReference(group: "batch", kind: "Job", namespace: "shop", name: "a"), action: .create,
            precondition: .absent, desired: ["kind": "Job"])
        change.hook = Hook(deletePolicies: [.hookSucceeded], isRepeated: true)
        change.place = ChangePlace(phase: .syncFail, wave: 3)
        let plan = Plan(
            plumbVersion: "1", runID: "r", createdAt: "2026-01-01T00:00:00Z", environment: "e",
            source: PlanSource(repository: "r", ref: "HEAD", commit: "c", path: "p", author: "a", committedAt: "t"),
            target: PlanTarget(server: "s", clusterUID: "u", serverVersion: "v"),
            inventory: PlanInventory(namespace: "n", name: "i", resourceVersion: "1", commit: ""), isRollback: false, changes: [change],
            warnings: [], settings: PlanSettings())
        let read = try await PlanFile.read(plan.fileBytes, file: "p.plan").plan
        #expect(read.changes[0].hook == change.hook)
        #expect(read.changes[0].place == change.place)
        #expect(read.changes[0].id == "batch/Job/shop/a (SyncFail)")
        #expect(read.count(.create) == 0)
        #expect(read.hookCount == 1)
    }
}
