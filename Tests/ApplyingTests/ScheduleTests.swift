import KubernetesAPI
import Manifests
import Testing

@testable import Applying
@testable import Planning

@Suite struct ScheduleTests {
    private func step(
        _ kind: String, _ name: String, _ action: ChangeAction = .create, after: [String] = [], wave: Int = 0, phase: ChangePhase? = nil
    ) -> ExecutionStep {
        let reference = ObjectReference(group: kind == "Deployment" ? "apps" : "", kind: kind, namespace: "", name: name)
        var change = Change(apiVersion: "v1", reference: reference, action: action, dependsOn: after, precondition: .absent)
        change.place = ChangePlace(phase: phase ?? .standard(for: action), wave: wave)
        return ExecutionStep(
            change: change, resource: APIResource(group: "", version: "v1", kind: kind, plural: "x", isNamespaced: false), body: nil,
            resourceVersion: "")
    }

    private func ready(_ schedule: inout Schedule) -> [Int] {
        var all: [Int] = []
        while let index = schedule.takeReady() { all.append(index) }
        return all
    }

    @Test func aStageWaitsUntilTheOneBeforeIsWritten() {
        var schedule = Schedule([step("ConfigMap", "a"), step("ConfigMap", "b"), step("Deployment", "web")])
        #expect(ready(&schedule) == [0, 1])
        schedule.finished(0, .succeeded)
        #expect(ready(&schedule) == [])
        schedule.written(1)
        #expect(ready(&schedule) == [2])
    }

    @Test func aDependencyMustBeHealthyNotMerelyWritten() {
        var schedule = Schedule([step("Pod", "a"), step("Deployment", "web", after: ["Pod/a"])])
        #expect(ready(&schedule) == [0])
        schedule.written(0)
        #expect(ready(&schedule) == [])
        schedule.finished(0, .succeeded)
        #expect(ready(&schedule) == [1])
    }

    @Test func aVolumeClaimIsDoneWhenItIsWritten() {
        var schedule = Schedule([
            step("PersistentVolumeClaim", "data"), step("Deployment", "web", after: ["PersistentVolumeClaim/data"]),
        ])
        #expect(ready(&schedule) == [0])
        schedule.written(0)
        #expect(ready(&schedule) == [1], "it may be bound no earlier than its consumer is there")
        schedule.finished(1, .succeeded)
        schedule.finished(0, .succeeded)
        #expect(ready(&schedule) == [])
    }

    @Test func aFailureSkipsWhatDependsOnItAndNothingElse() {
        var schedule = Schedule([
            step("ConfigMap", "a"), step("ConfigMap", "b"), step("Deployment", "x", after: ["ConfigMap/a"]),
            step("Deployment", "y", after: ["ConfigMap/b"]), step("Deployment", "z", after: ["apps/Deployment/x"]),
        ])
        #expect(ready(&schedule) == [0, 1])
        schedule.finished(0, .failed)
        schedule.finished(1, .succeeded)
        let skipped = schedule.takeSkipped()
        #expect(skipped.map(\.0) == [2, 4])
        #expect(skipped.map(\.1) == ["ConfigMap/a, which it depends on, failed", "apps/Deployment/x, which it depends on, was skipped"])
        #expect(schedule.takeSkipped().isEmpty)
        #expect(ready(&schedule) == [3])
    }

    @Test func nothingIsDeletedAfterAFailure() {
        var schedule = Schedule([step("ConfigMap", "a"), step("ConfigMap", "old", .delete)])
        #expect(ready(&schedule) == [0])
        schedule.finished(0, .failed)
        #expect(schedule.takeSkipped().map(\.0) == [1])
    }

    @Test func deletionsComeLastAndInTheirOwnOrder() {
        var schedule = Schedule([
            step("ConfigMap", "a"), step("Deployment", "x", .delete), step("ConfigMap", "x", .delete, after: ["apps/Deployment/x"]),
        ])
        #expect(ready(&schedule) == [0])
        schedule.finished(0, .unchanged)
        #expect(ready(&schedule) == [1])
        schedule.finished(1, .succeeded)
        #expect(ready(&schedule) == [2])
    }

    @Test func aWaveWaitsUntilTheOneBeforeIsHealthy() {
        var schedule = Schedule([step("Deployment", "a", wave: -1), step("ConfigMap", "b"), step("ConfigMap", "c", wave: 1)])
        #expect(ready(&schedule) == [0])
        schedule.written(0)
        #expect(ready(&schedule) == [], "written is not enough")
        schedule.finished(0, .succeeded)
        #expect(ready(&schedule) == [1])
        schedule.finished(1, .succeeded)
        #expect(ready(&schedule) == [2])
    }

    @Test func aFailureStopsLaterWavesAndNotItsOwn() {
        var schedule = Schedule([
            step("ConfigMap", "a"), step("Deployment", "b"), step("ConfigMap", "c", wave: 1), step("ConfigMap", "d", .delete),
            step("Pod", "e", phase: .postSync),
        ])
        #expect(ready(&schedule) == [0])
        schedule.finished(0, .failed)
        #expect(ready(&schedule) == [1])
        let skipped = schedule.takeSkipped()
        #expect(skipped.map(\.0) == [2, 3, 4])
        #expect(skipped.map(\.1).contains("wave 1 does not start, because ConfigMap/a failed"))
        #expect(skipped.map(\.1).contains("PostSync does not start, because ConfigMap/a failed"))
    }

    @Test func phasesFollowEachOther() {
        var schedule = Schedule([
            step("Pod", "before", phase: .preSync), step("ConfigMap", "a"), step("ConfigMap", "old", .delete),
            step("Pod", "after", phase: .postSync),
        ])
        for index in 0..<4 {
            #expect(ready(&schedule) == [index])
            schedule.finished(index, .succeeded)
        }
    }

    @Test func aDeletionMayComeBeforeWhatTakesItsPlace() {
        var schedule = Schedule([
            step("ConfigMap", "old", .delete, phase: .sync), step("ConfigMap", "new", after: ["ConfigMap/old"]),
        ])
        #expect(ready(&schedule) == [0])
        schedule.finished(0, .succeeded)
        #expect(ready(&schedule) == [1])
    }

    @Test func anOrderThatCannotBeEndsAndSaysWhy() {
        var schedule = Schedule([step("ConfigMap", "a", after: ["ConfigMap/b"]), step("ConfigMap", "b", wave: 1)])
        #expect(ready(&schedule) == [])
        #expect(schedule.reason(for: 0) == "it waits for ConfigMap/b")
    }

    @Test func manyChangesAreLinear() {
        // Ten times the smallest number that a quadratic schedule would take minutes for.
        let count = 100_000
        var schedule = Schedule(
            (0..<count).map { step("ConfigMap", "c\($0)", after: $0 > 0 && $0 % 2 == 0 ? ["ConfigMap/c\($0 - 1)"] : []) })
        var done = 0
        while let index = schedule.takeReady() {
            schedule.finished(index, .succeeded)
            done += 1
        }
        #expect(done == count)
    }
}
